"""Addresses of the desk's registers, noun by noun. The daily work with claims and notices is `jizhi.web.desk`."""

from django.urls import path

from jizhi.web.register.views import (
    area_uploads,
    areas,
    audit,
    books,
    boundaries,
    cards,
    changes,
    counter,
    duplicates,
    goods,
    households,
    imports,
    kin,
    links,
    members,
    organisations,
    participants,
    persons,
    posts,
    regrid,
    reports,
    rosters,
    schemes,
    staff,
    store,
)

app_name = "register"

STORE = [
    path("store/", store.store, name="store"),
    path("store/opening/", store.opening, name="opening"),
    path("store/counter/<int:household_id>/", counter.counter, name="counter"),
    path("store/redemptions/", store.redemptions, name="redemptions"),
    path("store/redemptions/export/", store.redemptions_export, name="redemptions_export"),
    path("store/redemptions/<int:redemption_id>/", store.redemption, name="redemption"),
    path("store/redemptions/<int:redemption_id>/receipt.pdf", store.receipt_print, name="receipt_print"),
    path("store/redemptions/<int:redemption_id>/undoing/", store.undoing, name="undoing"),
    path("store/goods/", goods.goods, name="goods"),
    path("store/goods/export/", goods.goods_export, name="goods_export"),
    path("store/goods/new/", goods.article_new, name="article_new"),
    path("store/goods/<int:goods_id>/", goods.article, name="article"),
    path("store/goods/<int:goods_id>/receiving/", goods.receiving, name="receiving"),
    path("store/goods/<int:goods_id>/counting/", goods.counting, name="counting"),
]
HOUSEHOLDS = [
    path("households/", households.households, name="households"),
    path("households/export/", households.households_export, name="households_export"),
    path("households/books/export/", books.books_export, name="books_export"),
    path("households/books/sensitive/", books.books_sensitive, name="books_sensitive"),
    path("households/new/", households.household_new, name="household_new"),
    path("households/cards/", cards.cards, name="cards"),
    path("households/cards/ticked/", cards.ticked_cards, name="ticked_cards"),
    path("households/<int:household_id>/", households.household, name="household"),
    path("households/<int:household_id>/edit/", households.household_edit, name="household_edit"),
    path("households/<int:household_id>/phone/", members.household_phone, name="household_phone"),
    path(
        "households/<int:household_id>/members/<int:membership_id>/numbers/",
        members.member_numbers,
        name="member_numbers",
    ),
    path("households/<int:household_id>/card/", cards.card_replacement, name="card_replacement"),
    path("households/<int:household_id>/card/block/", cards.card_block, name="card_block"),
    path("households/<int:household_id>/card/pin/", cards.card_pin, name="card_pin"),
]
CHANGES = [
    path("changes/", changes.changes, name="changes"),
    path("changes/export/", changes.changes_export, name="changes_export"),
    path("changes/<int:change_id>/", changes.change, name="change"),
    path("changes/<int:change_id>/undoing/", changes.change_undoing, name="change_undoing"),
    path("households/<int:household_id>/changes/", changes.change_menu, name="change_menu"),
    path("households/<int:household_id>/changes/<str:kind>/", changes.change_new, name="change_new"),
]
PERSONS = [
    path("persons/", persons.persons, name="persons"),
    path("persons/export/", persons.persons_export, name="persons_export"),
    path("persons/numbers/", persons.persons_numbers, name="persons_numbers"),
    path("persons/duplicates/", duplicates.duplicates, name="duplicates"),
    path("persons/duplicates/export/", duplicates.duplicates_export, name="duplicates_export"),
    path("persons/duplicates/<int:one_id>/<int:other_id>/", duplicates.duplicate, name="duplicate"),
    path(
        "persons/duplicates/<int:one_id>/<int:other_id>/apart/",
        duplicates.duplicate_apart,
        name="duplicate_apart",
    ),
    path("persons/kin/", kin.kin_list, name="kin"),
    path("persons/kin/export/", kin.kin_export, name="kin_export"),
    path("persons/<int:person_id>/", persons.person, name="person"),
    path("persons/<int:person_id>/account/", links.person_account, name="person_account"),
    path("persons/<int:person_id>/edit/", persons.person_edit, name="person_edit"),
    path("persons/<int:person_id>/party/", persons.person_party, name="person_party"),
    path("persons/<int:person_id>/party/end/", persons.person_party_end, name="person_party_end"),
    path("persons/<int:person_id>/kin/new/", kin.kin_new, name="kin_new"),
    path("persons/<int:person_id>/kin/<int:kinship_id>/ending/", kin.kin_end, name="kin_end"),
    path("persons/<int:person_id>/class/", persons.person_class, name="person_class"),
]
ROSTERS = [
    path("households/rosters/", rosters.roster_new, name="roster_new"),
    path("households/rosters/template/", rosters.roster_template, name="roster_template"),
    path("households/rosters/<int:roster_id>/", rosters.roster, name="roster"),
    path(
        "households/rosters/<int:roster_id>/confirmation/",
        rosters.roster_confirmation,
        name="roster_confirmation",
    ),
    path("households/rosters/<int:roster_id>/report.<str:kind>", rosters.roster_report, name="roster_report"),
]
IMPORTS = [
    path("imports/", imports.imports, name="imports"),
    path("imports/export/", imports.imports_export, name="imports_export"),
    path("imports/new/<slug:key>/", imports.import_new, name="import_new"),
    path("imports/template/<slug:key>.xlsx", imports.import_template, name="import_template"),
    path("imports/<int:import_id>/", imports.import_, name="import"),
    path("imports/<int:import_id>/refused.xlsx", imports.import_refused, name="import_refused"),
    path("imports/<int:import_id>/handout.xlsx", imports.import_handout, name="import_handout"),
    path("imports/<int:import_id>/renewal/", imports.import_renewal, name="import_renewal"),
    path("imports/<int:import_id>/<slug:verb>/", imports.import_step, name="import_step"),
]
SCHEMES = [
    path("schemes/", schemes.schemes, name="schemes"),
    path("schemes/export/", schemes.schemes_export, name="schemes_export"),
    path("schemes/new/", schemes.version_new, name="version_new"),
    path("schemes/<int:version_id>/", schemes.version, name="version"),
    path("schemes/<int:version_id>/source.yaml", schemes.version_source, name="version_source"),
    path("schemes/<int:version_id>/export/", schemes.version_export, name="version_export"),
    path("schemes/resolutions/<int:resolution_id>/activation/", schemes.activation, name="activation"),
]
AREAS = [
    path("areas/", areas.areas, name="areas"),
    path("areas/export/", areas.areas_export, name="areas_export"),
    path("areas/uploads/new/", area_uploads.upload_new, name="area_upload_new"),
    path("areas/uploads/<int:upload_id>/", area_uploads.upload, name="area_upload"),
    path(
        "areas/uploads/<int:upload_id>/confirmation/",
        area_uploads.upload_confirmation,
        name="area_upload_confirmation",
    ),
    path("areas/uploads/<int:upload_id>/report/", area_uploads.upload_report, name="area_upload_report"),
    path("areas/<int:area_id>/", areas.area, name="area"),
    path("areas/<int:area_id>/children/", areas.area_children, name="area_children"),
    path("areas/<int:area_id>/new/", areas.area_new, name="area_new"),
    path("areas/<int:area_id>/closing/", areas.area_closing, name="area_closing"),
    path("areas/<int:area_id>/reopening/", areas.area_reopening, name="area_reopening"),
    path("areas/<int:area_id>/moving/", regrid.area_moving, name="area_moving"),
    path("areas/<int:area_id>/splitting/", regrid.area_splitting, name="area_splitting"),
    path("areas/<int:area_id>/merging/", regrid.area_merging, name="area_merging"),
    path("areas/<int:area_id>/boundary/", boundaries.boundary, name="boundary"),
    path("areas/<int:area_id>/boundary/removal/", boundaries.boundary_removal, name="boundary_removal"),
    path("areas/<int:area_id>/boundary/map.geojson", boundaries.boundary_map, name="boundary_map"),
    path("areas/<int:area_id>/boundaries.geojson", boundaries.boundaries_export, name="boundaries_export"),
    path("areas/<int:area_id>/coverage/", boundaries.coverage, name="coverage"),
    path("areas/<int:area_id>/coverage/export/", boundaries.coverage_export, name="coverage_export"),
]
STAFF = [
    path("staff/", staff.staff, name="posts"),
    path("staff/export/", staff.staff_export, name="staff_export"),
    path("staff/duties/", staff.duties, name="duties"),
    path("staff/new/", staff.account_new, name="account_new"),
    path("staff/<int:user_id>/", staff.account, name="account"),
    path("staff/<int:user_id>/person/", links.account_person, name="account_person"),
    path("staff/links/<int:link_id>/end/", links.link_end, name="staff_link_end"),
    path("staff/<int:user_id>/password/", staff.password, name="account_password"),
    path("staff/<int:user_id>/closing/", staff.account_closing, name="account_closing"),
    path("staff/posts/<int:post_id>/end/", staff.post_end, name="post_end"),
]
POSTS = [
    path("posts/", posts.post_list, name="post_list"),
    path("posts/export/", posts.posts_export, name="posts_export"),
    path("posts/vacancies/", posts.vacancies, name="vacancies"),
    path("posts/vacancies/export/", posts.vacancies_export, name="vacancies_export"),
    path("posts/own/", posts.own_posts, name="own_posts"),
    path("posts/<int:post_id>/", posts.post, name="post"),
    path("posts/<int:post_id>/deputy/", posts.deputy_new, name="deputy_new"),
    path("posts/<int:post_id>/handing-over/", posts.hand_over, name="hand_over"),
]
ORGANISATIONS = [
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/export/", organisations.organisations_export, name="organisations_export"),
    path("organisations/tree/", organisations.party_tree, name="party_tree"),
    path("organisations/tree/export/", organisations.party_tree_export, name="party_tree_export"),
    path("organisations/bodies/", organisations.bodies, name="bodies"),
    path("organisations/bodies/export/", organisations.bodies_export, name="bodies_export"),
    path("organisations/new/", organisations.organisation_new, name="organisation_new"),
    path("organisations/<int:organisation_id>/", organisations.organisation, name="organisation"),
    path(
        "organisations/<int:organisation_id>/edit/", organisations.organisation_edit, name="organisation_edit"
    ),
    path(
        "organisations/<int:organisation_id>/closing/",
        organisations.organisation_closing,
        name="organisation_closing",
    ),
    path("organisations/<int:organisation_id>/members/", organisations.belonging_new, name="belonging_new"),
    path("organisations/members/<int:belonging_id>/end/", organisations.belonging_end, name="belonging_end"),
    path(
        "organisations/members/<int:belonging_id>/transfer/",
        organisations.belonging_transfer,
        name="belonging_transfer",
    ),
    path("reports/", reports.reports, name="reports"),
    path("reports/export/", reports.reports_export, name="reports_export"),
    path("reports/new/", reports.report_new, name="report_new"),
    path("reports/<int:report_id>/", reports.report, name="report"),
    path("reports/<int:report_id>/end/", reports.report_end, name="report_end"),
    path("reports/<int:report_id>/members/new/", reports.reporter_new, name="reporter_new"),
    path("reports/members/<int:reporter_id>/place/", reports.reporter_place, name="reporter_place"),
    path("reports/members/<int:reporter_id>/end/", reports.reporter_end, name="reporter_end"),
    path("reports/members/<int:reporter_id>/services/new/", reports.service_new, name="service_new"),
    path("reports/services/", reports.service_list, name="services"),
    path("reports/services/export/", reports.services_export, name="services_export"),
    path("reports/services/confirmation/", reports.services_confirmation, name="services_confirmation"),
    path("reports/services/<int:service_id>/refusal/", reports.service_refusal, name="service_refusal"),
]
PARTICIPANTS = [
    path("participants/", participants.participants, name="participants"),
    path("participants/export/", participants.participants_export, name="participants_export"),
    path("participants/<int:participant_id>/", participants.participant, name="participant"),
    path("participants/<int:participant_id>/end/", participants.participant_end, name="participant_end"),
    path(
        "participants/<str:code>/<str:scheme>/following/",
        participants.participants_following,
        name="participants_following",
    ),
    path("participants/<str:code>/<str:scheme>/new/", participants.participant_new, name="participant_new"),
]
AUDIT = [
    path("audit/", audit.audit, name="audit"),
    path("audit/export/", audit.audit_export, name="audit_export"),
]

urlpatterns = [
    *(*STORE, *HOUSEHOLDS, *CHANGES, *PERSONS, *ROSTERS, *IMPORTS, *SCHEMES, *AREAS),
    *(*STAFF, *POSTS, *ORGANISATIONS, *PARTICIPANTS, *AUDIT),
]
