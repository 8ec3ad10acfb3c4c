"""The one picture of the demonstration, drawn here: bags by size before a street of houses."""

from __future__ import annotations

import io

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from accounts.models import Account, Bureau
from consultations.tree import ensure_collection
from core.models import MediaImage

TITLE = "Demonstration: designated bags"
SKY, WALL, SHADE, BAG, KNOT, LAMP = (
    "#eef6f7",
    "#b9d4d9",
    "#86b8c1",
    "#00703c",
    "#00512b",
    "#f2b233",
)
ROAD = "#0a5c6b"
WIDTH, HEIGHT, SCALE = 1440, 540, 2
#: Left edge, width and height of each house; then middle and height of each bag.
HOUSES = ((0, 250, 330), (250, 170, 250), (420, 230, 390), (650, 190, 290), (840, 260, 360))
MORE_HOUSES = ((1100, 150, 240), (1250, 190, 310))
BAGS = ((330, 90), (480, 125), (660, 165), (880, 215), (1140, 275))


def draw() -> bytes:
    """The picture as PNG. Drawn twice as large and made smaller, for smooth edges."""
    picture = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), SKY)
    pen = ImageDraw.Draw(picture)
    ground = HEIGHT - 70
    for place, (left, width, height) in enumerate((*HOUSES, *MORE_HOUSES)):
        _house(pen, (left, width, height), ground, WALL if place % 2 else SHADE)
    _rectangle(pen, (0, ground, WIDTH, HEIGHT), "#ffffff")
    _rectangle(pen, (0, ground, WIDTH, ground + 6), ROAD)
    for middle, height in BAGS:
        _bag(pen, middle, ground + 30, height)
    small = picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    content = io.BytesIO()
    small.quantize(64).save(content, "PNG", optimize=True)
    return content.getvalue()


def _rectangle(
    pen: ImageDraw.ImageDraw, edges: tuple[float, float, float, float], fill: str
) -> None:
    pen.rectangle([edge * SCALE for edge in edges], fill=fill)


def _house(pen: ImageDraw.ImageDraw, house: tuple[int, int, int], ground: int, fill: str) -> None:
    left, width, height = house
    _rectangle(pen, (left, ground - height, left + width, ground), fill)
    columns, rows = width // 46, height // 52
    gap = (width - columns * 26) / (columns + 1)
    for row in range(rows):
        for column in range(columns):
            x = left + gap + column * (26 + gap)
            y = ground - height + 24 + row * 52
            lit = (row * 5 + column * 3 + left) % 11 == 0
            _rectangle(pen, (x, y, x + 26, y + 28), LAMP if lit else SKY)


def _bag(pen: ImageDraw.ImageDraw, middle: int, bottom: int, height: int) -> None:
    """A full bag whose two handles are tied."""
    half = height * 0.42
    top = bottom - height

    def shape(points: list[tuple[float, float]]) -> None:
        """A polygon; x in halves of the bag's width from its middle, y in its heights."""
        corners = [((middle + half * x) * SCALE, (top + height * y) * SCALE) for x, y in points]
        pen.polygon(corners, fill=BAG)

    edges = (middle - half, top + height * 0.38, middle + half, bottom)
    radius = height * 0.16 * SCALE
    pen.rounded_rectangle([edge * SCALE for edge in edges], radius=radius, fill=BAG)
    shape([(-0.28, 0.2), (0.28, 0.2), (0.96, 0.46), (0.96, 0.6), (-0.96, 0.6), (-0.96, 0.46)])
    for side in (-1, 1):
        shape([(0, 0.22), (side * 0.3, 0.03), (side * 0.62, 0.06), (side * 0.3, 0.23)])
    knot = (middle - half * 0.3, top + height * 0.18, middle + half * 0.3, top + height * 0.24)
    pen.rounded_rectangle([edge * SCALE for edge in knot], radius=height * 0.03 * SCALE, fill=KNOT)


def make_cover(bureau: Bureau, by: Account) -> MediaImage:
    """The picture on the bureau's shelf of the CMS."""
    return MediaImage.objects.create(
        title=TITLE,
        file=ContentFile(draw(), name="demo-designated-bags.png"),
        collection=ensure_collection(bureau),
        uploaded_by_user=by,
    )
