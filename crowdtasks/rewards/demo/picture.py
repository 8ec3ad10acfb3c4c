"""Pictures of the demonstration, drawn here: flat, in the platform's colours."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

SIZE = (1440, 960)
TINT, TEAL, DARK, SAND = "#e4f1f2", "#0a5c6b", "#063842", "#e7b35a"


def draw(what: str) -> bytes:
    """A ticket, a bag or a leaf, as PNG."""
    picture = Image.new("RGB", SIZE, TINT)
    pen = ImageDraw.Draw(picture)
    {"ticket": _ticket, "bag": _bag, "leaf": _leaf}[what](pen)
    content = io.BytesIO()
    picture.save(content, "PNG", optimize=True)
    return content.getvalue()


def _ticket(pen: ImageDraw.ImageDraw) -> None:
    pen.rounded_rectangle((320, 300, 1120, 660), 36, fill=TEAL)
    for top in range(330, 660, 60):
        pen.ellipse((850, top, 874, top + 24), fill=TINT)
    pen.rounded_rectangle((400, 390, 760, 430), 20, fill=SAND)
    pen.rounded_rectangle((400, 480, 640, 512), 16, fill=TINT)
    pen.rounded_rectangle((400, 550, 700, 582), 16, fill=TINT)


def _bag(pen: ImageDraw.ImageDraw) -> None:
    for left in (560, 600):
        pen.arc((left, 160, left + 280, 620), 180, 360, fill=DARK, width=26)
    pen.polygon([(470, 390), (970, 390), (1030, 800), (410, 800)], fill=TEAL)
    pen.rounded_rectangle((590, 520, 850, 690), 20, fill=SAND)


def _leaf(pen: ImageDraw.ImageDraw) -> None:
    pen.line((720, 640, 720, 300), fill=DARK, width=24)
    pen.ellipse((470, 300, 720, 460), fill=TEAL)
    pen.ellipse((720, 220, 970, 380), fill=TEAL)
    pen.polygon([(540, 620), (900, 620), (850, 820), (590, 820)], fill=SAND)
