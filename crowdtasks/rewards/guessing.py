"""Whether a voucher's code could be guessed: how much of it can be random at most (P9).

Nobody can see in a code how it was made. What can be seen is how many codes of its form there are:
its letters and digits beyond what all codes of the file begin with, by how many different signs
each may be. That is the most it can hold; a code below ``BITS`` is certainly too weak, one above it
is as good as its maker.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from django.views.decorators.debug import sensitive_variables

from crowdtasks.rewards.sealing import Code

#: What a code needs, in bits: 16 capital letters and digits, 20 hexadecimal ones, 25 digits alone.
BITS = 80
_SIGNS = (
    (re.compile(r"[0-9]*"), 10),
    (re.compile(r"[0-9A-F]*|[0-9a-f]*"), 16),
    (re.compile(r"[0-9A-Z]*|[0-9a-z]*"), 36),
)
_MIXED = 62
_NO_SIGN = re.compile(r"[^0-9A-Za-z]")


def bits_of(text: str) -> float:
    """The most that letters and digits of such a text can hold."""
    plain = _NO_SIGN.sub("", text)
    signs = next((number for form, number in _SIGNS if form.fullmatch(plain)), _MIXED)
    return len(plain) * math.log2(signs)


@sensitive_variables()
def _shared(first: str, last: str) -> int:
    """How many signs all texts from the first to the last in order begin with together."""
    pairs = enumerate(zip(first, last, strict=False))
    return next((place for place, (one, other) in pairs if one != other), len(first))


@sensitive_variables()
def guessable(codes: Sequence[tuple[Code, str]]) -> set[str]:
    """The digests of those that could be guessed, of one file's codes with their digests."""
    texts = [code.reveal() for code, _mark in codes]
    shared = _shared(min(texts), max(texts)) if len(texts) > 1 else 0
    return {
        mark
        for text, (_code, mark) in zip(texts, codes, strict=True)
        if bits_of(text[shared:]) < BITS
    }
