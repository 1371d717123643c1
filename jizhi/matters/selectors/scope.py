"""Who may see a matter and who may take which step with it. Lists and services ask here; nothing is written.

An upper storey may act on what lies with the lower ones; a lower storey may not act on what was handed up.
"""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jizhi.areas import rules as area_rules
from jizhi.areas.models import Area, Level
from jizhi.core import clock
from jizhi.core.errors import DomainError
from jizhi.matters import models, rules
from jizhi.matters.rules import Storey, Verb
from jizhi.people import selectors as people
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action, PostKind
from jizhi.schemes import selectors as schemes


class NoSuchMatter(DomainError):
    """No such matter or photo, or none the user may see."""


class WrongStep(DomainError):
    """The matter has moved on, or this user may not take that step."""


class SelfCheck(DomainError):
    """Whoever handled the matter may not check it again while somebody else serves the place."""


BY_DISPATCHER = frozenset(
    {
        Verb.ASK_BACK,
        Verb.DISPATCH,
        Verb.REFUSE,
        Verb.ESCALATE,
        Verb.SEND_DOWN,
        Verb.MERGE,
        Verb.ABSORB,
        Verb.REOPEN,
    }
)
BY_RECHECKER = frozenset({Verb.CONFIRM, Verb.NOT_SOLVED})
BY_REPORTER = frozenset({Verb.SUPPLEMENT, Verb.WITHDRAW, Verb.RATE})
# Who may call a confidential reporter: offices that answer, no neighbour who leads a grid.
CALLS_CONFIDENTIAL = frozenset({PostKind.COMMITTEE, PostKind.SECRETARY, PostKind.TOWNSHIP, PostKind.COUNTY})


def visible_matters(user: Any, on: dt.date) -> QuerySet[models.Matter]:
    """A household sees what it reported itself; staff see the areas of their posts."""
    own = people.subject_of_user(user, on=on)
    if own is not None:
        return models.Matter.objects.filter(reporter=own)
    return models.Matter.objects.filter(area__path__within=posts.scope_paths(user, Action.VIEW_MATTERS, on))


def matter_for(user: Any, matter_id: int, *, on: dt.date) -> models.Matter:
    """A matter the user may see. Raises NoSuchMatter."""
    rows = visible_matters(user, on).select_related(
        "village", "area", "household", "reporter", "assignee", "reported_by", "merged_into"
    )
    found = rows.filter(pk=matter_id).first()
    if found is None:
        raise NoSuchMatter(_("没有这件事件，或者您无权查看。"))
    return found


def reach(user: Any, action: Action, on: dt.date) -> dict[Storey, list[str]]:
    """For each storey, the paths below which the user may do the action at that storey."""
    paths = posts.scope_paths(user, action, on)
    if not paths:
        return {storey: [] for storey in Storey}
    village = Level.objects.get(key=area_rules.VILLAGE).depth
    depths = Area.objects.filter(path__in=paths).values_list("path", "level__depth")
    highest = {Storey.VILLAGE: None, Storey.TOWNSHIP: village - 1, Storey.COUNTY: village - 2}
    return {
        storey: [str(path) for path, depth in depths if limit is None or depth <= limit]
        for storey, limit in highest.items()
    }


def own_storeys(user: Any, action: Action, on: dt.date) -> dict[Storey, list[str]]:
    """The storeys that are the user's own desk, with the paths: a township's clerk is not a village's."""
    found = reach(user, action, on)
    town, county = found[Storey.TOWNSHIP], found[Storey.COUNTY]
    return {
        Storey.VILLAGE: [path for path in found[Storey.VILLAGE] if path not in town],
        Storey.TOWNSHIP: [path for path in town if path not in county],
        Storey.COUNTY: county,
    }


def at_own_storey(user: Any, action: Action, on: dt.date) -> Q:
    """Matters that lie at the user's own storey."""
    found = Q(pk__in=[])
    for storey, paths in own_storeys(user, action, on).items():
        if paths:
            found |= Q(storey=storey, area__path__within=paths)
    return found


def may_at_storey(user: Any, action: Action, matter: models.Matter, on: dt.date) -> bool:
    """Whether the user may do the action with a matter that lies where this one lies."""
    paths = reach(user, action, on)[Storey(matter.storey)]
    return any(matter.area.path == path or matter.area.path.startswith(f"{path}.") for path in paths)


def clocks_in(area: Area) -> rules.Clocks:
    """The clocks of the pack that holds in the area."""
    pack = schemes.matters_in(area)
    return rules.Clocks(
        pack.accept_days, pack.recheck_days, pack.reopen_days, pack.escalate_days, pack.working_days
    )


def recheckers(matter: models.Matter, on: dt.date) -> tuple[posts.StaffPost, ...]:
    """The grid workers and leaders of the place; for a matter without a grid, those of all grids of the village."""
    whole_village = matter.area_id == matter.village_id
    return posts.serving(Action.RECHECK_MATTER, matter.area, on, below=whole_village)


def check_recheck(user: Any, matter: models.Matter, on: dt.date) -> None:
    """The grid worker of the place checks again, and not whoever handled it where somebody else serves there.

    Where nobody serves the place, whoever may dispatch at the matter's storey does it.
    """
    serving = {post.user_id for post in recheckers(matter, on)}
    allowed = posts.can(user, Action.RECHECK_MATTER, matter.area, on) or getattr(user, "pk", 0) in serving
    if not serving:
        allowed = allowed or may_at_storey(user, Action.DISPATCH_MATTER, matter, on)
    if not allowed:
        raise WrongStep(_("复核由事发地的网格员或网格长办理。"))
    if user is not None and matter.handled_by_id == user.pk and serving - {user.pk}:
        raise SelfCheck(_("谁办理的不由谁复核：请同一地方的其他网格员或网格长到现场看一看。"))


