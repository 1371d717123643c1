"""The shape of a report: figures and several tables on paper, for a meeting. No rules, and no words of its own."""

import dataclasses

from jizhi.prints.forms import Column, Form


@dataclasses.dataclass(frozen=True)
class ReportTable:
    """One of the tables."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Report(Form):
    """`facts` are pairs of a label and a value, set above the tables."""

    issuer: str
    title: str
    tables: tuple[ReportTable, ...]
    facts: tuple[tuple[str, str], ...] = ()
    subtitle: str = ""
    note: str = ""
    landscape: bool = False


FORMS: dict[str, type[Form]] = {"report": Report}
