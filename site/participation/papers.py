"""The written form of a vote with several choices, and the commitment to it.

Both are told to voters and to whoever recounts a vote, so they never change:

* the written form: ``id=value`` for each entry chosen, by id, with commas between them;
* the commitment: SHA-256, in hexadecimal, over the ballot's id, the salt and the written form, each
  on a line of its own (no newline at the end).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def written(choices: Iterable[tuple[str, int]]) -> str:
    """Choices as (public id, value) in the one written form."""
    return ",".join(f"{entry}={value}" for entry, value in sorted(choices))


def digest(text: str) -> str:
    """What tells one written form from another within a ballot."""
    return hashlib.sha256(text.encode()).hexdigest()


def commitment(ballot: str, salt: str, text: str) -> str:
    """What is published of a vote: nobody finds it without the salt."""
    return hashlib.sha256(f"{ballot}\n{salt}\n{text}".encode()).hexdigest()
