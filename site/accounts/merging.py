"""What hangs on a person and must be settled when two turn out to be one.

A room registers a function once, in ``AppConfig.ready()``. It is called inside the transaction of
``merge_persons`` with the persons locked, and moves its rows from ``gone`` to ``keep`` by its own
rule; for votes the earliest stands (decision 5). It must leave nothing that names ``gone`` where a
uniqueness of persons matters.
"""

from typing import Protocol

from accounts.models import Person


class Settlement(Protocol):
    """``settle(keep=…, gone=…)`` moves one room's rows; it raises to undo the whole merge."""

    def __call__(self, *, keep: Person, gone: Person) -> object: ...


_settlements: dict[str, Settlement] = {}


def register(name: str, settle: Settlement) -> None:
    """Add a room's settlement under a name of its own; the same name again replaces it."""
    _settlements[name] = settle


def unregister(name: str) -> None:
    """Take a settlement away again (tests)."""
    _settlements.pop(name, None)


def settle_all(*, keep: Person, gone: Person) -> None:
    """Run every settlement, in the order of their names."""
    for name in sorted(_settlements):
        _settlements[name](keep=keep, gone=gone)
