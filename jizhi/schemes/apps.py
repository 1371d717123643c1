"""Django's entry for the schemes app; it registers the models and nothing else."""

from django.apps import AppConfig


class SchemesConfig(AppConfig):
    name = "jizhi.schemes"
    label = "schemes"
    verbose_name = "积分细则"
