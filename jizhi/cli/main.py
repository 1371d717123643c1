"""The `jizhi` command: gathers the commands of its sister modules.

Each command imports what it needs when it runs, so `jizhi --help` is quick and file-only commands need no database.
"""

from __future__ import annotations

import typer

from jizhi.cli import serve

app = typer.Typer(help="积治 · points, panels, public notices and rewards.", no_args_is_help=True)
app.command()(serve.demo)
app.command()(serve.serve)
