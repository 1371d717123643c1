"""Django's entry for the imports app; it registers the models and nothing else."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "jizhi.imports"
    label = "imports"
    verbose_name = "导入"