def check_step(user: Any, matter: models.Matter, verb: Verb, on: dt.date) -> None:
    """Raise WrongStep or SelfCheck unless the user may take this step now."""
    state = rules.MatterState(matter.state)
    if not rules.may_move(state, verb):
        raise WrongStep(
            _("这件事件现在是“%(state)s”，不能“%(verb)s”。")
            % {"state": _(state.label), "verb": _(verb.label)}
        )
    _check_rule(matter, verb, on)
    if verb in BY_RECHECKER:
        check_recheck(user, matter, on)
    elif not _may(user, matter, verb, on):
        raise WrongStep(_("这件事件的“%(verb)s”不由您办理。") % {"verb": _(verb.label)})


def _check_rule(matter: models.Matter, verb: Verb, on: dt.date) -> None:
    """What the state alone does not say: ends of the ladder, one reopening, within its days."""
    storey = Storey(matter.storey)
    if verb is Verb.ESCALATE and rules.above(storey) is None:
        raise WrongStep(_("已经在县级，不能再上报。"))
    if verb is Verb.SEND_DOWN and rules.below(storey) is None:
        raise WrongStep(_("已经在村级，不能再转回。"))
    if verb is Verb.RATE and matter.channel in (rules.Channel.STAFF, rules.Channel.IMPORT):
        raise WrongStep(_("群众上报的事件才评价满意不满意。"))
    if verb is Verb.RATE and matter.satisfied is not None:
        raise WrongStep(_("这件事件已经评价过。"))
    if verb is Verb.REOPEN and not may_reopen(matter, on):
        raise WrongStep(_("这件事件已经重新办理过，或者超过了期限；请另报一件。"))


def may_reopen(matter: models.Matter, on: dt.date) -> bool:
    """Once, and within the pack's days after closing."""
    if matter.reopened or matter.closed_at is None:
        return False
    clocks = clocks_in(matter.village)
    return on <= clocks.after(clock.day_of(matter.closed_at), clocks.reopen_days)


def _may(user: Any, matter: models.Matter, verb: Verb, on: dt.date) -> bool:
    if verb in BY_REPORTER:
        return is_reporter(user, matter, on)
    if not posts.can(user, Action.VIEW_MATTERS, matter.area, on):
        return False
    dispatcher = may_at_storey(user, Action.DISPATCH_MATTER, matter, on)
    if verb in BY_DISPATCHER:
        return dispatcher
    if verb is Verb.CLOSE:
        return dispatcher or user.pk in {post.user_id for post in recheckers(matter, on)}
    if matter.assignee_id is None:
        return dispatcher or may_at_storey(user, Action.HANDLE_MATTER, matter, on)
    return dispatcher or matter.assignee_id == getattr(user, "pk", 0)


def is_reporter(user: Any, matter: models.Matter, on: dt.date) -> bool:
    """The household that reported it, or the member of staff who took it down for somebody."""
    own = people.subject_of_user(user, on=on)
    if own is not None:
        return own.pk == matter.reporter_id
    return user is not None and matter.reporter_id is None and matter.reported_by_id == user.pk


def may_take_on(user: Any, matter: models.Matter, on: dt.date) -> bool:
    """Whoever may handle matters at this storey may take on one that nobody has."""
    return (
        rules.may_move(rules.MatterState(matter.state), Verb.DISPATCH)
        and matter.assignee_id is None
        and may_at_storey(user, Action.HANDLE_MATTER, matter, on)
    )


def allowed_steps(user: Any, matter: models.Matter, on: dt.date) -> frozenset[Verb]:
    """Every step this user may take now: the buttons of a page."""
    found = set()
    for verb in Verb:
        if verb in (Verb.HAND_OVER, Verb.REPORT):
            continue
        try:
            check_step(user, matter, verb, on)
        except DomainError:
            continue
        found.add(verb)
    return frozenset(found)


def may_know_reporter(user: Any, matter: models.Matter, on: dt.date) -> bool:
    """A confidential reporter is known to whoever took the report down and to those who must answer, no handler."""
    if is_reporter(user, matter, on) or (user is not None and matter.reported_by_id == user.pk):
        return True
    if not matter.confidential:
        return posts.can(user, Action.VIEW_MATTERS, matter.area, on)
    handlers: Collection[int | None] = {matter.assignee_id, matter.handled_by_id}
    return getattr(user, "pk", None) not in handlers and may_at_storey(
        user, Action.DISPATCH_MATTER, matter, on
    )


def may_see_phone(user: Any, matter: models.Matter, on: dt.date) -> bool:
    """Whether the user may look up the reporter's whole number: whoever handles or dispatches matters at the place.

    A confidential reporter's only the committee, the township or the county where the matter lies, unless they
    handle it themselves: the same who must answer it.
    """
    if not matter.reporter_phone:
        return False
    if not matter.confidential:
        actions = (Action.HANDLE_MATTER, Action.DISPATCH_MATTER)
        return any(posts.can(user, action, matter.area, on) for action in actions)
    if user is None or user.is_superuser:
        return True
    handlers: Collection[int | None] = {matter.assignee_id, matter.handled_by_id}
    kinds = {held.kind for held in posts.held_posts(user) if held.on(on)}
    return (
        user.pk not in handlers
        and bool(kinds & CALLS_CONFIDENTIAL)
        and may_at_storey(user, Action.DISPATCH_MATTER, matter, on)
    )
