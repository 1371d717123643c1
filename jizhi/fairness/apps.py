"""Django's entry for the fairness app, which has no tables of its own."""

from django.apps import AppConfig


class FairnessConfig(AppConfig):
    name = "jizhi.fairness"
    label = "fairness"
    verbose_name = "公平性分析"
