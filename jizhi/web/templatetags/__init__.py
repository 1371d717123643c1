"""Template tags and filters of the web front; load them with `{% load jizhi %}`."""
