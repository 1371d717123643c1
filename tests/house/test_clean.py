"""What must not be in the repository: addresses of package indexes, paths of a machine, files nobody vouches for.

Vendored files carry a manifest with version, licence and checksum; a file that differs from it fails.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.house import sources

TEXTS = (
    ".py", ".html", ".md", ".toml", ".lock", ".yaml", ".yml", ".po", ".css", ".js", ".json", ".typ", "Makefile", "run",
)  # fmt: skip
_MACHINE_PATH = re.compile(r"""(?<![\w.~])/(?:root|home|work|Users)/\w""")
# written so that this file does not find itself
_INDEX = re.compile(
    r"pypi[.]org|files[.]pythonhosted|registry[.]npmjs|--(?:extra-)?index[-]url|--find[-]links"
)


def test_no_machine_paths_and_no_index_addresses() -> None:
    found = []
    for path in sources.files(*TEXTS):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if _MACHINE_PATH.search(line) or _INDEX.search(line):
                found.append(f"{sources.shown(path)}:{number} {line.strip()[:100]}")
    assert not found, "\n".join(found)


def test_locks_pin_every_package_with_hashes() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        lines = (sources.ROOT / name).read_text(encoding="ascii").splitlines()
        pins = [number for number, line in enumerate(lines) if not line.startswith((" ", "#"))]
        loose = [lines[n] for n in pins if "==" not in lines[n] or "--hash=sha256:" not in lines[n + 1]]
        assert not loose, f"{name}: {loose}"


def _parcels() -> list[tuple[Path, dict[str, Any]]]:
    """Each vendored parcel: its directory and its manifest entry."""
    found = []
    for manifest in sorted((sources.ROOT / "jizhi").glob("**/manifest.json")):
        entries = json.loads(manifest.read_text(encoding="utf-8"))
        for entry in entries if isinstance(entries, list) else [entries]:
            found.append((manifest.parent / entry.get("folder", ""), entry))
    return found


@pytest.mark.parametrize(("place", "entry"), _parcels(), ids=lambda part: getattr(part, "name", None))
def test_vendored_files_are_what_their_manifest_says(place: Path, entry: dict[str, Any]) -> None:
    assert entry["name"]
    assert entry["version"]
    assert entry["licence"]
    for name, digest in entry["files"].items():
        assert hashlib.sha256((place / name).read_bytes()).hexdigest() == digest, name
    known = {*entry["files"], entry.get("licence_file"), "manifest.json"}
    strangers = {str(path.relative_to(place)) for path in place.rglob("*") if path.is_file()} - known
    assert not strangers, f"not in the manifest: {sorted(strangers)}"


def test_everything_vendored_has_a_manifest() -> None:
    known = {place for place, _ in _parcels()}
    for vendor in (sources.ROOT / "jizhi").glob("**/static/**/vendor"):
        parcels = {entry for entry in vendor.iterdir() if entry.is_dir()}
        assert parcels <= known, f"without manifest: {sorted(p.name for p in parcels - known)}"
