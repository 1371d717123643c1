"""The WSGI application the web server loads.

WSGI, not ASGI: every view is synchronous, and ASGI cost five times the processor time in our measurement.
"""

import os

from django.core.wsgi import get_wsgi_application

from config import environment
from jizhi.database import orphans

if environment.flag("JIZHI_END_WITH_PARENT"):  # set by `jizhi serve`: a worker never outlives it
    orphans.end_with_parent()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
