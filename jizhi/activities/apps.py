"""Django's entry for the activities app; it registers the models and nothing else."""

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "jizhi.activities"
    label = "activities"
    verbose_name = "活动"
