"""What we carry along is listed with its licence and unchanged; what pages ask for exists."""

from __future__ import annotations

import hashlib
import json
import re

from tests.house import sources

VENDOR = sources.ROOT / "jizhi/web/static/web/vendor"


def _manifest() -> list[dict[str, object]]:
    packages: list[dict[str, object]] = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))
    return packages


def test_vendored_files_are_those_of_the_manifest() -> None:
    listed = {}
    for package in _manifest():
        assert package["licence"]
        assert package["npm_package"]
        for name, digest in dict(package["files"]).items():  # type: ignore[call-overload]
            listed[f"{package['folder']}/{name}"] = digest
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert found == listed


def test_icons_named_in_templates_exist() -> None:
    icons = {path.stem for path in VENDOR.glob("tabler-icons-*/*.svg")}
    named = {}
    for path in sources.files(".html"):
        for name in re.findall(r"{% icon \"([\w-]+)\"", path.read_text(encoding="utf-8")):
            named.setdefault(name, sources.shown(path))
    missing = {name: place for name, place in named.items() if name not in icons}
    assert not missing


def test_pages_load_nothing_from_elsewhere_and_nothing_inline() -> None:
    outside = re.compile(
        r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//|\sstyle\s*=|<style|\son\w+\s*=\s*["']"""
    )
    inline_script = re.compile(r"<script(?![^>]*\ssrc=)")
    found = []
    for path in sources.files(".html"):
        text = path.read_text(encoding="utf-8")
        if outside.search(text) or inline_script.search(text):
            found.append(sources.shown(path))
    assert not found


def test_every_stylesheet_is_linked() -> None:
    """By all shells, or by the audience that needs it."""
    linked = set()
    for path in sources.files(".html"):
        linked |= set(re.findall(r"web/css/([\w-]+\.css)", path.read_text(encoding="utf-8")))
    assert {path.name for path in (VENDOR.parent / "css").glob("*.css")} == linked
