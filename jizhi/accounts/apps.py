"""Django's entry for the accounts app. It only names the app; nothing runs at start."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "jizhi.accounts"
    default_auto_field = "django.db.models.BigAutoField"
