"""Django's entry for the assemblies app; it registers the models and nothing else."""

from django.apps import AppConfig


class AssembliesConfig(AppConfig):
    name = "jizhi.assemblies"
    label = "assemblies"
    verbose_name = "会议决议、资金与承诺"
