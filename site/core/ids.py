"""Opaque identifiers for addresses, commands and receipts. Never a primary key.

A public id has 12 characters without vowels (so it spells nothing) and about 59 bits: no sequence
is revealed and guessing is hopeless behind our limits. A receipt code is a secret its holder may
write on paper: 128 bits as 26 characters of Crockford's alphabet, which has no I, L, O or U.
"""

from __future__ import annotations

import secrets
import unicodedata

PUBLIC_ALPHABET = "0123456789bcdfghjkmnpqrstvwxyz"
PUBLIC_LENGTH = 12
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 26
_GROUP = 5
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def public_id() -> str:
    """A new opaque id of 12 characters for an address. Uniqueness is the column's constraint."""
    return "".join(secrets.choice(PUBLIC_ALPHABET) for _ in range(PUBLIC_LENGTH))


def is_public_id(text: object) -> bool:
    """Whether it has the form of a public id: what has not is never asked of the database.

    PostgreSQL refuses a NUL in a text and SQLite does not, so an id from a form is looked at first.
    """
    return (
        isinstance(text, str)
        and len(text) == PUBLIC_LENGTH
        and all(character in PUBLIC_ALPHABET for character in text)
    )


def receipt_code() -> str:
    """A new secret code of 26 characters (128 bits). Store it, show it with ``show_code``."""
    number = secrets.randbits(128)
    characters = []
    for _ in range(CODE_LENGTH):
        number, index = divmod(number, len(CODE_ALPHABET))
        characters.append(CODE_ALPHABET[index])
    return "".join(reversed(characters))


def show_code(code: str) -> str:
    """The code in groups for reading aloud: ``ABCDE-FGHJK-…``; the last group may have six."""
    groups = [code[start : start + _GROUP] for start in range(0, len(code), _GROUP)]
    if len(groups) > 1 and len(groups[-1]) == 1:
        groups[-2:] = [groups[-2] + groups[-1]]
    return "-".join(groups)


def clean_code(text: str, *, length: int = CODE_LENGTH) -> str:
    """What somebody typed or pasted as a code of that length, or ``""`` where it cannot be one.

    Full-width characters, lower case, spaces and hyphens are forgiven, and the letters O, I and L
    are read as the digits they are mistaken for.
    """
    folded = unicodedata.normalize("NFKC", str(text)[:200]).upper().translate(_MISREAD)
    kept = "".join(character for character in folded if character.isalnum())
    if len(kept) != length or any(character not in CODE_ALPHABET for character in kept):
        return ""
    return kept
