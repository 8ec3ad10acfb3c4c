"""The rooms' pages in the CMS: what the desk must know of each kind of page, and no more.

A room registers the face of its kind of engagement; the desk (drafts, translations, approval,
publishing) works on any face. The desk in turn connects itself here, so that a room can have a page
begun or published (its demo, an importer) without knowing where the desk lives.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.dates import FOREVER
from core.texts import LANGUAGES
from participation.models.engagement import Engagement

if TYPE_CHECKING:
    from uuid import UUID

    from wagtail.models import Page

    from accounts.models import Account, Bureau
    from participation.actions.engagement import Schedule
    from participation.models.pages import FacePage


class StepState(Enum):
    DONE = "done"
    MISSING = "missing"
    ADVISED = "advised"


@dataclass(frozen=True)
class Step:
    """One line of the steps page. ``field`` is the editor's field, or a language to complete."""

    key: str
    label: str
    state: StepState
    sentence: str = ""
    field: str = ""
    language: str = ""


def step(key: str, label: str, field: str, *, done: bool, wanted: str, must: bool = True) -> Step:
    """A step that is done, or says what is wanted: missing where it must be, else advised."""
    if done:
        return Step(key, label, StepState.DONE, field=field)
    return Step(key, label, StepState.MISSING if must else StepState.ADVISED, wanted, field=field)


#: What a room's desk says where it has no words of its own.
WRITE = _("Write its page")


@dataclass(frozen=True, kw_only=True)
class Words:
    """How pages that serve every kind of engagement speak of one: whole sentences, each language's
    own, since a noun put into a sentence fits few of them."""

    #: What one is called in front of its title within a sentence ("the consultation “Trees”"),
    #: where officers, who see to every kind, must know which it is.
    noun: str | Promise
    #: The link to its page; the heading of the page where it is followed; what an answer to all of
    #: it is headed.
    back: str | Promise
    follow: str | Promise
    whole: str | Promise
    #: The tag of one that is open; "" where what the others say fits.
    open: str | Promise = ""
    #: The desk's button that leads to its editor.
    write: str | Promise = WRITE
    #: What one is called beside its title in lists of several kinds; "" for the face's own title.
    title: str | Promise = ""


#: True for any kind: where a room says nothing of its own.
PLAIN = Words(
    noun=_("project"),
    back=_("Back to its page"),
    follow=_("Follow this"),
    whole=_("As a whole"),
)


@dataclass(frozen=True)
class Owes:
    """What an officer owes on one that is open, as the desk says it: a sentence and its page."""

    sentence: str
    path: str
    late: bool


@dataclass(frozen=True, kw_only=True)
class Face:
    """One kind of page. Drafts are page objects as the newest revision has them.

    ``steps`` are what the room's own content still needs; ``check`` refuses (``Invalid``, ``field``
    the page's) what may not even be saved, ``finish`` what may not be published; ``schedule`` says
    what the source page decides; ``write`` writes the room's rows of the versions that open, in the
    publishing transaction. ``order`` are the translated fields as the desk lists them, ``longest``
    how long a translated piece may be by its path, ``headings`` the titles whose line breaks an
    officer may set besides the page's own, ``public_headings`` those that stand in public.
    """

    kind: str
    page_class: type[FacePage]
    #: What one of the kind is called ("Consultation").
    title: str | Promise
    new_title: str | Promise
    #: Where all of the kind are listed, below the language ("consultations/"), and the link to it.
    index: str
    index_title: str | Promise
    sections: Callable[[Bureau], Mapping[str, Page]]
    steps: Callable[[Any, Engagement | None], Iterable[Step]]
    check: Callable[[Any, Engagement | None], None]
    finish: Callable[[Any], None]
    schedule: Callable[[Any], Schedule]
    write: Callable[..., None]
    order: tuple[str, ...]
    longest: Callable[[str], int | None]
    headings: Callable[[Any], Iterable[str]]
    public_headings: Callable[[Engagement], Iterable[str]]
    #: Shown to the approver for each version: a template, and its context from the draft.
    review_template: str
    review: Callable[[Any], dict[str, Any]]
    #: Whether what it asks in words stands once people have answered (path of a piece -> yes).
    stands: Callable[[Any, str, str], bool] = lambda page, language, path: False
    #: Stream fields: the editor links to their panel, they have no input of their own name.
    streams: frozenset[str] = frozenset()
    #: Whether people comment on it and vote on statements, so that its approver reads who may.
    takes_comments: bool = True
    #: Whether four weeks are the least it is open: there is much to read, as in a paper.
    takes_weeks: bool = True
    words: Words = PLAIN
    #: Of one that is open without end, where it is spoken of otherwise.
    words_endless: Words | None = None
    #: Where the editor of a field is found, if not at the field.
    anchors: Mapping[str, str] | None = None
    #: What is owed on those that are open, by primary key, for all of a desk at once; in a constant
    #: number of queries.
    owes: Callable[[Iterable[Engagement], dt.datetime], Mapping[int, Owes]] = (
        lambda engagements, now: {}
    )
    #: Those of the engagements in which only some may take part, as invited ones, by primary key;
    #: in a constant number of queries. What may change it is told to ``search.registry``.
    for_some: Callable[[Iterable[Engagement]], Collection[int]] = lambda engagements: ()
    #: Further pages of the room for officers, once it is public: (words, address).
    links: Callable[[Engagement], Iterable[tuple[str | Promise, str]]] = lambda engagement: ()


