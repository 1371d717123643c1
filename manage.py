"""Django's own commands (makemigrations, shell …), with the installation's database started for them.

The product's commands are `jizhi …`; this file is for people who work on the code.
"""

import os
import sys

from config import environment
from jizhi import database

_WITHOUT_DATABASE = {"help", "compilemessages", "collectstatic", "makemigrations", "diffsettings"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    if len(sys.argv) < 2 or sys.argv[1] in _WITHOUT_DATABASE:
        execute_from_command_line(sys.argv)
        return
    with database.start(environment.data_dir() / "database") as server:
        database.ensure_extensions(server.url)
        os.environ["DATABASE_URL"] = server.url
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
