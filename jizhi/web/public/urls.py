"""Addresses of the public pages; a village is named by its code."""

from django.urls import path

from jizhi.web.public import views

app_name = "public"
urlpatterns = [
    path("", views.front, name="front"),
    path("v/<str:code>/", views.village, name="village"),
    path("v/<str:code>/scheme/", views.scheme, name="scheme"),
    path("v/<str:code>/notices/", views.notices, name="notices"),
    path("v/<str:code>/notices/<int:notice_id>/", views.notice, name="notice"),
    path("v/<str:code>/notices/<int:notice_id>/notice.pdf", views.notice_pdf, name="notice_pdf"),
    path("v/<str:code>/objections/", views.how_to_object, name="how_to_object"),
]
