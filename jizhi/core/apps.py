"""Django's entry for the shared base. It only names the app; nothing runs at start."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "jizhi.core"
    default_auto_field = "django.db.models.BigAutoField"
