"""What an outcome answers to: the whole, a chapter, a statement, a question.

Participation knows targets by registration only. A room calls ``register(TargetKind(...))`` in
``AppConfig.ready()``; an item of the outcome keeps the kind and the room's own opaque key.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from participation.models import Citation, Contribution, Engagement, OutcomeItem

Texts = Mapping[str, str]
WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class TargetView:
    """One thing that can be answered to. ``title`` and ``path`` are by language; path may be {}.

    ``retired``: it was taken out of the paper, an item on it stays but none is begun.
    ``api_key``: what the API calls it, where that is not ``key``.
    """

    kind: str
    key: str
    title: Texts
    path: Texts = field(default_factory=dict)
    retired: bool = False
    api_key: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A result beside the counts of the register: ``value`` of ``of``, labelled by language.

    ``about`` is the key of the text whose words the label repeats, which its kind's ``withheld``
    knows.
    """

    key: str
    value: int
    of: int | None = None
    label: Texts = field(default_factory=dict)
    about: str = ""


@dataclass(frozen=True, slots=True)
class PartView:
    """One text of a response: ``text`` is '' unless it is public now."""

    text: str
    language: str
    path: str = ""
    #: The name that may be shown; '' for none.
    name: str = ""


@dataclass(frozen=True, slots=True)
class PartRow:
    """A public text of a response in the officer's list."""

    contribution: Contribution
    part: str
    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class TextRow:
    """A text that the bureau may read, for groups of alike ones; ``public``: everybody may."""

    text: str
    language: str
    public: bool


def _nothing(engagement: Engagement) -> list[str]:
    return []


def _stay(engagement: Engagement) -> None:
    pass


def _none(keys: Collection[str]) -> Collection[str]:
    return ()


def _no_figures(engagement: Engagement, key: str) -> list[Figure]:
    return []


@dataclass(frozen=True, kw_only=True)
class TargetKind:
    """How a room's targets are listed and what belongs to them.

    ``views(engagement)``: all of them in order, in a constant number of queries.
    ``entries(key)``: a condition on contributions that are about the target.
    ``keys_of(contribution)``: the targets a contribution is about.
    ``spoken(engagement)``: the targets something was said on, in a constant number of queries.
    ``figures``: results; asked only when results are not sealed.
    ``open_results``: called once where the outcome brings the results out, in its transaction and
    before its figures are counted: what was worked out for nobody until then can be.
    ``texts``: what was written on it, where that is not the contributions' own text.
    ``every``: an outcome must answer each of them (questions).
    ``withheld``: those of the keys whose words nobody may read any more, so that an outcome that
    repeats them does not show them; in one query.
    """

    kind: str
    label: str | Promise
    order: int
    views: Callable[[Engagement], list[TargetView]]
    entries: Callable[[str], Q]
    keys_of: Callable[[Contribution], list[str]]
    spoken: Callable[[Engagement], Iterable[str]] = _nothing
    figures: Callable[[Engagement, str], list[Figure]] = _no_figures
    open_results: Callable[[Engagement], None] = _stay
    texts: Callable[[Engagement, str], list[TextRow]] | None = None
    every: bool = False
    withheld: Callable[[Collection[str]], Collection[str]] = _none


ReadParts = Callable[[Iterable[Citation]], Mapping[tuple[int, str], PartView]]
#: Public texts of a room on a target (kind and key) that hold all the words.
ListParts = Callable[[Engagement, str, str, str], list[PartRow]]

_kinds: dict[str, TargetKind] = {}
_parts: dict[str, tuple[ReadParts, ListParts]] = {}


def register(kind: TargetKind) -> None:
    """Make a kind of target known. A second, different one of the name is refused."""
    known = _kinds.get(kind.kind)
    if known is not None and known is not kind:
        raise ValueError(f"Targets of kind '{kind.kind}' are registered already.")
    _kinds[kind.kind] = kind


