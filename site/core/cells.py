"""Texts that no spreadsheet runs: what people wrote stays text, numbers stay numbers."""

from __future__ import annotations

import re

#: What begins a formula, in a half or full width; what is unseen before it does not help it.
_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_UNSEEN = re.compile("^[\\s\\x00-\\x20\"';,\u00a0\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_CONTROL = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\ufffe\uffff]")


def harmless(text: str) -> str:
    """The text with an apostrophe in front where a spreadsheet would take it for a formula.

    Also where spaces, quotes, separators or invisible characters stand before the sign: programs
    differ in what they pass over (``;=…`` is a cell of its own where ``;`` parts cells). A tab or
    line break in front is one too. Control characters, which no XML can hold, become spaces.
    """
    clean = _CONTROL.sub(" ", text)
    bare = _UNSEEN.sub("", clean)
    if bare.startswith(_STARTS) or clean[:1] in ("\t", "\r", "\n"):
        return f"'{clean}"
    return clean
