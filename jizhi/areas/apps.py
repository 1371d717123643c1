"""Django's entry for the areas app. It only names the app; nothing runs at start."""

from django.apps import AppConfig


class AreasConfig(AppConfig):
    name = "jizhi.areas"
    default_auto_field = "django.db.models.BigAutoField"
