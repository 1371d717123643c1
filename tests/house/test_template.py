"""The kept template of the tests' database: another key for whatever would migrate otherwise, and nothing half kept."""

from pathlib import Path

import pytest

from tests import template


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("people/migrations/0001_initial.py", "people/rules.py", "core/scope.sql", "web/views.py"):
        place = tmp_path / "jizhi" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("")
    (tmp_path / "requirements-dev.lock").write_text("django==5.2.19")
    monkeypatch.setattr(template, "CHECKOUT", tmp_path)
    monkeypatch.setattr(template, "CACHE", tmp_path / "cache")
    return tmp_path


@pytest.mark.parametrize(
    "changed",
    [
        "jizhi/people/migrations/0001_initial.py",
        "jizhi/people/migrations/0002_more.py",
        "jizhi/people/rules.py",
        "jizhi/people/models/tree.py",
        "jizhi/core/scope.sql",
        "requirements-dev.lock",
    ],
)
def test_whatever_migrating_depends_on_makes_another_key(checkout: Path, changed: str) -> None:
    before = template.key()
    (checkout / "jizhi/web/views.py").write_text("# a page decides nothing of the tables")
    assert template.key() == before
    place = checkout / changed
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("# changed")
    assert template.key() != before


def test_what_is_kept_comes_back_and_the_first_one_stays(checkout: Path) -> None:
    assert not template.fetch(checkout / "new", "k")
    for word in ("first", "second"):
        home = checkout / word
        home.mkdir()
        (home / "PG_VERSION").write_text(word)
        template.keep(home, "k")
    assert template.fetch(checkout / "new", "k")
    assert (checkout / "new/PG_VERSION").read_text() == "first"
    assert [path.name for path in template.CACHE.iterdir()] == ["k"]
