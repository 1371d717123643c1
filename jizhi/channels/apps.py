"""Django's entry for the channels app; it registers the models and nothing else."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "jizhi.channels"
    label = "channels"
    verbose_name = "申报渠道"
