"""One file per command of Django's `manage.py`; nothing is shared between them."""
