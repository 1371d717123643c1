"""Addresses of the desk's registers, noun by noun. The daily work with claims and notices is `jizhi.web.desk`."""

from django.urls import path

from jizhi.web.register.views import counter, goods, store

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

urlpatterns = [*STORE]
