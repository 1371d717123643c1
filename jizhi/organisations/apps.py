"""Django's entry for the organisations app; it registers the models and nothing else."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "jizhi.organisations"
    label = "organisations"
    verbose_name = "组织"
