"""Simulating a draft on what villages really did: asked for once, worked off village by village, kept with digests.

Nothing is decided or posted. Each village is settled under the versions that it adopted and compared with the draft.
"""

import datetime as dt
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.claims import selectors as claims
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.core.languages import in_both
from jizhi.drafting import models
from jizhi.drafting.rules import SimulationState
from jizhi.drafting.selectors import reading, weighing
from jizhi.engine import simulate, simulation_rows
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.loader import Versions
from jizhi.ledger import selectors as ledger
from jizhi.participants import selectors as participants
from jizhi.people import selectors as people
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes

Now = Callable[[], dt.datetime]
log = logging.getLogger(__name__)
NAMED = 5  # so many winners and losers are explained in the result itself


class CannotSimulate(DomainError):
    """The draft has errors, or none of the villages has facts in those days."""


@transaction.atomic
def ask_simulation(
    *,
    draft_id: int,
    villages: Sequence[Area],
    from_date: dt.date,
    to_date: dt.date,
    fen_per_point: int,
    by: User,
    at: dt.datetime,
) -> models.Simulation:
    """Put a simulation of the last save down; `run_simulation` does it. Raises CannotSimulate."""
    draft = models.Draft.objects.select_related("area").get(pk=draft_id)
    today = clock.day_of(at)
    posts.check_can(by, Action.MANAGE_SCHEMES, draft.area, today)
    for village in villages:
        posts.check_can(by, Action.MANAGE_SCHEMES, village, today)
    save = draft.saves.get(number=draft.number)
    if reading.document(save.source).scheme is None:
        raise CannotSimulate(_("草稿还有写法错误，改好才能试算。"))
    marks = ledger.marks_of_villages(villages, draft.scheme)
    known = {village for village, *_rest in marks}
    chosen = [village for village in villages if village.pk in known]
    if not chosen:
        raise CannotSimulate(_("所选的村还没有认定过积分，没有可以试算的事实。"))
    simulation = models.Simulation.objects.create(
        draft=draft,
        number=draft.number,
        digest=save.digest,
        facts_digest=weighing.digest_of_marks(marks),
        from_date=from_date,
        to_date=to_date,
        villages=[village.code for village in chosen],
        fen_per_point=fen_per_point,
        facts=sum(facts for _village, facts, *_rest in marks),
        asked_at=at,
        asked_by=by,
    )
    audit.record_event(by=by, at=at, verb="draft.simulate", target=draft, area_path=draft.area.path)
    return simulation


def run_simulation(*, simulation_id: int, now: Now) -> models.Simulation:
    """Do a waiting simulation village by village; one that runs or is done already stays as it is."""
    if not _move(simulation_id, SimulationState.WAITING, SimulationState.RUNNING):
        return models.Simulation.objects.get(pk=simulation_id)
    simulation = models.Simulation.objects.select_related("draft").get(pk=simulation_id)
    try:
        with translation.override("zh-hans"):
            _run(simulation)
    except DomainError as fault:
        _fail(simulation, in_both(fault.message), now)
    except Exception as fault:
        log.exception("simulation %s failed", simulation_id)
        chinese, english = in_both(_("系统出错，试算没有完成，可以再试一次。（%s）"))
        kind = type(fault).__name__
        _fail(simulation, (chinese % kind, english % kind), now)
    else:
        simulation.state, simulation.finished_at = SimulationState.DONE, now()
        simulation.save()
    return simulation


def take_up(simulation_id: int) -> None:
    """Let one that was left in the middle, or failed, wait again."""
    models.SimulatedChange.objects.filter(simulation_id=simulation_id).delete()
    for state in (SimulationState.RUNNING, SimulationState.FAILED):
        _move(simulation_id, state, SimulationState.WAITING)


