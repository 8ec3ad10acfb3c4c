"""Which kinds of entries may hold files. Rooms register theirs in ``AppConfig.ready()``.

Files hang on the register's entry by a foreign key; the room whose kind of entry it is says when
they are wanted. Kinds nobody registered hold none, and every address about their files is absent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from participation import kinds
from participation.attachments import caps

if TYPE_CHECKING:
    from participation.models import Contribution, Engagement


@dataclass(frozen=True, kw_only=True, slots=True)
class Holder:
    """``kind`` is the entry's, ``verb`` what must be open to add or take away a file.

    ``accepts(engagement)`` says whether files are wanted there at all; ``most`` is how many an
    entry may have, never more than ``caps.MOST_FILES``.
    """

    kind: str
    verb: str
    accepts: Callable[[Engagement], bool]
    most: int = caps.MOST_FILES
    #: Called when files alone make a new version: ``(entry, from number, to number)``. A room that
    #: keeps rows of its own for each version copies the one to the other.
    on_version: Callable[[Contribution, int, int], None] | None = None


_registry: dict[str, Holder] = {}


def register(holder: Holder) -> Holder:
    """Make a kind known. Raises ValueError for a second holder of it, and for too many files."""
    if _registry.get(holder.kind, holder) != holder:
        raise ValueError(f"Files of entries of kind '{holder.kind}' are registered already.")
    if not 0 < holder.most <= caps.MOST_FILES:
        raise ValueError(f"An entry holds 1 to {caps.MOST_FILES} files.")
    _registry[holder.kind] = holder
    kinds.on_change(holder.kind, _follow)
    return holder


def unregister(kind: str) -> None:
    """Forget a kind (tests)."""
    _registry.pop(kind, None)


def holder_of(kind: str, engagement: Engagement) -> Holder | None:
    """Who says about files of such entries here; None where none are wanted."""
    holder = _registry.get(kind)
    return holder if holder is not None and holder.accepts(engagement) else None


def is_known(kind: str) -> bool:
    """Whether entries of this kind may have files anywhere."""
    return kind in _registry


def _follow(contribution: Contribution) -> None:
    from participation.actions.attachments import follow_entry

    follow_entry(contribution)
