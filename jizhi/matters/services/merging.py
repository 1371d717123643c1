"""Merging duplicates: the later reports point to the first one, and their reporters are told what comes of it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.core import clock
from jizhi.matters import models, selectors
from jizhi.matters.rules import Verb
from jizhi.matters.services import steps
from jizhi.matters.services.steps import UnusableMatter


@transaction.atomic
def merge_matters(
    *,
    into_id: int,
    duplicate_ids: Sequence[int],
    words: str = "",
    version: int | None = None,
    request_key: str = "",
    by: Any,
    at: dt.datetime,
) -> models.Matter:
    """Merge duplicates into one matter of the same village. Raises UnusableMatter, WrongStep, Conflict."""
    others = sorted(set(duplicate_ids))
    if not others:
        raise UnusableMatter(_("请勾选要并入的重复件。"), place="duplicates")
    if into_id in others:
        raise UnusableMatter(_("不能并入自己。"), place="duplicates")
    # Locked in one order, so that two merges at once cannot wait for each other.
    rows = {number: steps.locked(number) for number in sorted([into_id, *others])}
    into, repeated = steps.opened(
        matter_id=into_id, verb=Verb.ABSORB, by=by, at=at, version=version, request_key=request_key
    )
    if repeated:
        return into
    names = []
    for number in others:
        duplicate = rows[number]
        if duplicate.village_id != into.village_id:
            raise UnusableMatter(_("只能合并同一个村的事件。"), place="duplicates")
        selectors.check_step(by, duplicate, Verb.MERGE, clock.day_of(at))
        duplicate.merged_into = into
        steps.take(duplicate, Verb.MERGE, by=by, at=at, words=words or into.number)
        duplicate.merged.update(merged_into=into)
        names.append(duplicate.number)
    steps.take(
        into, Verb.ABSORB, by=by, at=at, words=" ".join([*names, words]).strip(), request_key=request_key
    )
    return into
