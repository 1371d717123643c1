"""Addresses of the desk's registers, noun by noun. The daily work with claims and notices is `jizhi.web.desk`."""

from django.urls import path

from jizhi.web.register.views import (
    areas,
    audit,
    cards,
    counter,
    goods,
    households,
    members,
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
    path("households/new/", households.household_new, name="household_new"),
    path("households/cards/", cards.cards, name="cards"),
    path("households/cards/ticked/", cards.ticked_cards, name="ticked_cards"),
    path("households/<int:household_id>/", households.household, name="household"),
    path("households/<int:household_id>/edit/", households.household_edit, name="household_edit"),
    path("households/<int:household_id>/closing/", households.household_closing, name="household_closing"),
    path("households/<int:household_id>/phone/", members.household_phone, name="household_phone"),
    path("households/<int:household_id>/members/new/", members.member_new, name="member_new"),
    path(
        "households/<int:household_id>/members/<int:membership_id>/leaving/",
        members.member_leaving,
        name="member_leaving",
    ),
    path(
        "households/<int:household_id>/members/<int:membership_id>/numbers/",
        members.member_numbers,
        name="member_numbers",
    ),
    path("households/<int:household_id>/card/", cards.card_replacement, name="card_replacement"),
    path("households/<int:household_id>/card/block/", cards.card_block, name="card_block"),
    path("households/<int:household_id>/card/pin/", cards.card_pin, name="card_pin"),
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
SCHEMES = [
    path("schemes/", schemes.schemes, name="schemes"),
    path("schemes/export/", schemes.schemes_export, name="schemes_export"),
    path("schemes/new/", schemes.version_new, name="version_new"),
    path("schemes/<int:version_id>/", schemes.version, name="version"),
    path("schemes/<int:version_id>/source.yaml", schemes.version_source, name="version_source"),
    path("schemes/<int:version_id>/export/", schemes.version_export, name="version_export"),
    path("schemes/<int:version_id>/resolutions/new/", schemes.resolution_new, name="resolution_new"),
    path("schemes/resolutions/<int:resolution_id>/activation/", schemes.activation, name="activation"),
]
AREAS = [
    path("areas/", areas.areas, name="areas"),
    path("areas/export/", areas.areas_export, name="areas_export"),
    path("areas/<int:area_id>/", areas.area, name="area"),
    path("areas/<int:area_id>/new/", areas.area_new, name="area_new"),
    path("areas/<int:area_id>/closing/", areas.area_closing, name="area_closing"),
]
STAFF = [
    path("staff/", staff.staff, name="posts"),
    path("staff/export/", staff.staff_export, name="staff_export"),
    path("staff/duties/", staff.duties, name="duties"),
    path("staff/new/", staff.account_new, name="account_new"),
    path("staff/<int:user_id>/", staff.account, name="account"),
    path("staff/<int:user_id>/password/", staff.password, name="account_password"),
    path("staff/<int:user_id>/closing/", staff.account_closing, name="account_closing"),
    path("staff/posts/<int:post_id>/end/", staff.post_end, name="post_end"),
]
AUDIT = [
    path("audit/", audit.audit, name="audit"),
    path("audit/export/", audit.audit_export, name="audit_export"),
]

urlpatterns = [*STORE, *HOUSEHOLDS, *ROSTERS, *SCHEMES, *AREAS, *STAFF, *AUDIT]
