"""Addresses of the sign-in pages; `/c/<code>/` is what the QR code on a household's card holds."""

from django.urls import path

from jizhi.web.signin import views

app_name = "signin"
urlpatterns = [
    path("sign-in/", views.household, name="choose"),
    path("sign-in/household/", views.household, name="household"),
    path("sign-in/staff/", views.staff, name="staff"),
    path("c/<str:code>/", views.card, name="card"),
    path("password/", views.password, name="password"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("home/", views.home, name="home"),
]
