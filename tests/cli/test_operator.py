"""`jizhi operator`: the first account of an installation, made at the console."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.contrib.auth import get_user_model
from typer.testing import CliRunner

from jizhi.cli import console, main


@pytest.fixture(autouse=True)
def own_installation(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def here() -> Iterator[None]:
        yield

    monkeypatch.setattr(console, "installation", here)


def test_an_operator_may_do_everything() -> None:
    done = CliRunner().invoke(main.app, ["operator", "li", "--password", "green-rice-mill-7"])
    assert done.exit_code == 0, done.output
    user = get_user_model().objects.get(username="li")
    assert user.is_superuser
    assert user.check_password("green-rice-mill-7")


def test_a_weak_password_is_refused() -> None:
    done = CliRunner().invoke(main.app, ["operator", "li", "--password", "li"])
    assert done.exit_code == console.UNUSABLE
