"""What may be moderated: each kind of text registers here, from its app's ``ready()``.

Moderation sits below the rooms, so it knows their texts by a kind and an opaque id only. The room
says how to show one (``load``), and what publishing and withholding do to its rows; both are called
inside the transaction of the decision, with the target's own row locked by the room.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise

from accounts.models import Account


class UnknownKind(LookupError):
    """No target of that kind is registered."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """Something the text stands under or answers: a paragraph of the paper, the parent comment."""

    label: str | Promise
    text: str
    language: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FileView:
    """A file that belongs to the text: its addresses, and words for a picture.

    ``small_path`` is "" for what cannot be shown in a page. ``note`` is a sentence on its state.
    """

    name: str
    what: str
    path: str = ""
    small_path: str = ""
    width: int = 0
    height: int = 0
    alt: str = ""
    note: str | Promise = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class TargetView:
    """One text as a moderator, and where ``public`` also a reader who reports it, may see it.

    ``title``, ``bureau`` and ``public_path`` are by language (empty for display names);
    ``title_words`` are the titles with marks where a line may end (``Engagement.title_words``).
    ``author_id`` is the person's public id, or "" for nobody's. ``author_path`` is where the
    author reads what became of it (the receipt). ``also_by`` are the public ids of other persons
    who wrote it too, ``also_path`` where those read of it. ``public`` says whether everybody can
    see the text now; only then can it be reported.
    """

    public_id: str
    text: str
    language: str
    version: int
    author_id: str
    author_name: str = ""
    engagement_id: str = ""
    title: Mapping[str, str] = field(default_factory=dict)
    title_words: Mapping[str, str] = field(default_factory=dict)
    bureau: Mapping[str, str] = field(default_factory=dict)
    bureau_code: str = ""
    closes_at: dt.datetime | None = None
    received_at: dt.datetime | None = None
    passages: tuple[Passage, ...] = ()
    files: tuple[FileView, ...] = ()
    public: bool = False
    public_path: Mapping[str, str] | str = ""
    author_path: str = ""
    also_by: tuple[str, ...] = ()
    also_path: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """One kind of text.

    ``publish(public_id, by, version)`` and ``withhold(public_id, by, version, rule, sentence)``
    write the room's own rows; they raise ``core.exceptions.Conflict`` when ``version`` is not the
    one that waits. ``lock(public_id)`` takes the row that the author's own acts take first: a
    decision takes it before the queue's item, so that neither waits for what the other holds.
    ``load_many`` gives views by id in a fixed number of queries, for the queue; without it the
    queue asks ``load`` for each. ``name_of`` says which target, as kind and id, the name is that
    everybody reads beside a public text of this kind; None where no name stands there.
    """

    kind: str
    title: str | Promise
    load: Callable[[str], TargetView | None]
    publish: Callable[[str, Account, int], None]
    withhold: Callable[[str, Account, int, str, str], None]
    lock: Callable[[str], None] | None = None
    load_many: Callable[[Iterable[str]], Mapping[str, TargetView]] | None = None
    name_of: Callable[[str], tuple[str, str] | None] | None = None

    def views(self, ids: Iterable[str]) -> Mapping[str, TargetView]:
        """The views of several targets by id; those that are gone are left out."""
        wanted = list(ids)
        if self.load_many is not None:
            return self.load_many(wanted)
        found = {public_id: self.load(public_id) for public_id in wanted}
        return {public_id: view for public_id, view in found.items() if view is not None}


_registry: dict[str, Target] = {}


def register(target: Target) -> Target:
    """Make a kind known; another target of the same kind is refused."""
    known = _registry.get(target.kind)
    if known is not None and known != target:
        raise ValueError(f"Targets of kind '{target.kind}' are registered already.")
    _registry[target.kind] = target
    return target


def unregister(kind: str) -> None:
    """Forget a kind; for tests that register their own."""
    _registry.pop(kind, None)


def find(kind: str) -> Target:
    """The target of that kind; raises ``UnknownKind``."""
    try:
        return _registry[kind]
    except KeyError:
        raise UnknownKind(f"No moderation target is called '{kind}'.") from None


def known(kind: str) -> bool:
    """Whether the kind is registered: for addresses, which anybody may type."""
    return kind in _registry


def registered() -> tuple[Target, ...]:
    """Every kind, by name."""
    return tuple(_registry[kind] for kind in sorted(_registry))
