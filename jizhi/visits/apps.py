"""Django's entry for the visits app; it registers the models and nothing else."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "jizhi.visits"
    label = "visits"
    verbose_name = "走访"
