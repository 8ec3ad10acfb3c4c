"""The name a file is shown and downloaded by. Where it lies has nothing to do with it (U5)."""

from __future__ import annotations

import re
import unicodedata

from core.text import _BIDI, _INVISIBLE, MARKS_MAXIMUM
from participation.attachments.caps import NAME_LIMIT

_BYTES = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
#: What file systems and shells read as something else than a letter.
_SIGNS = re.compile(r'[<>:"|?*`$;&%{}\\/]')
_SPACES = re.compile(r"\s+")
_RESERVED = re.compile(r"^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
_DOTS = re.compile(r"\.{2,}")


def clean_file_name(raw: object, extension: str) -> str:
    """The last part of what the browser called the file, safe to show, with the true extension.

    Never raises and is never empty: folders, control characters, direction marks, invisible
    characters and signs of shells are taken out; what claims to be another type keeps that as a
    part of its name (``cv.pdf.exe`` that is a JPEG becomes ``cv.pdf.jpg``).
    """
    text = _cleaned(raw)
    stem, dot, _claimed = text.rpartition(".")
    stem = (stem if dot and stem else text).strip(" .")
    if _RESERVED.match(stem):
        stem = f"file {stem}"
    stem = _short(stem, NAME_LIMIT - len(extension) - 1) or "file"
    return f"{stem}.{extension}"


def said_name(raw: object) -> str:
    """The same for a sentence about a file that was refused: as it came, and not long."""
    return _short(_cleaned(raw), 60) or "file"


def _cleaned(raw: object) -> str:
    text = str(raw or "")[-2000:]
    text = re.split(r"[/\\]", text)[-1]
    text = unicodedata.normalize("NFC", text)
    for pattern in (_CONTROL, _BIDI, _INVISIBLE):
        text = pattern.sub("", text)
    text = _SPACES.sub(" ", _DOTS.sub(".", _SIGNS.sub(" ", text))).strip(" .-~#")
    return _few_marks(text)


def _few_marks(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if marks <= MARKS_MAXIMUM:
            kept.append(character)
    return "".join(kept)


def _short(stem: str, most: int) -> str:
    stem = stem[:most]
    while len(stem.encode()) > _BYTES:
        stem = stem[:-1]
    return stem.rstrip(" .")
