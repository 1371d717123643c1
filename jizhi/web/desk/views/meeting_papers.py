"""Around a meeting: signing in with the code in the room, the supervisor's words, the photo of the signed minutes."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from jizhi.core import codes
from jizhi.posts.rules import Action
from jizhi.prints import qr
from jizhi.reviews import selectors, services
from jizhi.web.desk.forms import meetings as forms
from jizhi.web.desk.views.meeting_room import room_of, room_page
from jizhi.web.pages import done, guarded, or_404, page_or_partial, staff_page


def _frame(request: HttpRequest, meeting_id: int) -> selectors.MeetingFrame:
    with or_404():
        return selectors.meeting_frame(request.user, meeting_id, on=localdate(request.at))


def _address(request: HttpRequest, frame: selectors.MeetingFrame) -> tuple[str, str]:
    """The code of this moment and where a phone that scans it goes."""
    word = codes.code_at(frame.meeting.secret, request.at)
    path = reverse("desk:meeting_sign_in", args=[frame.id])
    return word, request.build_absolute_uri(f"{path}?code={word}")


@staff_page(action=Action.HOLD_MEETING)
def code(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """The code for the members' phones, large; it changes every two minutes and the page follows."""
    frame = _frame(request, meeting_id)
    if not frame.is_open or frame.is_circulation:
        return redirect("desk:meeting", meeting_id)
    word, address = _address(request, frame)
    return page_or_partial(request, "desk/meetings/code.html", frame=frame, word=word, address=address)


@staff_page(action=Action.HOLD_MEETING)
def code_picture(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """The same as a picture."""
    picture = qr.svg(_address(request, _frame(request, meeting_id))[1], border=2)
    return HttpResponse(picture, content_type="image/svg+xml", headers={"Cache-Control": "no-store"})


@staff_page(action=Action.VIEW_LEDGER)
def sign_in(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """A member signs in on the own phone; the code comes with the scan, or is typed."""
    frame = _frame(request, meeting_id)
    seat = next((seat for seat in frame.seats if seat.user_id == request.user.pk), None)
    form = forms.CodeForm(request.POST or None, initial={"code": request.GET.get("code", "")})
    if form.is_valid():
        with guarded(request, form):
            services.sign_in_member(
                meeting=frame.meeting, code=form.cleaned_data["code"], by=request.user, at=request.at
            )
            return done(request, gettext("已签到。"), "desk:meeting", meeting_id)
    return page_or_partial(request, "desk/meetings/sign_in.html", frame=frame, seat=seat, form=form)


@staff_page(action=Action.VIEW_LEDGER)
@require_POST
def remark(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """The supervisor's words go into the minutes."""
    room = room_of(request, meeting_id)
    form = forms.RemarkForm(request.POST, seats=room.frame.observers, rows=room.agenda)
    if form.is_valid():
        given = form.cleaned_data
        with guarded(request, form):
            services.record_remark(
                meeting=room.frame.meeting,
                seat_id=given["seat"],
                words=given["words"],
                case_id=given["case"],
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("意见已写进纪要。"), "desk:meeting", meeting_id)
    return room_page(request, room, remark=form)


@staff_page(action=Action.HOLD_MEETING)
@require_POST
def sheets(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Photos of the signed minutes."""
    room = room_of(request, meeting_id)
    form = forms.SheetForm(request.POST, request.FILES)
    if form.is_valid():
        with guarded(request, form):
            services.attach_signed_sheet(
                meeting=room.frame.meeting,
                photos=form.cleaned_data["photos"],
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("签字页已附上。"), "desk:meeting", meeting_id)
    return room_page(request, room, sheet=form)


@staff_page(action=Action.VIEW_LEDGER)
def sheet(request: HttpRequest, sheet_id: int) -> FileResponse:
    """One photo of signed minutes."""
    with or_404():
        row = selectors.sheet_of(request.user, sheet_id, on=localdate(request.at))
    return FileResponse(row.file.open(), content_type="image/jpeg", headers={"Cache-Control": "private"})
