"""Addresses of the scheme editor: drafts, their items and parts, checks, simulations, files."""

from django.urls import URLPattern, path

from jizhi.web.schemework.views import checks, drafts, items, outcomes, parts, sheets, simulations

app_name = "schemework"
DRAFT = "drafts/<int:draft_id>/"

urlpatterns: list[URLPattern] = [
    path("drafts/", drafts.drafts, name="drafts"),
    path("drafts/export.xlsx", sheets.drafts_export, name="drafts_export"),
    path("drafts/new/", drafts.draft_new, name="draft_new"),
    path("drafts/template.xlsx", sheets.template, name="template"),
    path(DRAFT, drafts.draft, name="draft"),
    path(f"{DRAFT}day/", drafts.day, name="day"),
    path(f"{DRAFT}discarding/", drafts.discarding, name="discarding"),
    path(f"{DRAFT}reopening/", drafts.reopening, name="reopening"),
    path(f"{DRAFT}publication/", drafts.publication, name="publication"),
    path(f"{DRAFT}source/", drafts.source, name="source"),
    path(f"{DRAFT}source.yaml", drafts.source_file, name="source_file"),
    path(f"{DRAFT}saves/", drafts.saves, name="saves"),
    path(f"{DRAFT}saves/export.xlsx", sheets.saves_export, name="saves_export"),
    path(f"{DRAFT}saves/<int:to_number>/undoing/", drafts.undoing, name="undoing"),
    path(f"{DRAFT}differences/", drafts.differences, name="differences"),
    path(f"{DRAFT}items/", items.items, name="items"),
    path(f"{DRAFT}items/new/", items.item_new, name="item_new"),
    path(f"{DRAFT}items/edit/", items.item, name="item"),
    path(f"{DRAFT}items/copy/", items.copying, name="copying"),
    path(f"{DRAFT}items/move/", items.moving, name="moving"),
    path(f"{DRAFT}items/removal/", items.removal, name="removal"),
    path(f"{DRAFT}items/export.xlsx", sheets.items_export, name="items_export"),
    path(f"{DRAFT}items/import/", sheets.items_import, name="items_import"),
    path(f"{DRAFT}items/print.pdf", sheets.items_print, name="items_print"),
    path(f"{DRAFT}outcomes/new/", outcomes.outcome_new, name="outcome_new"),
    path(f"{DRAFT}outcomes/edit/", outcomes.outcome, name="outcome"),
    path(f"{DRAFT}outcomes/move/", outcomes.outcome_moving, name="outcome_moving"),
    path(f"{DRAFT}outcomes/removal/", outcomes.outcome_removal, name="outcome_removal"),
    path(f"{DRAFT}parts/<slug:part>/", parts.part, name="part"),
    path(f"{DRAFT}guard/", checks.guard, name="guard"),
    path(f"{DRAFT}guard/reason/", checks.reason, name="reason"),
    path(f"{DRAFT}cases/", checks.cases, name="cases"),
    path(f"{DRAFT}cases/badge/", checks.badge, name="badge"),
    path(f"{DRAFT}cases/new/", checks.case_new, name="case_new"),
    path(f"{DRAFT}cases/text/", checks.cases_text, name="cases_text"),
    path(f"{DRAFT}cases/<int:place>/removal/", checks.case_removal, name="case_removal"),
    path(f"{DRAFT}simulations/", simulations.simulations, name="simulations"),
    path(f"{DRAFT}simulations/export.xlsx", sheets.simulations_export, name="simulations_export"),
    path(f"{DRAFT}simulations/<int:simulation_id>/", simulations.simulation, name="simulation"),
    path(f"{DRAFT}simulations/<int:simulation_id>/again/", simulations.again, name="simulation_again"),
    path(
        f"{DRAFT}simulations/<int:simulation_id>/export.xlsx",
        simulations.simulation_export,
        name="simulation_export",
    ),
    path(f"{DRAFT}simulations/<int:simulation_id>/sheet.pdf", simulations.sheet, name="simulation_sheet"),
    path(f"{DRAFT}simulations/<int:simulation_id>/subjects/<int:subject_id>/", simulations.why, name="why"),
]
