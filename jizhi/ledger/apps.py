"""Django's entry for the ledger app; it registers the models and nothing else."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "jizhi.ledger"
    label = "ledger"
    verbose_name = "积分台账"
