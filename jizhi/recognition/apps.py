"""Django's entry for the recognition app; it registers the models and nothing else."""

from django.apps import AppConfig


class RecognitionConfig(AppConfig):
    name = "jizhi.recognition"
    label = "recognition"
    verbose_name = "三方认定"
