"""Addresses of the grid's work at the desk: visits, matters, needs, activities, teams, coverage."""

from django.urls import URLPattern, path

from jizhi.web.gridwork.views import (
    activities,
    book,
    coverage,
    matter_coverage,
    matters,
    needs,
    teams,
    visits,
)

app_name = "gridwork"

VISITS: list[URLPattern] = [
    path("visits/", visits.visits, name="visits"),
    path("visits/export/", visits.visits_export, name="visits_export"),
    path("visits/<int:visit_id>/", visits.visit, name="visit"),
    path("visit-photos/<int:photo_id>.jpg", visits.visit_photo, name="visit_photo"),
    path("households/<int:household_id>/book/", book.book, name="book"),
    path("households/<int:household_id>/book/edit/", book.book_edit, name="book_edit"),
    path("households/<int:household_id>/book/history/", book.book_history, name="book_history"),
    path(
        "households/<int:household_id>/book/history/export/",
        book.book_history_export,
        name="book_history_export",
    ),
    path("households/<int:household_id>/book/print.pdf", book.book_print, name="book_print"),
    path("households/<int:household_id>/classes/", book.classes, name="classes"),
]
MATTERS: list[URLPattern] = [
    path("matters/", matters.matters, name="matters"),
    path("matters/export.xlsx", matters.matters_export, name="matters_export"),
    path("matters/dispatch/", matters.bulk_dispatch, name="matters_dispatch"),
    path("matters/new/", matters.matter_new, name="matter_new"),
    path("matters/<int:matter_id>/", matters.matter, name="matter"),
    path("matters/<int:matter_id>/steps/<slug:verb>/", matters.step, name="matter_step"),
    path("matters/<int:matter_id>/phone/", matters.phone, name="matter_phone"),
    path("matters/<int:matter_id>/taking/", matters.taking, name="matter_taking"),
    path("matters/<int:matter_id>/merge/", matters.merging, name="matter_merge"),
    path("matters/<int:matter_id>/sheet.pdf", matters.sheet, name="matter_sheet"),
    path("matters/photos/<int:photo_id>.jpg", matters.photo, name="matter_photo"),
]
ACTIVITIES: list[URLPattern] = [
    path("activities/", activities.activities, name="activities"),
    path("activities/export/", activities.activities_export, name="activities_export"),
    path("activities/new/", activities.activity_new, name="activity_new"),
    path("activities/<int:activity_id>/", activities.activity, name="activity"),
    path("activities/<int:activity_id>/export/", activities.attendance_export, name="attendance_export"),
    path("activities/<int:activity_id>/edit/", activities.activity_edit, name="activity_edit"),
    path(
        "activities/<int:activity_id>/cancelling/", activities.activity_cancelling, name="activity_cancelling"
    ),
    path(
        "activities/<int:activity_id>/confirming/", activities.activity_confirming, name="activity_confirming"
    ),
    path("activities/<int:activity_id>/signing/", activities.activity_signing, name="activity_signing"),
    path("needs/", needs.needs, name="needs"),
    path("needs/export/", needs.needs_export, name="needs_export"),
    path("needs/new/", needs.need_new, name="need_new"),
    path("needs/<int:need_id>/", needs.need, name="need"),
    path("needs/<int:need_id>/opening/", needs.need_opening, name="need_opening"),
    path("needs/<int:need_id>/refusing/", needs.need_refusing, name="need_refusing"),
    path("needs/<int:need_id>/withdrawing/", needs.need_withdrawing, name="need_withdrawing"),
    path("needs/<int:need_id>/taking/", needs.need_taking, name="need_taking"),
    path("needs/<int:need_id>/finishing/", needs.need_finishing, name="need_finishing"),
    path("needs/<int:need_id>/counting/", needs.need_counting, name="need_counting"),
    path("teams/", teams.teams, name="teams"),
    path("teams/export/", teams.teams_export, name="teams_export"),
    path("teams/new/", teams.team_new, name="team_new"),
    path("teams/<int:team_id>/", teams.team, name="team"),
    path("teams/<int:team_id>/export/", teams.members_export, name="members_export"),
    path("teams/<int:team_id>/edit/", teams.team_edit, name="team_edit"),
    path("teams/<int:team_id>/closing/", teams.team_closing, name="team_closing"),
    path("teams/<int:team_id>/members/new/", teams.team_joining, name="team_joining"),
    path("teams/<int:team_id>/members/<int:member_id>/leaving/", teams.team_leaving, name="team_leaving"),
]
COVERAGE: list[URLPattern] = [
    path("coverage/", coverage.coverage, name="coverage"),
    path("coverage/export/", coverage.coverage_export, name="coverage_export"),
    path("coverage/planning/", coverage.planning, name="planning"),
    path("coverage/matters/", matter_coverage.coverage, name="matter_coverage"),
    path("coverage/matters/export.xlsx", matter_coverage.coverage_export, name="matter_coverage_export"),
]

urlpatterns = [*VISITS, *MATTERS, *ACTIVITIES, *COVERAGE]