def register_parts(contribution_kind: str, read: ReadParts, listing: ListParts) -> None:
    """Say how parts of an entry (the answers of a response) are read and listed.

    ``listing(engagement, kind, key, words)`` gives public texts on that target only.
    """
    _parts[contribution_kind] = (read, listing)


def kinds() -> list[TargetKind]:
    """The kinds in the order of an outcome: the whole first."""
    return sorted(_kinds.values(), key=lambda one: (one.order, one.kind))


def find(kind: str) -> TargetKind | None:
    """The kind of that name, None when no room knows it (any more)."""
    return _kinds.get(kind)


def targets_of(engagement: Engagement) -> dict[tuple[str, str], TargetView]:
    """Every target of an engagement by (kind, key), in the outcome's order."""
    return {(view.kind, view.key): view for kind in kinds() for view in kind.views(engagement)}


def has_results(kind: str) -> bool:
    """Whether targets of this kind have figures besides the register's."""
    target = _kinds.get(kind)
    return target is not None and target.figures is not _no_figures


def open_results(engagement: Engagement) -> None:
    """Let every room get ready what it keeps back while results are sealed."""
    for kind in kinds():
        kind.open_results(engagement)


def withheld_items(items: Iterable[OutcomeItem]) -> set[int]:
    """The items, by primary key, that answer to words which nobody may read any more."""
    rows = list(items)
    found = withheld_keys(rows)
    return {item.pk for item in rows if item.target_key in found.get(item.pk, ())}


def withheld_keys(items: Iterable[OutcomeItem]) -> dict[int, set[str]]:
    """What nobody may read any more of what items answer to and what their figures repeat.

    Keys of targets and of ``Figure.about``, by the item's primary key; one query for each kind.
    """
    by_kind: dict[str, dict[str, list[int]]] = {}
    for item in items:
        repeated = {row["about"] for row in item.figures.get("rows", ()) if row.get("about")}
        for key in {item.target_key, *repeated}:
            by_kind.setdefault(item.target_kind, {}).setdefault(key, []).append(item.pk)
    found: dict[int, set[str]] = {}
    for name, items_of in by_kind.items():
        kind = _kinds.get(name)
        for key in kind.withheld(sorted(items_of)) if kind else ():
            for number in items_of[key]:
                found.setdefault(number, set()).add(key)
    return found


def keys_of(contribution: Contribution) -> set[tuple[str, str]]:
    """All targets a contribution is about."""
    return {(kind.kind, key) for kind in kinds() for key in kind.keys_of(contribution)}


def spoken_on(engagement: Engagement) -> set[tuple[str, str]]:
    """Targets that something was said on, the whole among them."""
    return {(kind.kind, key) for kind in kinds() for key in kind.spoken(engagement)}


def read_parts(citations: Iterable[Citation]) -> dict[tuple[int, str], PartView]:
    """The public texts of cited parts, by (contribution's primary key, part)."""
    by_kind: dict[str, list[Citation]] = {}
    for citation in citations:
        if citation.part:
            by_kind.setdefault(citation.contribution.kind, []).append(citation)
    found: dict[tuple[int, str], PartView] = {}
    for kind, rows in by_kind.items():
        if kind in _parts:
            found.update(_parts[kind][0](rows))
    return found


def list_parts(engagement: Engagement, kind: str, key: str, words: str) -> list[PartRow]:
    """Public texts of parts on a target that hold the words, for the officer's list."""
    return [
        row for _read, listing in _parts.values() for row in listing(engagement, kind, key, words)
    ]


def _whole(engagement: Engagement) -> list[TargetView]:
    return [TargetView(WHOLE, "", engagement.title, engagement.paths or {})]


register(
    TargetKind(
        kind=WHOLE,
        label=_("The whole"),
        order=0,
        views=_whole,
        entries=lambda key: Q(),
        keys_of=lambda contribution: [""],
        spoken=lambda engagement: [""],
    )
)
