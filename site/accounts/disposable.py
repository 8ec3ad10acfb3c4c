"""Throw-away mailboxes: an address anybody can have by the dozen is no sign of a person (A11).

Nobody is refused at the door: such an address may sign in, read and follow, and write where
anyone may. It gives no level, so it neither votes nor supports until the address is changed to a
lasting one or the person is verified. Accounts from before a domain was listed keep their level.
"""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

_LIST = Path(__file__).parent / "data" / "disposable_domains.txt"


@lru_cache(maxsize=1)
def listed() -> frozenset[str]:
    """The domains of the list in the project, in lower case."""
    lines = (line.strip() for line in _LIST.read_text(encoding="ascii").splitlines())
    return frozenset(line for line in lines if line and not line.startswith("#"))


def is_disposable(address: str) -> bool:
    """Whether a cleaned address is of a listed domain or one below it, never of a look-alike."""
    domain = address.rpartition("@")[2].lower()
    own = {each.strip().lower() for each in settings.KAIFONG["DISPOSABLE_DOMAINS"]}
    labels = domain.split(".")
    parts = {".".join(labels[start:]) for start in range(len(labels))}
    return bool(parts & (listed() | own))
