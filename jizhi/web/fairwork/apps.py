"""Django's registration of the desk's room for fair process. It only names the app."""

from django.apps import AppConfig


class FairworkConfig(AppConfig):
    name = "jizhi.web.fairwork"
    label = "web_fairwork"
