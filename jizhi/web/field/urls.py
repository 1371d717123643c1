"""Addresses of the grid worker's pages; a household's own are under `household_id`."""

from django.urls import path

from jizhi.web.field.views import claims, filing, households, me, scan, telling, today

app_name = "field"
urlpatterns = [
    path("", today.today, name="today"),
    path("claims/", claims.queue, name="claims"),
    path("claims/verification/", claims.verification, name="verification"),
    path("claims/returned/", claims.returned, name="returned"),
    path("claims/<int:claim_id>/", claims.claim, name="claim"),
    path("claims/<int:claim_id>/return/", claims.return_claim, name="claim_return"),
    path("claims/<int:claim_id>/withdrawal/", claims.withdrawal, name="claim_withdrawal"),
    path("claims/<int:claim_id>/amendment/", filing.amendment, name="claim_amendment"),
    path("claims/<int:claim_id>/photos/", claims.photos, name="claim_photos"),
    path("photos/<int:photo_id>.jpg", claims.photo, name="photo"),
    path("deductions/", telling.deductions, name="deductions"),
    path("deductions/<int:claim_id>/", telling.deduction, name="deduction"),
    path("deductions/<int:claim_id>/slip.pdf", telling.slip, name="slip"),
    path("scan/", scan.scan, name="scan"),
    path("households/", households.household_list, name="households"),
    path("households/<int:household_id>/", households.book, name="household"),
    path("households/<int:household_id>/phone/", households.phone, name="household_phone"),
    path("households/<int:household_id>/claims/new/", filing.item_list, name="claim_new"),
    path("households/<int:household_id>/claims/new/<slug:item_id>/", filing.claim_form, name="claim_form"),
    path("me/", me.me, name="me"),
]
