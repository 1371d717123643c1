"""Django's registration of the household's pages. It only names the app."""

from django.apps import AppConfig


class ResidentConfig(AppConfig):
    name = "jizhi.web.resident"
    label = "web_resident"
