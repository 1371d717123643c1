"""Addresses of the public pages; a village is named by its code."""

from django.urls import path

from jizhi.web.public import letters, seals, views

app_name = "public"
urlpatterns = [
    path("", views.front, name="front"),
    path("v/<str:code>/", views.village, name="village"),
    path("v/<str:code>/scheme/", views.scheme, name="scheme"),
    path("v/<str:code>/notices/", views.notices, name="notices"),
    path("v/<str:code>/notices/<int:notice_id>/", views.notice, name="notice"),
    path("v/<str:code>/notices/<int:notice_id>/notice.pdf", views.notice_pdf, name="notice_pdf"),
    path("v/<str:code>/seals/", seals.seals, name="seals"),
    path("v/<str:code>/seals/chain.json", seals.chain, name="chain"),
    path("v/<str:code>/seals/check/", seals.check, name="seal_check"),
    path("verify/", seals.verify, name="verify"),
    path("R/<str:short>", seals.scanned, name="scanned"),
    path("v/<str:code>/objections/", views.how_to_object, name="how_to_object"),
    path("v/<str:code>/letters/new/", letters.letter_new, name="letter_new"),
    path("v/<str:code>/letters/<str:token>/", letters.letter, name="letter"),
]
