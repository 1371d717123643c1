"""Django's registration of the desk. It only names the app."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "jizhi.web.desk"
    label = "web_desk"
