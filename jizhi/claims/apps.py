"""Django's entry for the claims app; it registers the models and nothing else."""

from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "jizhi.claims"
    label = "claims"
    verbose_name = "申报"
