"""Django's entry for the seals app; it registers the models and nothing else."""

from django.apps import AppConfig


class SealsConfig(AppConfig):
    name = "jizhi.seals"
    label = "seals"
    verbose_name = "存证"
