"""Django's entry for the reviews app; it registers the models and nothing else."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "jizhi.reviews"
    label = "reviews"
    verbose_name = "评议"
