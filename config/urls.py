"""The root of all addresses: the health answer, and the pages of `jizhi.web`.

No page lives here.
"""

import importlib.util

from django.urls import URLPattern, URLResolver, include, path

from jizhi.web import health

urlpatterns: list[URLPattern | URLResolver] = [path("healthz", health.healthz, name="healthz")]
if importlib.util.find_spec("jizhi.web.urls"):
    urlpatterns.append(path("", include("jizhi.web.urls")))
