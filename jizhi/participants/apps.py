"""Django's entry for the participants app; it registers the models and nothing else."""

from django.apps import AppConfig


class ParticipantsConfig(AppConfig):
    name = "jizhi.participants"
    label = "participants"
    verbose_name = "积分主体"
