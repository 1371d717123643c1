"""Django's entry for the changes app; it registers the models and nothing else."""

from django.apps import AppConfig


class ChangesConfig(AppConfig):
    name = "jizhi.changes"
    label = "changes"
    verbose_name = "变动"
