"""The addresses of the interface: push a claim, ask what became of it, list what may be pushed.

A call reads and writes as the owner of the system behind its key, and in nobody else's name.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from ninja import NinjaAPI, Status
from ninja.errors import ValidationError
from ninja.security import HttpBearer

from jizhi.api.shapes import ClaimIn, ClaimOut, ItemOut, Refusal
from jizhi.areas import selectors as areas
from jizhi.channels import selectors, services
from jizhi.claims import selectors as claims
from jizhi.claims.rules import Channel
from jizhi.core import clock, scope
from jizhi.core.errors import DomainError
from jizhi.posts.selectors import NotAllowed
from jizhi.schemes.selectors import NotInForce


class Key(HttpBearer):
    """`Authorization: Bearer jz.…`"""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The system; from here on the request reads as its owner."""
        at = timezone.localtime()
        system = services.open_by_key(secret=token, at=at)
        scope.enter(system.owner_id, clock.day_of(at))
        return system


api = NinjaAPI(
    title="Jizhi", version="1", urls_namespace="api", auth=Key(), docs_url=None,
    description="Claims from other systems. They are verified, decided and told like any other claim.",
)  # fmt: skip
REFUSALS = {401: Refusal, 403: Refusal, 404: Refusal, 409: Refusal, 422: Refusal, 429: Refusal}


@api.exception_handler(DomainError)
def refused(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """A service said no: why, about which field, and under which status."""
    statuses = {
        services.BadKey: 401, services.TooMany: 429, NotAllowed: 403, selectors.NoSuchSystem: 404, NotInForce: 409
    }  # fmt: skip
    status = next((status for kind, status in statuses.items() if isinstance(refusal, kind)), 422)
    answer = api.create_response(request, {"error": str(refusal), "field": refusal.place}, status=status)
    if status == 429:
        answer["Retry-After"] = "60"
    return answer


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, refusal: ValidationError) -> HttpResponse:
    """The body does not have the shape: the first field that is wrong."""
    first = refusal.errors[0]
    field = str(first["loc"][-1])
    return api.create_response(request, {"error": first["msg"], "field": field}, status=422)


@api.post(
    "/claims", response={200: ClaimOut, 201: ClaimOut, **REFUSALS}, url_name="claims", summary="Push a claim"
)
def push(request: HttpRequest, body: ClaimIn) -> Status[dict[str, Any]]:
    """201 for a new claim, 200 where this `request_key` was pushed before: then nothing is changed."""
    system, at = request.auth, timezone.localtime()  # type: ignore[attr-defined]
    known = selectors.pushed_claim(system, body.request_key)
    if known is None:
        push = services.Push(**body.dict())
        services.push_claim(system=system, push=push, by=system.owner, at=at)
    line = selectors.pushed_claim(system, body.request_key)
    assert line is not None
    return Status(200 if known else 201, _claim(body.request_key, line))


@api.get(
    "/claims/{request_key}",
    response={200: ClaimOut, **REFUSALS},
    url_name="claim",
    summary="What became of a claim",
)
def status(request: HttpRequest, request_key: str) -> dict[str, Any]:
    """Where a claim stands that this system pushed."""
    line = selectors.pushed_claim(request.auth, request_key)  # type: ignore[attr-defined]
    if line is None:
        raise selectors.NoSuchSystem(gettext("没有这条申报。"), place="request_key")
    return _claim(request_key, line)


@api.get("/items", response={200: list[ItemOut], **REFUSALS}, url_name="items", summary="What may be pushed")
def items(request: HttpRequest, village: str, scheme: str = claims.HOUSEHOLD_SCHEME) -> list[dict[str, Any]]:
    """The items of a scheme that this system may push today in a village of its area."""
    system, today = request.auth, clock.day_of(timezone.localtime())  # type: ignore[attr-defined]
    places = [place for place in areas.villages([str(system.area.path)]) if place.code == village]
    if not places:
        raise selectors.NoSuchSystem(gettext("没有这个村，或者不在这个系统的范围内。"), place="village")
    found = claims.items_to_claim(places[0], scheme, Channel.SYSTEM, on=today)
    return [
        {
            "scheme": scheme, "id": item.id, "title": item.title.zh, "title_en": item.title.en, "kind": item.kind.value,
            "needs": item.needs, "unit": claims.unit_words(item, "zh"), "grades": list(item.grades),
        }
        for _section, group in found
        for item in group
        if system.may_push(scheme, item.id)
    ]  # fmt: skip


def _claim(request_key: str, line: claims.ClaimLine) -> dict[str, Any]:
    return {
        "request_key": request_key, "claim": line.id, "state": line.state.value,
        "state_words": gettext(line.state.label), "note": line.note, "scheme": line.scheme, "item": line.item.id,
        "act_date": line.act_date,
    }  # fmt: skip
