"""What was found, said in Chinese and English side by side, so that a check on a lonely laptop can say it, too."""

from __future__ import annotations

from jizhi.seals.rules.canonical import RecordKind
from jizhi.seals.rules.checking import Answer, Fault, Finding, Question

_RECORDS = {
    RecordKind.ENTRY: {"zh": "积分明细 {number}", "en": "entry {number}"},
    RecordKind.TRANSFER: {"zh": "划转 {number}", "en": "transfer {number}"},
    None: {"zh": "认定事实 {number}", "en": "fact {number}"},
}
_SEALS = {"zh": "存证 {seal}", "en": "seal {seal}"}
_FAULTS = {
    Fault.CHANGED: {"zh": "内容与存证时不同", "en": "is not what was sealed"},
    Fault.REMOVED: {"zh": "已存证，现在台账里没有了", "en": "was sealed and is gone from the ledger"},
    Fault.ADDED: {
        "zh": "夹在已存证的记录当中，却从未存证",
        "en": "lies among sealed records but was never sealed",
    },
    Fault.HEADLESS: {
        "zh": "它所依据的认定、农户或账户不见了",
        "en": "has lost the fact, subject or account it rests on",
    },
    Fault.FACT_ALONE: {"zh": "没有任何积分明细", "en": "has no entry at all"},
    Fault.PRINT_CHANGED: {
        "zh": "记录与存证一致，但库里留存的指纹被改动",
        "en": "is as it was sealed, but its stored fingerprint was altered",
    },
    Fault.PRINT_REMOVED: {
        "zh": "属于这次存证的范围，留存的指纹不见了",
        "en": "belongs to this seal's range, but its stored fingerprint is gone",
    },
    Fault.PRINT_ADDED: {"zh": "指纹不属于这次存证", "en": "has a fingerprint that this seal does not hold"},
    Fault.PRINT_MOVED: {"zh": "指纹的次序被调换", "en": "has its fingerprint in another place than sealed"},
    Fault.PRINT_LOST: {"zh": "留存的指纹缺少", "en": "lacks stored fingerprints"},
    Fault.ORPHAN: {"zh": "收录它的那次存证不见了", "en": "was held by a seal that is gone"},
    Fault.ROOT: {"zh": "指纹合不出存证的根", "en": "its fingerprints do not give its root"},
    Fault.SEAL_CHANGED: {"zh": "存证本身被改动", "en": "was itself altered"},
    Fault.SEAL_LINK: {"zh": "与上一次存证接不上", "en": "does not follow the seal before it"},
    Fault.SEAL_MISSING: {"zh": "这次存证不见了", "en": "is missing"},
    Fault.SEAL_ORDER: {"zh": "次序或日期倒退", "en": "goes back in number or in time"},
    Fault.COPY_DIFFERS: {"zh": "与留存的副本不同", "en": "differs from the copy that was kept"},
    Fault.COPY_LONGER: {"zh": "副本里有，这里没有", "en": "is in the copy that was kept, but not here"},
    Fault.COPY_RECORD: {
        "zh": "指纹与留存的副本不同",
        "en": "has another fingerprint than in the copy that was kept",
    },
}
_ANSWERS: dict[Question, dict[bool | None, dict[str, str]]] = {
    Question.PATH: {
        True: {
            "zh": "凭证上的记录确实在这次存证里，一个字也没有改。",
            "en": "The entry on the receipt is in the seal, to the letter.",
        },
        False: {
            "zh": "凭证上的记录与存证对不上：凭证被改过，或者不完整。",
            "en": "The entry does not fit the seal: the receipt was altered or is incomplete.",
        },
    },
    Question.SEAL: {
        True: {"zh": "存证的编号、日期和根完整无误。", "en": "The seal's number, day and root are whole."},
        False: {
            "zh": "凭证上的存证本身对不上。",
            "en": "The seal on the receipt is not consistent in itself.",
        },
    },
    Question.CHAIN: {
        True: {
            "zh": "这次存证就在公布的存证链里，从第一次到最后一次一环不断。",
            "en": "The seal is in the published chain, which is unbroken from the first seal to the last.",
        },
        False: {
            "zh": "公布的存证链里没有这次存证，或者链断了。",
            "en": "The published chain does not have this seal, or the chain is broken.",
        },
        None: {
            "zh": "没有存证链可比：请再拿公示上印的根，或下载的存证链来核对。",
            "en": "No chain to compare with: hold the root against a printed notice or a downloaded chain.",
        },
    },
    Question.LEDGER: {
        True: {"zh": "台账今天写的与凭证完全一样。", "en": "The ledger says exactly the same today."},
        False: {
            "zh": "台账今天写的与凭证不一样：有人动过台账。",
            "en": "The ledger says something else today: somebody has altered it.",
        },
        None: {"zh": "离线核验不看台账。", "en": "Off line the ledger is not asked."},
    },
}
_COUNTS = {
    "sound": {
        "zh": "{seals} 次存证、{records} 条记录全部相符，另有 {waiting} 条等待今晚存证",
        "en": "{seals} seals, {records} records: all fit; {waiting} wait for tonight's seal",
    },
    "wrong": {"zh": "{findings} 处不符", "en": "{findings} findings"},
}


def finding(one: Finding, language: str) -> str:
    """E.g. "存证 3 · 积分明细 17：内容与存证时不同"."""
    parts = []
    if one.seal:
        parts.append(_SEALS[language].format(seal=one.seal))
    if one.number:
        parts.append(_RECORDS[one.kind][language].format(number=one.number))
    link, colon = (" · ", "：") if language == "zh" else (", ", " ")
    return f"{link.join(parts)}{colon}{_FAULTS[one.fault][language]}"


def answer(one: Answer, language: str) -> str:
    """The answer as a sentence."""
    return _ANSWERS[one.question][one.holds][language]


def outcome(*, seals: int, records: int, waiting: int, findings: int, language: str) -> str:
    """One line over a village."""
    which = _COUNTS["wrong" if findings else "sound"][language]
    return which.format(seals=seals, records=records, waiting=waiting, findings=findings)
