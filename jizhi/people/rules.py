"""Nouns of the household register and the shape of card codes. Plain Python; nothing here reads the database."""

import re
import secrets

from jizhi.core.text import N_, LabelledEnum


class SubjectKind(LabelledEnum):
    """Whatever is scored is a subject of one of these kinds."""

    HOUSEHOLD = "household", N_("农户")
    PERSON = "person", N_("个人")
    ORGANISATION = "organisation", N_("组织")
    AREA = "area", N_("区划")


class ImportState(LabelledEnum):
    """A roster is read first (nothing written), then applied once."""

    DRY_RUN = "dry_run", N_("待确认")
    APPLIED = "applied", N_("已导入")


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