_faces: dict[str, Face] = {}


def register(face: Face) -> None:
    """Make a room's page known to the desk; called from ``AppConfig.ready()``."""
    if face.kind in _faces and _faces[face.kind].page_class is not face.page_class:
        raise ValueError(f"Pages of the kind '{face.kind}' are known already.")
    _faces[face.kind] = face


def everyone() -> list[Face]:
    """All faces, in the order of registration."""
    return list(_faces.values())


def of_kind(kind: str) -> Face:
    """The face of a kind of engagement; KeyError when its room is not there."""
    return _faces[kind]


def owed_on(engagements: Iterable[Engagement], now: dt.datetime) -> dict[int, Owes]:
    """What is owed on engagements of any kinds that are open, by primary key."""
    by_kind: dict[str, list[Engagement]] = {}
    for row in engagements:
        by_kind.setdefault(row.kind, []).append(row)
    found: dict[int, Owes] = {}
    for kind, rows in by_kind.items():
        if kind in _faces:
            found.update(_faces[kind].owes(rows, now))
    return found


def for_some(engagements: Iterable[Engagement]) -> set[int]:
    """Engagements of any kinds in which not everybody may take part, by primary key."""
    by_kind: dict[str, list[Engagement]] = {}
    for row in engagements:
        by_kind.setdefault(row.kind, []).append(row)
    found: set[int] = set()
    for kind, rows in by_kind.items():
        if kind in _faces:
            found.update(_faces[kind].for_some(rows))
    return found


def title_of(engagement: Engagement) -> str | Promise:
    """What an engagement of its kind is called; '' when its room is not there."""
    face = _faces.get(engagement.kind)
    return (words_of(engagement).title or face.title) if face else ""


def index_of(engagement: Engagement) -> str:
    """Where all of its kind are listed, below the language."""
    face = _faces.get(engagement.kind)
    return face.index if face else ""


def words_of(engagement: Engagement, *, closes_at: dt.datetime | None = None) -> Words:
    """How to speak of an engagement on the pages all kinds share.

    ``closes_at`` is what its draft says, where that is spoken of: it becomes the engagement's own
    only when it is published.
    """
    face = _faces.get(engagement.kind)
    if face is None:
        return PLAIN
    endless = (closes_at or engagement.closes_at) == FOREVER
    return (face.words_endless if endless else None) or face.words


def nouns_of(engagement: Engagement, *, closes_at: dt.datetime | None = None) -> dict[str, str]:
    """What an engagement is called in front of its title, by language: for mails."""
    found = {}
    for language in LANGUAGES:
        with translation.override(language):
            found[language] = str(words_of(engagement, closes_at=closes_at).noun)
    return found


def of_page(page: Any) -> Face:
    """The face a page is of; LookupError for pages that are none."""
    for face in _faces.values():
        if isinstance(page, face.page_class):
            return face
    raise LookupError(f"{type(page).__name__} is no face of an engagement.")


@dataclass(frozen=True)
class Desk:
    """What the desk does for rooms; see the functions below."""

    start: Callable[..., Any]
    revise: Callable[..., Any]
    publish: Callable[..., Engagement]


_desk: list[Desk] = []


def connect_desk(desk: Desk) -> None:
    """Called once from ``AppConfig.ready()`` of the app that holds the desk."""
    _desk[:] = [desk]


def start(
    *,
    kind: str,
    bureau: Bureau,
    title: str,
    source_language: str,
    by: Account | None,
    translation_key: UUID | None = None,
    slug: str = "",
    fields: Mapping[str, Any] | None = None,
    translator: Callable[[str], str | None] | None = None,
) -> Any:
    """Have a draft page begun with its engagement; see the desk's own ``start_paper``."""
    return _desk[0].start(
        face=of_kind(kind),
        bureau=bureau,
        title=title,
        source_language=source_language,
        by=by,
        translation_key=translation_key,
        slug=slug,
        fields=fields,
        translator=translator,
    )


def revise(
    *,
    page: Any,
    fields: Mapping[str, Any],
    by: Account | None,
    translator: Callable[[str], str | None] | None = None,
) -> Any:
    """Have a new draft of a source page saved; see the desk's own ``revise_paper``."""
    return _desk[0].revise(page=page, fields=fields, by=by, translator=translator)


def publish(*, page: Any, by: Account | None) -> Engagement:
    """Have the newest drafts published in all languages; see the desk's ``publish_paper``."""
    return _desk[0].publish(page=page, by=by)
