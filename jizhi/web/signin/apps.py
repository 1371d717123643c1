"""Django's registration of the sign-in pages. It only names the app."""

from django.apps import AppConfig


class SigninConfig(AppConfig):
    name = "jizhi.web.signin"
    label = "web_signin"
