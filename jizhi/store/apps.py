"""Django's entry for the store app; it registers the models and nothing else."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    name = "jizhi.store"
    label = "store"
    verbose_name = "积分超市"
