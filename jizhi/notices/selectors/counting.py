"""What each month's final notice credits a household by now: the net of the facts that count, never below nothing.

A fact belongs to the month of the final notice on which it stood first; what later notices correct of it changes that
month's net. A fact that a dispute keeps out, or that fell in one, counts nothing. What a fact is worth to the wallet
is therefore the difference it makes to its month's credit.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from jizhi.notices import models, rules


@dataclass(slots=True)
class Counted:
    """Final months of some households, in hundredths. `home` is the notice on which a fact stood first.

    `values` are what a fact's entries on final notices add up to; `out` are the facts that count nothing now;
    `nets` are by subject and notice.
    """

    home: dict[int, int] = field(default_factory=dict)
    owner: dict[int, int] = field(default_factory=dict)
    values: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    out: frozenset[int] = frozenset()
    nets: dict[tuple[int, int], int] = field(default_factory=lambda: defaultdict(int))

    def worth(self, fact_id: int) -> int:
        """What the fact adds to its month's credit: beside all that counts, whether it counts itself or not."""
        net = self.nets[self._place(fact_id)]
        value = self.values[fact_id]
        return rules.credit_of(net if fact_id in self.out else net - value, value)

    def correct(self, fact_id: int, points: int) -> int:
        """Let a later notice change a fact by so much; returns by how much its month's credit changes."""
        self.values[fact_id] += points
        if fact_id in self.out:
            return 0
        place = self._place(fact_id)
        change = rules.credit_of(self.nets[place], points)
        self.nets[place] += points
        return change

    def _place(self, fact_id: int) -> tuple[int, int]:
        return self.owner[fact_id], self.home[fact_id]


def counted(subject_ids: Collection[int], *, without: models.Notice | None = None) -> Counted:
    """The final months of these subjects; `without` a notice that is becoming final. Two queries."""
    rows = models.NoticedEntry.objects.filter(
        entry__subject_id__in=subject_ids,
        entry__fact__spendable=True,
        lapsed=False,
        notice__state=rules.NoticeState.FINALISED,
    )
    if without is not None:
        rows = rows.exclude(notice=without)
    found = Counted()
    columns = rows.order_by("notice__period", "notice_id", "entry_id").values_list(
        "entry__subject_id", "entry__fact_id", "notice_id", "entry__points"
    )
    for subject, fact, notice, points in columns:
        found.home.setdefault(fact, notice)
        found.owner[fact] = subject
        found.values[fact] += points
    kept = models.Withholding.objects.filter(subject_id__in=subject_ids)
    found.out = frozenset(
        kept.exclude(state=rules.WithholdingState.RELEASED).values_list("fact_id", flat=True)
    )
    for fact, notice in found.home.items():
        if fact not in found.out:
            found.nets[found.owner[fact], notice] += found.values[fact]
    return found
