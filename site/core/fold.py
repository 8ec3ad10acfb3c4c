"""Folding a text for matching: script, width, case and accents no longer matter.

The result is for comparing and searching, never for showing. Traditional characters are folded to
Simplified one by one (many to one on purpose), from ``data/fold.json``, which
``manage.py build_fold`` makes from OpenCC; OpenCC itself is not needed when the platform runs.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import lru_cache
from pathlib import Path

FOLD_FILE = Path(__file__).resolve().parent / "data" / "fold.json"
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
_SPACES = re.compile(r"\s+")
#: Characters of which none is made of others and none is a mark: most texts hold no other.
_PLAIN = re.compile("[\x00-\x7f\u3001-\u3020\u4e00-\u9fff]*")


@lru_cache(maxsize=1)
def table() -> dict[int, str]:
    """The character table for ``str.translate``; read once, when first needed."""
    entries: dict[str, str] = json.loads(FOLD_FILE.read_text(encoding="utf-8"))
    return {ord(source): target for source, target in entries.items()}


def fold_characters(text: str) -> str:
    """Only Traditional to Simplified, character by character; the length stays the same."""
    return text.translate(table())


@lru_cache(maxsize=20_000)
def _is_mark(character: str) -> bool:
    return unicodedata.category(character) == "Mn"


def _strip_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    # Most texts have none, and have few different characters.
    if not any(map(_is_mark, set(decomposed))):
        return unicodedata.normalize("NFC", decomposed)
    kept = []
    base_is_latin = False
    for character in decomposed:
        if _is_mark(character):
            if base_is_latin:
                continue
        else:
            base_is_latin = unicodedata.name(character, "").startswith("LATIN")
        kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept))


def fold(text: str) -> str:
    """NFKC, case, accents of Latin letters, zero-width characters and script folded away."""
    folded = unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).casefold()
    if _PLAIN.fullmatch(folded):
        # Nor would any of what follows change what the table leads to (a test holds it).
        folded = folded.translate(table())
    elif not folded.isascii():
        folded = _strip_accents(_UNSEEN.sub("", folded)).translate(table())
        folded = unicodedata.normalize("NFKC", folded).casefold()
    return _SPACES.sub(" ", folded).strip()
