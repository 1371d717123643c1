"""All pages by audience. Only the addresses are joined here; each audience keeps its own table."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from jizhi.web import preferences, style

AUDIENCES = [
    ("", "signin"),
    ("my/", "resident"),
    ("field/", "field"),
    ("desk/", "desk"),
    ("desk/", "register"),
    ("desk/", "gridwork"),
    ("desk/", "schemework"),
    ("desk/", "fairwork"),
    ("", "public"),
]

own = (
    [
        path("preferences/", preferences.preferences, name="preferences"),
        path("style/", style.style, name="style"),
        path("style/<str:shell>/", style.style, name="style_in"),
    ],
    "web",
)

urlpatterns: list[URLPattern | URLResolver] = [path("", include(own))]
urlpatterns += [
    path(prefix, include(f"jizhi.web.{audience}.urls"))
    for prefix, audience in AUDIENCES
    if find_spec(f"jizhi.web.{audience}") and find_spec(f"jizhi.web.{audience}.urls")
]
