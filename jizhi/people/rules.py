"""Nouns of the household register and the shape of card codes. Plain Python; nothing here reads the database."""

import datetime as dt
import re
import secrets

from jizhi.core.text import N_, LabelledEnum


class SubjectKind(LabelledEnum):
    """Whatever is scored is a subject of one of these kinds."""

    HOUSEHOLD = "household", N_("农户")
    PERSON = "person", N_("个人")
    ORGANISATION = "organisation", N_("组织")
    AREA = "area", N_("区划")


def void_mark(household_id: int | None) -> str:
    """What is put behind number and key of a household whose registration is taken back: both are free again."""
    return f"-{household_id}"


class Kin(LabelledEnum):
    """What one person is to another: the close relatives before whom a panel member steps aside."""

    SPOUSE = "spouse", N_("配偶")
    PARENT = "parent", N_("父母")
    CHILD = "child", N_("子女")
    SIBLING = "sibling", N_("兄弟姐妹")
    GRANDPARENT = "grandparent", N_("祖父母、外祖父母")
    GRANDCHILD = "grandchild", N_("孙子女、外孙子女")
    PARENT_IN_LAW = "parent_in_law", N_("公婆、岳父母")
    CHILD_IN_LAW = "child_in_law", N_("儿媳、女婿")
    SIBLING_IN_LAW = "sibling_in_law", N_("配偶的兄弟姐妹、兄弟姐妹的配偶")
    UNCLE = "uncle", N_("伯叔姑舅姨")
    NEPHEW = "nephew", N_("侄甥")


class KinSource(LabelledEnum):
    """Where a declared relation is known from."""

    PERSON = "person", N_("本人申明")
    FAMILY = "family", N_("家属申明")
    VILLAGE = "village", N_("村里知情人反映")
    REGISTER = "register", N_("户籍登记")


# The same relation seen from the other side; whatever is not named here is its own inverse.
_INVERSE = {
    Kin.PARENT: Kin.CHILD,
    Kin.GRANDPARENT: Kin.GRANDCHILD,
    Kin.PARENT_IN_LAW: Kin.CHILD_IN_LAW,
    Kin.UNCLE: Kin.NEPHEW,
}
_INVERSE |= {other: one for one, other in _INVERSE.items()}


def inverse(kin: Kin) -> Kin:
    """What the person is to the relative, when the relative is `kin` to the person."""
    return _INVERSE.get(kin, kin)


class ImportState(LabelledEnum):
    """A roster is read first (nothing written), then applied once."""

    DRY_RUN = "dry_run", N_("待确认")
    APPLIED = "applied", N_("已导入")


class Sex(LabelledEnum):
    """As the ID card says it; empty where nobody has said."""

    MALE = "male", N_("男")
    FEMALE = "female", N_("女")


class Residence(LabelledEnum):
    """Where a person lives and where the person is registered; one word of the register's five."""

    RESIDENT = "resident", N_("常住")
    AWAY = "away", N_("外出")
    INCOMER = "incomer", N_("流入")
    TENANT = "tenant", N_("租住")
    PAPER = "paper", N_("空挂户")


class PartyStanding(LabelledEnum):
    """Full member or on probation."""

    FULL = "full", N_("正式党员")
    PROBATIONARY = "probationary", N_("预备党员")


class PartyClass(LabelledEnum):
    """Six classes of members by post, residence and what can be asked of them; why somebody is in F is never stored."""

    A = "A", N_("A类：村（社区）书记、主任")
    B = "B", N_("B类：“两委”其他党员")
    C = "C", N_("C类：在家无职党员")
    D = "D", N_("D类：流出党员")
    E = "E", N_("E类：流入和双重管理党员")
    F = "F", N_("F类：需要照顾的党员")


CARED_FOR_AGE = 75


def usual_class(residence: Residence, age: int | None) -> PartyClass:
    """The class a member without office would have by residence and age: a proposal, the village decides."""
    if residence is Residence.AWAY:
        return PartyClass.D
    if residence in {Residence.INCOMER, Residence.TENANT}:
        return PartyClass.E
    return PartyClass.F if age is not None and age >= CARED_FOR_AGE else PartyClass.C


def age_on(birth: dt.date | None, day: dt.date) -> int | None:
    """Whole years on that day."""
    if birth is None:
        return None
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def sex_of_id(id_number: str) -> Sex | None:
    """Read off the sequence digit of an ID number of 18 or 15 digits."""
    digit = id_number[16:17] if len(id_number) == 18 else id_number[14:15] if len(id_number) == 15 else ""
    return (Sex.MALE if int(digit) % 2 else Sex.FEMALE) if digit.isdecimal() else None


def id_core(id_number: str) -> str:
    """What numbers of one person have in common: an old number of 15 digits, a mistyped check digit, `x` or `X`."""
    number = "".join(id_number.split()).upper()
    if len(number) == 18:
        return number[:6] + number[8:17]
    return number if len(number) == 15 else ""


HEAD = "户主"

# Crockford's base 32: no I, L, O, U, so that a printed code can be read aloud and typed without doubt.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0"})
CARD_CODE_LENGTH = 12
_CARD_CODE = re.compile(f"[{_ALPHABET}]{{{CARD_CODE_LENGTH}}}")


def new_card_code() -> str:
    """Twelve characters, sixty bits: short enough for a small QR, too many to guess."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(CARD_CODE_LENGTH))


def clean_card_code(text: str) -> str:
    """What was typed or scanned → the stored code; empty when it cannot be a code. `7k2m-9qxd-o1ab` is understood."""
    # A scanned address ends in the code; a typed code may hold hyphens and blanks.
    last = text.strip().rstrip("/").rsplit("/", 1)[-1]
    code = re.sub(r"[\s-]", "", last).upper().translate(_MISREAD)
    return code if _CARD_CODE.fullmatch(code) else ""


def printed_card_code(code: str) -> str:
    """`7K2M9QXD01AB` → `7K2M-9QXD-01AB`."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def subject_key(village_code: str, household_no: str) -> str:
    """The stable key of a household's subject in ledgers and files."""
    return f"{village_code}-{household_no}"


def household_size(declared: int | None, members: int) -> int:
    """The size the household declares; where none is declared, its known members, and never less than one."""
    return declared if declared is not None else max(1, members)


class Fate(LabelledEnum):
    """What an import does (or, in a dry run, would do) with a household of the file."""

    CREATED = "created", N_("新增")
    UNCHANGED = "unchanged", N_("未变")
    UPDATED = "updated", N_("更新")


class Change(LabelledEnum):
    """What an import alters in a household that is on the register."""

    HEAD = "head_name", N_("户主")
    GRID = "area", N_("网格")
    ADDRESS = "address", N_("住址")
    PHONE = "phone", N_("电话")
    SIZE = "size", N_("人口")
    MEMBERS_ADDED = "members_added", N_("新增成员")
    MEMBERS = "members", N_("成员信息")
