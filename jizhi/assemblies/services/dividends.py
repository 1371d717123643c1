"""A resolved pool split by settled points: computed exactly to the fen, activated once, paid against a signature."""

import datetime as dt
import hashlib
import json
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.assemblies import models
from jizhi.assemblies.rules import About
from jizhi.assemblies.services.funds import check_resolved
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.engine import dividends
from jizhi.notices import selectors as notices
from jizhi.people.models import Subject
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.settlement import selectors as figures
from jizhi.settlement.models import Settlement, Standing
from jizhi.settlement.rules import parse_period


class NoDividend(DomainError):
    """The pool cannot be split: nothing settled, a notice still open, or floor and cap do not fit."""


class PaidAlready(DomainError):
    """The share was paid before."""


def compute_dividend(
    assembly: models.Assembly, scheme: str
) -> tuple[Settlement, dividends.Dividend, dict[str, Standing]]:
    """The shares of a pool over the last settlement of its period, without writing. Raises NoDividend."""
    settlement = _settlement(assembly, scheme)
    standings = {
        row.subject.key: row
        for row in Standing.objects.filter(settlement=settlement).select_related("subject__household")
    }
    claimants = [
        dividends.Claimant(key, points=max(0, row.awarded), size=row.subject.size)
        for key, row in standings.items()
    ]
    rule = dividends.Rule(per_member=assembly.per_member, floor=assembly.floor_fen, cap=assembly.cap_fen)
    if not any(one.points for one in claimants):
        raise NoDividend(_("这个周期没有可以分配的积分。"))
    try:
        (found,) = dividends.split(assembly.fen or 0, claimants, rule)
    except dividends.UnusableDividend as wrong:
        english = (get_language() or "").startswith("en")
        raise NoDividend(wrong.message.en if english else wrong.message.zh) from wrong
    return settlement, found, standings


def _settlement(assembly: models.Assembly, scheme: str) -> Settlement:
    """The latest settlement of the period, equal to the ledger, with every notice of its months final."""
    about = {"village": assembly.village_id, "scheme": scheme}
    found = Settlement.objects.filter(**about, period=assembly.period).order_by("-revision").first()
    if found is None:
        raise NoDividend(_("这个周期还没有结算。"))
    if found.differences or found.awarded != found.ledger:
        raise NoDividend(_("这次结算与台账不一致，不能据以分红。"))
    for month in notices.unfinal_months(assembly.village, scheme, parse_period(assembly.period)):
        raise NoDividend(_("%(period)s的公示还没有定案，定案以后才能分红。") % {"period": month})
    return found


def _public(
    row: models.Assembly, scheme: str, found: dividends.Dividend, standings: dict[str, Standing], on: dt.date
) -> list[dict[str, object]]:
    """The shares as the board shows them: masked heads, points and money by household.

    Both tell of unpublished acts wherever these changed a sum; then no household stands there (ADR 17).
    """
    span = parse_period(row.period)
    year = dt.date(span.end.year, 1, 1)
    published = figures.published_figures(
        village=row.village, scheme=scheme, period=span, since=min(year, span.start)
    )
    if any(
        key not in published.sums or published.sums[key].awarded != one.awarded
        for key, one in standings.items()
    ):
        return []
    names = notices.names(row.village, on=on)
    return [
        {"no": names[part.subject][0], "head": names[part.subject][1], "points": part.points, "fen": part.fen}
        for part in found.parts
    ]


@transaction.atomic
def activate_dividend(*, assembly_id: int, scheme: str, by: User, at: dt.datetime) -> models.Dividend:
    """Write the shares down as they were computed; a second call gives the dividend that is there.

    Raises NoResolution and NoDividend.
    """
    row = (
        models.Assembly.objects.select_for_update(of=("self",)).select_related("village").get(pk=assembly_id)
    )
    posts.check_can(by, Action.KEEP_FUND, row.village, clock.day_of(at))
    check_resolved(row, About.DIVIDEND)
    present = models.Dividend.objects.filter(assembly=row).first()
    if present is not None:
        return present
    settlement, found, standings = compute_dividend(row, scheme)
    content = _public(row, scheme, found, standings, clock.day_of(at))
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    made = models.Dividend.objects.create(
        assembly=row,
        village=row.village,
        settlement=settlement,
        fen=row.fen or 0,
        undistributed=found.reserve + found.undistributed,
        content=content,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        activated_at=at,
        activated_by=by,
    )
    models.DividendShare.objects.bulk_create(
        models.DividendShare(
            dividend=made,
            subject=standings[part.subject].subject,
            points=part.points,
            fen=part.fen,
            bound=part.bound,
        )
        for part in found.parts
    )
    audit.record_event(by=by, at=at, verb="dividend.activate", target=made, area_path=row.village.path)
    return made


@transaction.atomic
def pay_shares(
    *, dividend_id: int, share_ids: Collection[int], received_by: str = "", by: User, at: dt.datetime
) -> int:
    """Note the named shares as paid against the signed sheet. Raises PaidAlready; all or none."""
    made = models.Dividend.objects.select_related("village").get(pk=dividend_id)
    village: Area = made.village
    posts.check_can(by, Action.KEEP_FUND, village, clock.day_of(at))
    rows = list(
        models.DividendShare.objects.select_for_update()
        .filter(dividend=made, pk__in=share_ids)
        .order_by("pk")
    )
    if not rows or len(rows) != len(set(share_ids)):
        raise PaidAlready(_("请勾选要登记发放的户。"))
    if any(row.paid_at for row in rows):
        raise PaidAlready(_("有的户已经登记发放，请刷新后再办。"))
    labels = dict(Subject.objects.filter(dividend_shares__in=rows).values_list("pk", "label"))
    for row in rows:
        row.paid_at, row.paid_by = at, by
        row.received_by = (received_by.strip() or labels[row.subject_id])[:40]
    models.DividendShare.objects.bulk_update(rows, ["paid_at", "paid_by", "received_by"])
    audit.record_event(
        by=by,
        at=at,
        verb="dividend.pay",
        target=made,
        area_path=village.path,
        detail={"shares": len(rows), "fen": sum(row.fen for row in rows)},
    )
    return len(rows)
