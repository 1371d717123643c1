"""Django's entry for the drafting app; it registers the models and nothing else."""

from django.apps import AppConfig


class DraftingConfig(AppConfig):
    name = "jizhi.drafting"
    label = "drafting"
    verbose_name = "细则草稿"
