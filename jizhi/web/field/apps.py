"""Django's registration of the grid worker's pages. It only names the app."""

from django.apps import AppConfig


class FieldConfig(AppConfig):
    name = "jizhi.web.field"
    label = "web_field"
