"""Rooms keep rows beside an entry of the register; here they hear when the entry changes.

A room calls ``on_change("statement", follow_it)`` in ``AppConfig.ready()``; the function is called
inside the transaction that changed the entry, after the entry was written.
"""

from collections.abc import Callable

from participation.models import Contribution

Follower = Callable[[Contribution], None]

_followers: dict[str, list[Follower]] = {}


def on_change(kind: str, follower: Follower) -> None:
    """Call ``follower(contribution)`` whenever an entry of this kind changes its state or text."""
    known = _followers.setdefault(kind, [])
    if follower not in known:
        known.append(follower)


def tell(contribution: Contribution) -> None:
    """Called by the register's actions after each write."""
    for follower in _followers.get(contribution.kind, []):
        follower(contribution)
