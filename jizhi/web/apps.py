"""Django's registration of the shared part of the web front: shells, parts, tags, static files, texts.

It is not an audience: those register themselves in their own packages.
"""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "jizhi.web"
    label = "web"
