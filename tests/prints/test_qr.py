"""QR codes: shapes only. That a phone reads them is the library's promise; that the text is whole is ours."""

import io

import pytest
import segno
from PIL import Image

from jizhi.prints import qr

TEXT = "https://example.org/c/石桥村/0045"


def test_svg_scales_to_its_space() -> None:
    picture = qr.svg(TEXT)
    assert picture.startswith("<svg")
    assert "viewBox" in picture
    assert "width=" not in picture.split(">")[0]


def test_png_has_the_modules_of_the_text() -> None:
    picture = Image.open(io.BytesIO(qr.png(TEXT, scale=1, border=0))).convert("L")
    expected = [bool(module) for row in segno.make(TEXT, error="m", micro=False).matrix for module in row]
    assert [pixel == 0 for pixel in picture.tobytes()] == expected


def test_an_empty_text_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a text"):
        qr.svg("")
