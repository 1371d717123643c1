"""The root of all addresses: the health answer, and the pages of `jizhi.web`.

No page lives here.
"""

from django.urls import URLPattern, URLResolver, include, path

from jizhi.web import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("", include("jizhi.web.urls")),
]
