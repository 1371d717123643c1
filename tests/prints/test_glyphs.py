"""What the vendored fonts can draw, and that they are the files their manifest says."""

import hashlib
import json

from jizhi.prints import glyphs


def test_fonts_are_the_unchanged_files_of_their_manifest() -> None:
    manifest = json.loads((glyphs.FONTS / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["licence"] == "OFL-1.1"
    assert "SIL Open Font License" in (glyphs.FONTS / manifest["licence_file"]).read_text(encoding="utf-8")
    assert set(manifest["files"]) == {path.name for path in glyphs.FONTS.glob("*.ttf")}
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((glyphs.FONTS / name).read_bytes()).hexdigest() == digest


def test_common_and_rare_characters_are_covered() -> None:
    text = "积分公示：石桥村（2022）欧阳䶮𬭚锌·〓 Points – “ok” ≥ × ①"
    assert glyphs.printable(text) == (text, [])


def test_what_is_not_covered_becomes_the_geta_mark() -> None:
    assert glyphs.printable("王\U00020000☐") == ("王〓〓", ["\U00020000", "☐"])


def test_invisible_characters_are_dropped_and_lines_kept() -> None:
    assert glyphs.printable("甲\x00\u202e乙\r\n丙\t丁\ud800") == ("甲乙\n丙 丁", [])


def test_decomposed_letters_are_composed() -> None:
    assert glyphs.printable("e\u0301") == ("é", [])
