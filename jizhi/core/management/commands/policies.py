"""`manage.py policies`: bring row-level security up to date with the models, or print what would be applied.

`jizhi` commands do so by themselves after migrating; this is for a look at the SQL and after work by hand.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from jizhi.core import policies
from jizhi.core.scope import whole_role


class Command(BaseCommand):
    help = "Apply the policies and grants of the web role."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--show", action="store_true", help="print the SQL and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["show"]:
            self.stdout.write(policies.script(settings.WEB_ROLE, whole_role()))
        else:
            policies.apply(always=True)
