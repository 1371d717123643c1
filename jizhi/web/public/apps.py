"""Django's registration of the public pages. It only names the app."""

from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "jizhi.web.public"
    label = "web_public"
