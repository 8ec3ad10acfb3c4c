"""Collection codes of prizes: short, read aloud at a counter, typed by an officer."""

from __future__ import annotations

import secrets

from core.ids import CODE_ALPHABET
from crowdtasks.rewards.sealing import Code

#: 40 bits: enough behind an officer's role, a limit, and a bureau of its own.
SLIP_LENGTH = 8
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_slip() -> Code:
    """A new collection code."""
    return Code("".join(secrets.choice(CODE_ALPHABET) for _each in range(SLIP_LENGTH)))


def show_slip(code: Code) -> str:
    """The code in two groups, for reading aloud."""
    text = code.reveal()
    return f"{text[:4]}-{text[4:]}"


def clean_slip(typed: str) -> Code | None:
    """A collection code as it was typed, or None: case, spaces and hyphens are forgiven."""
    plain = typed[:40].upper().translate(_MISREAD)
    kept = "".join(sign for sign in plain if sign.isalnum())
    whole = len(kept) == SLIP_LENGTH and all(sign in CODE_ALPHABET for sign in kept)
    return Code(kept) if whole else None
