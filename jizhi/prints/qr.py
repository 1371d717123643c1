"""QR codes as SVG or PNG.

Only pictures of a text: what the text means, and whether it may be printed, is the caller's business.
Medium error correction, because cards get creased and notices get rained on.
"""

import io

import segno


def svg(text: str, *, border: int = 0) -> str:
    """An SVG element that scales to the space it is given; `border` counts quiet modules."""
    out = io.BytesIO()
    _make(text).save(out, kind="svg", border=border, xmldecl=False, omitsize=True)
    return out.getvalue().decode("utf-8").strip()


def png(text: str, *, scale: int = 8, border: int = 4) -> bytes:
    """A PNG with `scale` pixels per module and the quiet zone that scanners ask for."""
    out = io.BytesIO()
    _make(text).save(out, kind="png", scale=scale, border=border)
    return out.getvalue()


def _make(text: str) -> segno.QRCode:
    if not text:
        raise ValueError("a QR code needs a text")
    return segno.make(text, error="m", micro=False)
