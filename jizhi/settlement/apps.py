"""Django's entry for the settlement app; it registers the models and nothing else."""

from django.apps import AppConfig


class SettlementConfig(AppConfig):
    name = "jizhi.settlement"
    label = "settlement"
    verbose_name = "结算"
