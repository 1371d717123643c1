"""Django's entry for the posts app. It only names the app; nothing runs at start."""

from django.apps import AppConfig


class PostsConfig(AppConfig):
    name = "jizhi.posts"
    default_auto_field = "django.db.models.BigAutoField"
