"""Parts of a picture are hidden for good: each is filled with its own mean colour.

A coarse blur can be undone; one colour says nothing of what was there. The pictures opened here
were made by ourselves (``examiner``), so they need no process of their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from PIL import Image

from participation.attachments import caps
from participation.attachments.examining import MEDIA_TYPES, Examined

#: Boxes along the longer and the shorter side of a picture.
LONGER, SHORTER, EVEN = 8, 4, 6
#: A picture whose sides differ less is even.
NEARLY = 1.25


def grid_of(width: int, height: int) -> tuple[int, int]:
    """How many rows and columns of boxes lie over a picture of this size."""
    if not width or not height:
        return 0, 0
    if height > width * NEARLY:
        return LONGER, SHORTER
    if width > height * NEARLY:
        return SHORTER, LONGER
    return EVEN, EVEN


def boxes_of(parts: Iterable[str], width: int, height: int) -> list[tuple[int, int, int, int]]:
    """The pixels of parts named ``row-column`` from 1; what names none is passed over."""
    rows, columns = grid_of(width, height)
    found = []
    for part in set(parts):
        row, _dash, column = part.partition("-")
        if not (row.isascii() and row.isdigit() and column.isascii() and column.isdigit()):
            continue
        down, along = int(row[:3]), int(column[:3])
        if 1 <= down <= rows and 1 <= along <= columns:
            left, right = width * (along - 1) // columns, -(-width * along // columns)
            top, bottom = height * (down - 1) // rows, -(-height * down // rows)
            found.append((left, top, right, bottom))
    return sorted(found)


def hide(
    file: IO[bytes] | Any,
    media_type: str,
    boxes: Iterable[tuple[int, int, int, int]],
    folder: Path,
) -> Examined:
    """The picture with these parts hidden, and its small one, made in ``folder``."""
    with Image.open(file, formats=["JPEG", "PNG"]) as opened:
        opened.load()
        mode = "RGBA" if opened.mode in {"RGBA", "LA"} else "RGB"
        image = opened.convert(mode)
    for box in boxes:
        whole = image.crop(box)
        mean = whole.resize((1, 1), Image.Resampling.BOX)
        image.paste(mean.resize(whole.size), box)
    made, small_path = folder / "made", folder / "small"
    extension = next(name for name, one in MEDIA_TYPES.items() if one == media_type)
    if extension == "png":
        image.save(made, "PNG", optimize=True)
    else:
        image.save(made, "JPEG", quality=85, optimize=True, progressive=True)
    small = image.copy()
    small.thumbnail((caps.SMALL_SIDE,) * 2, Image.Resampling.LANCZOS)
    small.save(small_path, "WEBP", quality=72, method=4)
    return Examined(
        extension=extension,
        media_type=media_type,
        size=made.stat().st_size,
        sha256=hashlib.sha256(made.read_bytes()).hexdigest(),
        path=made,
        small=small_path,
        width=image.width,
        height=image.height,
        small_width=small.width,
        small_height=small.height,
    )
