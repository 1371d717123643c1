"""Django's entry for the notices app; it registers the models and nothing else."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "jizhi.notices"
    label = "notices"
    verbose_name = "公示"