def unfinished() -> list[int]:
    """Simulations that nobody finished, for the worker that starts."""
    waiting = (SimulationState.WAITING, SimulationState.RUNNING)
    return list(
        models.Simulation.objects.filter(state__in=waiting).order_by("pk").values_list("pk", flat=True)
    )


def _move(simulation_id: int, source: SimulationState, target: SimulationState) -> bool:
    rows = models.Simulation.objects.filter(pk=simulation_id, state=source)
    return bool(rows.update(state=target, done=0))


def _fail(simulation: models.Simulation, why: tuple[str, str], now: Now) -> None:
    """`why` in Chinese and in English."""
    simulation.state, simulation.finished_at = SimulationState.FAILED, now()
    simulation.fault, simulation.fault_en = why
    simulation.save(update_fields=["state", "fault", "fault_en", "finished_at"])


def _run(simulation: models.Simulation) -> None:
    save = simulation.draft.saves.get(number=simulation.number)
    scheme = reading.document(save.source).scheme
    if scheme is None:
        raise CannotSimulate(_("草稿还有写法错误，改好才能试算。"))
    sums = weighing.Sums()
    for code in simulation.villages:
        with transaction.atomic():
            _village(simulation, areas.area_by_code(code), scheme, sums)
            simulation.done += 1
            simulation.save(update_fields=["done"])
    simulation.subjects = sums.subjects
    simulation.result = sums.as_data()


def _village(simulation: models.Simulation, village: Area, scheme: Scheme, sums: "weighing.Sums") -> None:
    rows = participants.subjects_in(village, simulation.draft.scheme)
    acts = [claims.engine_fact(row) for row in ledger.facts_of_village(village, simulation.draft.scheme)]
    adopted = schemes.versions_in_village(village, simulation.draft.scheme)
    subjects = {row.key: row for row in rows}
    feed = simulate.from_rows([schemes.engine_subject(row) for row in rows], acts)
    with simulate.ground(adopted, feed, simulation.from_date, simulation.to_date) as ground:
        found = ground.compare(Versions.of(scheme))
        changes = simulation_rows.rows(ground)
    models.SimulatedChange.objects.bulk_create(
        [
            models.SimulatedChange(
                simulation=simulation,
                village=village,
                subject_id=subjects[row.subject].id,
                old_total=row.old_total,
                new_total=row.new_total,
                change=row.change,
                old_level=row.old_level,
                new_level=row.new_level,
                old_spendable=row.old_spendable,
                new_spendable=row.new_spendable,
            )
            for row in changes
        ],
        batch_size=2000,
    )
    places = people.areas_of_subjects([row.id for row in rows])
    sums.add_village(village, changes, subjects, places)
    sums.add_outcomes(found.outcomes)
    items = {fact.fact: fact.item for fact in acts}
    before = {row.line for row in found.rejected_before if row.table == "facts"}
    after = Counter(
        items.get(row.line, "")
        for row in found.rejected_after
        if row.table == "facts" and row.line not in before
    )
    sums.add_unusable(after)
    _explain_largest(simulation, adopted, scheme, changes, subjects, acts, sums)


def _explain_largest(
    simulation: models.Simulation,
    adopted: Versions,
    scheme: Scheme,
    changes: Sequence[simulation_rows.Row],
    subjects: dict[str, Any],
    acts: Sequence[Any],
    sums: "weighing.Sums",
) -> None:
    """Why the largest winners and losers move, item by item."""
    ordered = sorted((row for row in changes if row.change), key=lambda row: (row.change, row.subject))
    chosen = {row.subject: row for row in [*ordered[:NAMED], *ordered[-NAMED:]]}
    days = (simulation.from_date, simulation.to_date)
    for key, row in chosen.items():
        own = [fact for fact in acts if fact.subject == key]
        subject = schemes.engine_subject(subjects[key])
        lines = weighing.by_item(adopted, Versions.of(scheme), subject, own, days)
        sums.add_named(subjects[key].id, row.change, [line.as_data() for line in lines[:3]])
