"""Words one slip away from a word: a letter too many, too few, another, or two that changed places.

Four slips in five are one of these. More would need a list of all words and suggest too much.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from string import ascii_lowercase

from search.analysis import segments

#: Shorter words are one slip away from too many others.
SHORTEST, LONGEST = 4, 24
_WORD = re.compile(rf"[a-z]{{{SHORTEST},{LONGEST}}}")


def may_be_slip(word: str) -> bool:
    """Whether it is a word that is looked at."""
    return _WORD.fullmatch(word) is not None


def slips(word: str) -> Iterator[str]:
    """Every text one slip away, the likelier kinds of slip first."""
    for at in range(len(word) - 1):
        if word[at] != word[at + 1]:
            yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
    for at in range(len(word) + 1):
        for letter in ascii_lowercase:
            yield word[:at] + letter + word[at:]
    for at in range(len(word)):
        for letter in ascii_lowercase:
            if letter != word[at]:
                yield word[:at] + letter + word[at + 1 :]


def read_slips(word: str) -> dict[str, int]:
    """The words one slip away with how unlikely each is: its place among the kinds of slip."""
    return {text: place for place, text in enumerate(dict.fromkeys(slips(word)))}


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """What an index holds of a word."""
    return next((each.text for each in segments(word)), "")
