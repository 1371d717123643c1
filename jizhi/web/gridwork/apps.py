"""Django's registration of the desk's room for the grid's work. It only names the app."""

from django.apps import AppConfig


class GridworkConfig(AppConfig):
    name = "jizhi.web.gridwork"
    label = "web_gridwork"
