"""A picture of the screen as somebody sends it with a finding, drawn here."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

SIZE = (390, 720)
PAPER, BAR, LINE, SEAT, TAKEN = "#ffffff", "#0a5c6b", "#b9d4d9", "#86b8c1", "#e7b35a"


def draw() -> bytes:
    """A booking with its date and seat and nothing to press, as PNG."""
    picture = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, SIZE[0], 64), fill=BAR)
    pen.rounded_rectangle((24, 24, 180, 40), 8, fill=PAPER)
    for top in range(5):
        for left in range(6):
            taken = (top * 5 + left * 3) % 4 == 0
            x, y = 40 + left * 54, 110 + top * 54
            pen.rounded_rectangle((x, y, x + 38, y + 38), 8, fill=TAKEN if taken else SEAT)
    pen.rounded_rectangle((24, 410, 366, 560), 14, outline=LINE, width=3)
    for top, wide in ((440, 190), (480, 260), (520, 150)):
        pen.rounded_rectangle((44, top, 44 + wide, top + 14), 7, fill=LINE)
    content = io.BytesIO()
    picture.save(content, "PNG", optimize=True)
    return content.getvalue()
