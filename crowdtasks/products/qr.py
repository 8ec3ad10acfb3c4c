"""QR codes: drawn by ``segno`` (BSD-3-Clause), as SVG with no style and no script in it."""

from __future__ import annotations

import io

import segno


def svg_of(address: str) -> bytes:
    """The code of an address, black on white with the quiet zone that ISO/IEC 18004 asks for.

    A quarter of it may be unreadable (level Q), as on a poster in the street. The same address
    gives the same bytes.
    """
    out = io.BytesIO()
    segno.make(address, error="q", micro=False).save(
        out, kind="svg", scale=8, border=4, dark="#000", light="#fff", xmldecl=False, nl=False
    )
    return out.getvalue()
