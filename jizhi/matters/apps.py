"""Django's entry for the matters app; it registers the models and nothing else."""

from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "jizhi.matters"
    label = "matters"
    verbose_name = "事件"
