"""Django's entry for the people app. It only names the app; nothing runs at start."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "jizhi.people"
    default_auto_field = "django.db.models.BigAutoField"
