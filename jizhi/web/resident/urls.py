"""Addresses of the household's pages. Messages hold some of them (`/my/claims/7/`), so they stay."""

from django.urls import path

from jizhi.web.resident.views import (
    claims,
    entries,
    me,
    messages,
    notices,
    objections,
    passbook,
    periods,
    store,
)

app_name = "resident"
urlpatterns = [
    path("", passbook.passbook, name="passbook"),
    path("claims/", claims.claim_list, name="claims"),
    path("claims/new/", claims.claim_new, name="claim_new"),
    path("claims/new/<slug:item_id>/", claims.claim_form, name="claim_form"),
    path("claims/<int:claim_id>/", claims.claim, name="claim"),
    path("claims/<int:claim_id>/withdrawal/", claims.withdrawal, name="claim_withdrawal"),
    path("claims/<int:claim_id>/amendment/", claims.amendment, name="claim_amendment"),
    path("claims/<int:claim_id>/photos/", claims.photos, name="claim_photos"),
    path("claims/<int:claim_id>/telling/", messages.telling, name="claim_telling"),
    path("photos/<int:photo_id>.jpg", claims.photo, name="photo"),
    path("messages/", messages.inbox, name="messages"),
    path("messages/<int:message_id>/", messages.message, name="message"),
    path("entries/", entries.entry_list, name="entries"),
    path("entries/<int:fact_id>/", entries.entry, name="entry"),
    path("entries/<int:fact_id>/objection/", objections.to_own_entry, name="entry_objection"),
    path("notices/", notices.notice_list, name="notices"),
    path("notices/<int:notice_id>/", notices.notice, name="notice"),
    path(
        "notices/<int:notice_id>/entries/<int:fact_id>/objection/",
        objections.to_noticed,
        name="notice_objection",
    ),
    path("objections/", objections.objection_list, name="objections"),
    path("objections/<int:objection_id>/", objections.objection, name="objection"),
    path("objections/<int:objection_id>/withdrawal/", objections.withdrawal, name="objection_withdrawal"),
    path("periods/", periods.period_list, name="periods"),
    path("periods/<str:key>/", periods.period, name="period"),
    path("store/", store.goods, name="store"),
    path("store/receipts/<int:redemption_id>/", store.receipt, name="receipt"),
    path("me/", me.me, name="me"),
    path("me/data.xlsx", me.data_workbook, name="data_workbook"),
    path("me/data.json", me.data_json, name="data_json"),
]
