"""Django's entry for the oversight app; it registers the models and nothing else."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "jizhi.oversight"
    label = "oversight"
    verbose_name = "日记录、周报和复核"
