"""Django's registration of the desk's room for writing schemes. It only names the app."""

from django.apps import AppConfig


class SchemeworkConfig(AppConfig):
    name = "jizhi.web.schemework"
    label = "web_schemework"
