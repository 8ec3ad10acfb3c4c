"""What changed between two versions of a text, as pieces that were kept, added or taken out.

Chinese has no spaces, so its characters are compared one by one and other scripts word by word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_PIECES = re.compile(
    r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]|\s+|[^\s\u3400-\u9fff\uf900-\ufaff]+"
)
#: Longer texts are compared line by line: comparing pieces grows with their product.
MOST_PIECES = 3000


@dataclass(frozen=True, slots=True)
class Piece:
    """``kind`` is same, added or gone."""

    kind: str
    text: str


def difference(old: str, new: str) -> list[Piece]:
    """The way from one text to the other; the same text gives one piece, two empty ones none."""
    before, after = _cut(old), _cut(new)
    if len(before) + len(after) > MOST_PIECES:
        before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    pieces: list[Piece] = []
    for what, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(Piece("same", "".join(before[i1:i2])))
            continue
        if i2 > i1:
            pieces.append(Piece("gone", "".join(before[i1:i2])))
        if j2 > j1:
            pieces.append(Piece("added", "".join(after[j1:j2])))
    return pieces


def _cut(text: str) -> list[str]:
    return _PIECES.findall(text)
