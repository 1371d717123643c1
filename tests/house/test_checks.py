"""What `make check` asks, as far as it is quick: directions of imports, migrations, generated documents, lint.

Types and formatting stay with `make check`.
"""

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.house import sources

BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [
        [str(BIN / "lint-imports"), "--no-cache"],
        [str(BIN / "ruff"), "check", "--no-cache", "--output-format", "concise", "."],
        [sys.executable, "-m", "jizhi.cli.main", "docs", "--check"],
    ],
    ids=["imports", "lint", "documents"],
)
def test_in_order(command: list[str]) -> None:
    done = subprocess.run(command, cwd=sources.ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)
