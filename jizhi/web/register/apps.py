"""Django's registration of the desk's registers. It only names the app."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "jizhi.web.register"
    label = "web_register"
