"""What rooms do when an account is erased: take names away, drop what need not be kept.

Registered once, in ``AppConfig.ready()``; called inside the transaction, before the account goes.
"""

from typing import Protocol

from accounts.models import Account


class Erasure(Protocol):
    """``erase(account=…, last=…)``; ``last`` when no other account of the person remains."""

    def __call__(self, *, account: Account, last: bool) -> object: ...


_erasures: dict[str, Erasure] = {}


def register(name: str, erase: Erasure) -> None:
    """Add a room's erasure under a name of its own."""
    _erasures[name] = erase


def unregister(name: str) -> None:
    """Take an erasure away again (tests)."""
    _erasures.pop(name, None)


def erase_all(*, account: Account, last: bool) -> None:
    """Run every erasure, in the order of their names."""
    for name in sorted(_erasures):
        _erasures[name](account=account, last=last)
