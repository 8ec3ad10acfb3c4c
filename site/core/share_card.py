"""The picture shown where a page is shared: platform, owner, title, a line below, in one language.

Nothing of a reader, no count: the same file until title or dates change. Drawn with Noto Sans CJK,
whose faces differ by region: a Hong Kong reader must not get mainland shapes.
"""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from PIL import Image, ImageDraw, ImageFont

from core import clock, page_cache

WIDTH, HEIGHT, EDGE = 1200, 630, 72
BRAND, PALE, WHITE, INK = "#0a5c6b", "#cfe3e6", "#ffffff", "#0b0c0c"
LAMP = "#f2b233"
#: Where the title begins and must have ended, and its lines' distance in font sizes.
_TOP, _BOTTOM, _LEADING = 232, HEIGHT - 106, 1.3
KEPT_SECONDS = 24 * 60 * 60
#: Changes with the drawing, so that kept pictures of the old one are not served.
_EDITION = "2"
_FACES = {"en": "Noto Sans CJK HK", "zh-hant": "Noto Sans CJK HK", "zh-hans": "Noto Sans CJK SC"}
#: A word, a space, or one character of a script written without spaces.
_PIECE = re.compile(r"[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]+|\s+|.")
#: What may not begin a line in Chinese.
_NOT_FIRST = frozenset("，。、；：？！）」』》〉】…％%")
#: What may not end one.
_NOT_LAST = frozenset("（「『《〈【")
#: In these faces curly quotes are as wide as a Chinese character.
_STRAIGHT = str.maketrans("“”‘’", "\"\"''")
_CHINESE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
#: In no font: drawn as the box of what is missing.
_NOWHERE = "\U0010fffe"


#: How long others may hold the picture: its words seldom change.
SECONDS = 3600


class NoFont(LookupError):
    """The fonts for cards are not installed (``KAIFONG["CARD_FONTS"]``)."""


@dataclass(frozen=True)
class Card:
    """The words of a card; ``language`` is the page's, ``dates`` what stands below the title."""

    language: str
    platform: str
    owner: str
    title: str
    dates: str


def served(card: Card, *, tags: Iterable[str], seconds: int = SECONDS) -> HttpResponse:
    """The picture as an answer, kept until one of the tags is purged; ``seconds`` for others.

    Where the fonts are not installed the platform's own picture is shown instead.
    """
    try:
        content = picture(card)
    except NoFont:
        return HttpResponseRedirect(static("img/share.png"))
    response = HttpResponse(content, content_type="image/png")
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    return page_cache.keep(response, tags=tags, now=clock.now())


def picture(card: Card) -> bytes:
    """The card as PNG, kept for a day. Raises NoFont."""
    words = "\x1f".join((_EDITION, *astuple(card)))
    key = f"share-card:{hashlib.sha256(words.encode()).hexdigest()}"
    content: bytes | None = cache.get(key)
    if content is None:
        content = _draw(card)
        cache.set(key, content, KEPT_SECONDS)
    return content


@lru_cache(maxsize=32)
def _font(language: str, weight: str, size: int) -> ImageFont.FreeTypeFont:
    """The region's face out of the collection. Raises NoFont."""
    wanted = _FACES[language]
    for folder in settings.KAIFONG["CARD_FONTS"]:
        path = Path(folder) / f"NotoSansCJK-{weight}.ttc"
        if not path.exists():
            continue
        for index in range(10):
            try:
                font = ImageFont.truetype(str(path), size, index=index)
            except OSError:
                break
            if font.getname()[0] == wanted:
                return font
    raise NoFont(wanted)


def _clean(text: str, font: Any) -> str:
    """One line without what would turn the others round, or has no shape in this face (emoji)."""
    if not _CHINESE.search(text):
        text = text.translate(_STRAIGHT)
    box = bytes(font.getmask(_NOWHERE))
    shapes = {
        each: unicodedata.category(each) not in {"Cc", "Cf", "Cs"}
        and bytes(font.getmask(each)) != box
        for each in set(text)
        if not each.isspace()
    }
    kept = (" " if each.isspace() else each for each in text if shapes.get(each, True))
    return " ".join("".join(kept).split())


def _lines(text: str, font: Any, width: int) -> list[str]:
    """The text cut between words, or between Chinese characters, into lines that fit."""
    lines, line = [], ""
    for piece in _fitting(_PIECE.findall(text), font, width):
        if line and font.getlength(line + piece.rstrip()) > width and piece[0] not in _NOT_FIRST:
            kept = line.rstrip().rstrip("".join(_NOT_LAST))
            lines.append(kept.rstrip() or line.strip())
            line = line.rstrip()[len(kept) :] if kept else ""
        line += piece if line else piece.lstrip()
    return [*lines, line.strip()] if line.strip() else lines


def _fitting(pieces: list[str], font: Any, width: int) -> list[str]:
    """The same pieces, a word that is wider than a line cut into its characters."""
    found: list[str] = []
    for piece in pieces:
        found.extend(piece if font.getlength(piece) > width else [piece])
    return found


def _title(card: Card) -> tuple[list[str], Any]:
    """The title's lines and the largest size in which they are few enough; else cut with an …."""
    width, face = WIDTH - 2 * EDGE, _font(card.language, "Bold", 46)
    # Of a title that is nothing but emoji nothing is left.
    text = (_clean(card.title, face) or _clean(card.dates, face))[:400]
    for size in (68, 60, 52, 46):
        font = _font(card.language, "Bold", size)
        lines = _lines(text, font, width)
        room = int((_BOTTOM - _TOP) / (size * _LEADING))
        if len(lines) <= room:
            return lines, font
    last = lines[room - 1]
    while last and font.getlength(last + "…") > width:
        last = last[:-1]
    return [*lines[: room - 1], last + "…"], font


def _short(text: str, font: Any, width: int) -> str:
    """The text on one line."""
    text = _clean(text, font)
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(text + "…") > width:
        text = text[:-1]
    return text + "…"


def _draw(card: Card) -> bytes:
    small = _font(card.language, "Regular", 36)
    strong = _font(card.language, "Bold", 36)
    image = Image.new("RGB", (WIDTH, HEIGHT), WHITE)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, WIDTH, 120), fill=BRAND)
    pen.rectangle((0, 120, WIDTH, 128), fill=LAMP)
    inner = WIDTH - 2 * EDGE
    pen.text((EDGE, 60), _short(card.platform, strong, inner), WHITE, strong, anchor="lm")
    pen.text((EDGE, 188), _short(card.owner, small, inner), BRAND, small, anchor="lm")
    lines, font = _title(card)
    step = round(font.size * _LEADING)
    for place, line in enumerate(lines):
        pen.text((EDGE, _TOP + place * step), line, INK, font)
    pen.rectangle((EDGE, _BOTTOM, WIDTH - EDGE, _BOTTOM + 3), fill=PALE)
    pen.text((EDGE, HEIGHT - 58), _short(card.dates, strong, inner), BRAND, strong, anchor="lm")
    content = io.BytesIO()
    image.quantize(64, dither=Image.Dither.NONE).save(content, "PNG", optimize=True)
    return content.getvalue()
