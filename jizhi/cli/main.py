"""The `jizhi` command: gathers the commands of its sister modules.

Each command imports what it needs when it runs, so `jizhi --help` is quick and file-only commands need no database.
"""

from __future__ import annotations

import typer

from jizhi.cli import areas, docs, documents, engine, households, ledger, operators, paying, serve

app = typer.Typer(help="积治 · points, panels, public notices and rewards.", no_args_is_help=True)
app.command()(serve.demo)
app.command()(serve.serve)
app.command()(operators.operator)
app.add_typer(areas.app, name="area")
app.add_typer(households.app, name="import")
app.add_typer(ledger.export, name="export")
app.add_typer(ledger.verify, name="verify")
app.command()(docs.docs)
app.command()(documents.check)
app.command()(documents.schema)
app.command("test")(documents.run_cases)
app.command()(engine.settle)
app.command()(engine.explain)
app.command()(engine.simulate)
app.command("stars")(paying.rate)
app.command()(paying.pay)

if __name__ == "__main__":
    app()
