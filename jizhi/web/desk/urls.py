"""Addresses of the desk, noun by noun. The registers (store, households, areas, …) are in `jizhi.web.register`."""

from django.urls import path

from jizhi.web.desk.views import todo

app_name = "desk"
urlpatterns = [
    path("", todo.todo, name="todo"),
]
