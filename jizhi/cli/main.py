"""The `jizhi` command: gathers the commands of its sister modules.

Each command imports what it needs when it runs, so `jizhi --help` is quick and file-only commands need no database.
"""

from __future__ import annotations

import typer

from jizhi.cli import (
    areas,
    channels,
    docs,
    documents,
    engine,
    households,
    imports,
    ledger,
    matters,
    nightly,
    operators,
    paying,
    posts,
    seals,
    serve,
    visits,
)

app = typer.Typer(help="积治 · points, panels, public notices and rewards.", no_args_is_help=True)
app.command()(serve.demo)
app.command()(serve.serve)
app.command()(operators.operator)
app.add_typer(areas.app, name="area")
imports.add_to(households.app)
app.add_typer(households.app, name="import")
app.command("plan-visits")(visits.plan_visits)
app.add_typer(ledger.export, name="export")
app.add_typer(seals.verify, name="verify")
app.command()(seals.seal)
app.command()(nightly.nightly)
app.command()(matters.escalate)
app.command("pass-on")(posts.pass_on)
app.command()(channels.derive)
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
