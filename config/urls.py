"""The root of all addresses: the health answer, the interface for other systems, and the pages of `jizhi.web`.

No page lives here.
"""

from django.urls import URLPattern, URLResolver, include, path

from jizhi.api.interface import api
from jizhi.web import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    path("healthz", health.healthz, name="healthz"),
    path("", include("jizhi.web.urls")),
]
