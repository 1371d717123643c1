"""Addresses of the room for fair process, noun by noun."""

from django.urls import path

from jizhi.web.fairwork.views import assemblies, dividends, fairness, funds, pledges

app_name = "fairwork"

ASSEMBLIES = [
    path("assemblies/", assemblies.assemblies, name="assemblies"),
    path("assemblies/export/", assemblies.assemblies_export, name="assemblies_export"),
    path("assemblies/new/", assemblies.assembly_choice, name="assembly_choice"),
    path("assemblies/new/<slug:about>/", assemblies.assembly_new, name="assembly_new"),
    path("assemblies/<int:assembly_id>/", assemblies.assembly, name="assembly"),
    path("assemblies/<int:assembly_id>/sheet.pdf", assemblies.sheet, name="assembly_sheet"),
    path("assemblies/<int:assembly_id>/photos/", assemblies.photos, name="assembly_photos"),
    path("assemblies/<int:assembly_id>/filing/", assemblies.filing, name="assembly_filing"),
    path(
        "assemblies/<int:assembly_id>/receipt/", assemblies.acknowledgement, name="assembly_acknowledgement"
    ),
    path("assemblies/<int:assembly_id>/return/", assemblies.return_, name="assembly_return"),
    path("assemblies/<int:assembly_id>/fund/", funds.activation, name="fund_activation"),
    path("assemblies/<int:assembly_id>/dividend/", dividends.preview, name="dividend_preview"),
    path("assemblies/documents/<int:document_id>/", assemblies.document, name="assembly_document"),
    path("assemblies/photos/<int:photo_id>/", assemblies.photo, name="assembly_photo"),
]
MONEY = [
    path("funds/", funds.funds, name="funds"),
    path("funds/export/", funds.funds_export, name="funds_export"),
    path("funds/<int:fund_id>/", funds.fund, name="fund"),
    path("funds/<int:fund_id>/export/", funds.fund_export, name="fund_export"),
    path("funds/<int:fund_id>/sheet.pdf", funds.fund_sheet, name="fund_sheet"),
    path("funds/<int:fund_id>/entries/new/", funds.entry_new, name="fund_entry_new"),
    path("dividends/<int:dividend_id>/", dividends.dividend, name="dividend"),
    path("dividends/<int:dividend_id>/payment/", dividends.payment, name="dividend_payment"),
    path("dividends/<int:dividend_id>/sheet.pdf", dividends.sheet, name="dividend_sheet"),
    path("dividends/<int:dividend_id>/export/", dividends.dividend_export, name="dividend_export"),
]
PLEDGES = [
    path("pledges/", pledges.pledges, name="pledges"),
    path("pledges/export/", pledges.pledges_export, name="pledges_export"),
    path("pledges/new/", pledges.pledge_new, name="pledge_new"),
    path("pledges/<int:pledge_id>/", pledges.pledge, name="pledge"),
    path("pledges/<int:pledge_id>/export/", pledges.pledge_export, name="pledge_export"),
    path("pledges/<int:pledge_id>/sheet.pdf", pledges.sheet, name="pledge_sheet"),
    path("pledges/<int:pledge_id>/papers/", pledges.papers, name="pledge_papers"),
    path("pledges/<int:pledge_id>/subjects/<int:subject_id>/", pledges.answer, name="pledge_answer"),
    path("pledges/signatures/<int:answer_id>/", pledges.signature, name="signature"),
]

FAIRNESS = [
    path("fairness/", fairness.fairness, name="fairness"),
    path("fairness/export/", fairness.fairness_figures, name="fairness_figures"),
    path("fairness/sheet.pdf", fairness.fairness_sheet, name="fairness_sheet"),
    path("fairness/claims/", fairness.claims, name="fairness_claims"),
    path("fairness/claims/export/", fairness.claims_export, name="fairness_export"),
]

urlpatterns = [*ASSEMBLIES, *MONEY, *PLEDGES, *FAIRNESS]
