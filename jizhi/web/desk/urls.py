"""Addresses of the desk, noun by noun. The registers (store, households, areas, …) are in `jizhi.web.register`."""

from django.urls import path

from jizhi.web.desk.views import (
    claim_entry,
    claim_imports,
    claims,
    ledger,
    meeting_room,
    meetings,
    notices,
    objections,
    settlements,
    todo,
)

app_name = "desk"

CLAIMS = [
    path("claims/", claims.claims, name="claims"),
    path("claims/export/", claims.claims_export, name="claims_export"),
    path("claims/verification/", claims.bulk_verification, name="claims_verification"),
    path("claims/telling/", claims.bulk_telling, name="claims_telling"),
    path("claims/new/", claim_entry.claim_new, name="claim_new"),
    path("claims/sheet/", claim_entry.paper_sheet, name="claim_sheet"),
    path("claims/template/", claim_entry.template, name="claim_template"),
    path("claims/imports/new/", claim_imports.claim_import_new, name="claim_import_new"),
    path("claims/imports/<int:import_id>/", claim_imports.claim_import, name="claim_import"),
    path("claims/<int:claim_id>/", claims.claim, name="claim"),
    path("claims/<int:claim_id>/verification/", claims.verification, name="claim_verification"),
    path("claims/<int:claim_id>/return/", claims.return_, name="claim_return"),
    path("claims/<int:claim_id>/telling/", claims.telling, name="claim_telling"),
    path("claims/<int:claim_id>/slip/", claims.slip, name="claim_slip"),
    path("claims/<int:claim_id>/refiling/", claims.refiling, name="claim_refiling"),
    path("claims/<int:claim_id>/withdrawal/", claims.withdrawal, name="claim_withdrawal"),
    path("photos/<int:photo_id>/", claims.photo, name="photo"),
]
MEETINGS = [
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/export/", meetings.meetings_export, name="meetings_export"),
    path("meetings/new/", meetings.meeting_new, name="meeting_new"),
    path("meetings/<int:meeting_id>/", meeting_room.meeting, name="meeting"),
    path("meetings/<int:meeting_id>/minutes/", meetings.minutes, name="meeting_minutes"),
    path("meetings/<int:meeting_id>/attendance/", meeting_room.attendance, name="meeting_attendance"),
    path("meetings/<int:meeting_id>/agenda/", meeting_room.agenda, name="meeting_agenda"),
    path("meetings/<int:meeting_id>/approval/", meeting_room.approval_of_rest, name="meeting_approval"),
    path("meetings/<int:meeting_id>/cases/<int:case_id>/", meeting_room.decision, name="meeting_decision"),
    path("meetings/<int:meeting_id>/closing/", meeting_room.closing, name="meeting_closing"),
]

LEDGER = [
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/export/", ledger.ledger_export, name="ledger_export"),
    path("ledger/<int:fact_id>/", ledger.fact, name="fact"),
]
NOTICES = [
    path("notices/", notices.notices, name="notices"),
    path("notices/export/", notices.notices_export, name="notices_export"),
    path("notices/new/<str:code>/<str:period>/", notices.notice_new, name="notice_new"),
    path("notices/new/<str:code>/<str:period>/posting/", notices.notice_posting, name="notice_posting"),
    path("notices/<int:notice_id>/", notices.notice, name="notice"),
    path("notices/<int:notice_id>/finalisation/", notices.notice_finalisation, name="notice_finalisation"),
    path("notices/<int:notice_id>/print/", notices.notice_print, name="notice_print"),
    path("notices/<int:notice_id>/export/", notices.notice_export, name="notice_export"),
    path("notices/<int:notice_id>/objections/<int:fact_id>/", objections.objection_new, name="objection_new"),
]
OBJECTIONS = [
    path("objections/", objections.objections, name="objections"),
    path("objections/export/", objections.objections_export, name="objections_export"),
    path("objections/<int:objection_id>/", objections.objection, name="objection"),
    path("objections/<int:objection_id>/reply/", objections.reply, name="objection_reply"),
]
SETTLEMENTS = [
    path("settlements/", settlements.settlements, name="settlements"),
    path("settlements/export/", settlements.settlements_export, name="settlements_export"),
    path("settlements/new/", settlements.settlement_new, name="settlement_new"),
    path("settlements/<int:settlement_id>/", settlements.settlement, name="settlement"),
    path("settlements/<int:settlement_id>/export/", settlements.settlement_export, name="settlement_export"),
    path("settlements/<int:settlement_id>/data/", settlements.recalculation, name="settlement_recalculation"),
    path(
        "settlements/<int:settlement_id>/subjects/<int:subject_id>/",
        settlements.explanation,
        name="explanation",
    ),
]

urlpatterns = [
    path("", todo.todo, name="todo"),
    *CLAIMS,
    *MEETINGS,
    *LEDGER,
    *NOTICES,
    *OBJECTIONS,
    *SETTLEMENTS,
]
