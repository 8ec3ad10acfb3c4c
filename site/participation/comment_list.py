"""A page of the public comments of a thread, in as many queries for 5,000 as for one."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from core.exceptions import Absent
from moderation.models import Decision
from participation import threads
from participation.models import (
    Channel,
    Comment,
    ContributionState,
    ImportedEntry,
    Side,
    Thread,
)
from participation.register import CommentQuerySet, shown, side_counts, support_counts

PAGE = 20
#: Replies shown below a comment; the rest has a page of its own.
REPLIES = 10
#: No page further than this is counted out (S2).
LAST_PAGE = 500
#: How much is quoted of a comment that stands on another page.
BEGINNING = 60

SORTS = {
    "newest": _("Newest"),
    "supported": _("Most agreed with"),
    "oldest": _("Oldest"),
}


@dataclass(frozen=True, slots=True)
class Answered:
    """What an imported reply answers, where that is not what it stands right below.

    ``public_id`` leads to it where it is on the same page, else ``beginning`` says which it is;
    nothing is told of one that is not public, nor known of one that was not imported.
    """

    name: str = ""
    public_id: str = ""
    beginning: str = ""


@dataclass(slots=True)
class Shown:
    """One comment as the list shows it; ``decision`` is set for a withheld one.

    ``imported`` is what it was at its source, ``answers`` what it answered there.
    """

    comment: Comment
    supports: int = 0
    decision: Decision | None = None
    imported: ImportedEntry | None = None
    answers: Answered | None = None
    replies: list["Shown"] = field(default_factory=list)
    reply_count: int = 0

    @property
    def who(self) -> str:
        """The name that tells the acts of one comment from another's; '' when it is withheld."""
        return self.comment.contribution.public_name

    @property
    def hidden_replies(self) -> int:
        """How many replies are on the page of replies only."""
        return self.reply_count - len(self.replies)


@dataclass(frozen=True, slots=True)
class CommentPage:
    """``items`` of one page; ``of`` is the comment whose replies are listed, if any."""

    page: Page
    items: list[Shown]
    total: int
    of: Shown | None = None


def _ordered(rows: CommentQuerySet, sort: str) -> CommentQuerySet:
    if sort == "supported":
        return rows.most_supported()
    return rows.oldest() if sort == "oldest" else rows.newest()


def _page(rows: CommentQuerySet, number: str) -> Page:
    try:
        if not number.isascii() or not number.isdigit() or len(number) > 4:
            raise PageNotAnInteger
        if int(number) > LAST_PAGE:
            raise EmptyPage
        return Paginator(rows, PAGE).page(int(number))
    except (EmptyPage, PageNotAnInteger):
        raise Absent from None


@dataclass(frozen=True, slots=True)
class SideShown:
    """A side as one can narrow the list to it; ``key`` '' is all of them, which has no count."""

    key: str
    text: str | Promise
    count: int | None
    query: str
    current: bool


def sides_of(thread: Thread, *, chosen: str = "", sort: str = "newest") -> list[SideShown]:
    """All, then each side with how many people take it; nothing where none are taken."""
    if not threads.takes_sides(thread):
        return []
    counts = side_counts(threads.shown_together(thread))
    if not counts:
        # Comments from elsewhere took none: noughts would read as if they had been asked.
        return []
    order = {} if sort == "newest" else {"sort": sort}
    names: list[tuple[str, str | Promise]] = [("", pgettext("side", "All"))]
    names += [(side.value, side.label) for side in Side]
    return [
        SideShown(
            key=key,
            text=text,
            count=counts.get(key, 0) if key else None,
            query=f"?{urlencode({'on': thread.key, **({'side': key} if key else {}), **order})}",
            current=key == chosen,
        )
        for key, text in names
    ]


def _of(thread: Thread) -> CommentQuerySet:
    rows: CommentQuerySet = Comment.objects.of_threads(threads.shown_together(thread))
    return rows


def comment_page(thread: Thread, sort: str, number: str, *, side: str = "") -> CommentPage:
    """The comments of a page with the first replies of each. Raises Absent for no such page.

    ``side`` narrows to the public comments of one side.
    """
    rows = _of(thread).top_level().shown().with_text()
    if side:
        rows = rows.on_side(side)
    page = _page(_ordered(rows, sort), number)
    parents = list(page.object_list)
    replies = list(Comment.objects.all().first_replies([row.pk for row in parents], REPLIES))
    return CommentPage(page, _dress(parents, replies), page.paginator.count)


def reply_page(thread: Thread, public_id: str, number: str) -> CommentPage:
    """All replies to one comment, oldest first, paged. Raises Absent for what is not there."""
    parents = _of(thread).top_level().shown().with_text().filter(contribution__public_id=public_id)
    parent = parents.first()
    if parent is None:
        raise Absent
    rows = Comment.objects.all().filter(parent=parent).shown().with_text()
    page = _page(rows.oldest(), number)
    items = _dress([parent, *page.object_list], [])
    return CommentPage(page, items[1:], page.paginator.count, of=items[0])


def standing(thread: Thread, public_id: str) -> tuple[str, int] | None:
    """Where a comment stands among its neighbours: whose page of replies, and which page of it.

    None for what is not there or not shown, itself or what it answers. Replies that are withdrawn
    before it move it; so links name the comment and not the page.
    """
    rows = _of(thread).shown().select_related("contribution", "parent__contribution")
    rows = rows.filter(Q(parent=None) | shown("parent__contribution__"))
    row = rows.filter(contribution__public_id=public_id).first()
    if row is None:
        return None
    if row.parent is None:
        return public_id, 1
    at = row.contribution.received_at
    before = Comment.objects.filter(parent=row.parent).shown().before(at, row.pk).count()
    return row.parent.contribution.public_id, min(before // PAGE + 1, LAST_PAGE)


def _dress(rows: list[Comment], replies: list[Any]) -> list[Shown]:
    """Counts of agreement, decisions and what was imported for all rows, one query each."""
    everything = [*rows, *replies]
    supports = support_counts([row.pk for row in everything])
    decisions = withholdings(
        [row.contribution.public_id for row in everything if row.contribution.state == "withheld"]
    )
    imported = _imported(everything)
    here = {row.pk for row in everything}
    dressed = {
        row.pk: Shown(
            comment=row,
            supports=supports.get(row.pk, 0),
            decision=decisions.get(row.contribution.public_id),
            imported=imported.get(row.pk),
            answers=_answered(row, imported.get(row.pk), here),
        )
        for row in everything
    }
    for reply in replies:
        above = dressed[reply.parent_id]
        above.replies.append(dressed[reply.pk])
        above.reply_count = reply.reply_count
    return [dressed[row.pk] for row in rows]


def _imported(rows: list[Any]) -> dict[int, ImportedEntry]:
    """What the imported ones were at their source; no query where there is none."""
    keys = [row.pk for row in rows if row.contribution.channel == Channel.IMPORT]
    if not keys:
        return {}
    return (
        ImportedEntry.objects.select_related("answers__contribution").defer("facts").in_bulk(keys)
    )


def _answered(row: Comment, imported: ImportedEntry | None, here: set[int]) -> Answered | None:
    if imported is None or not imported.answers_import_id:
        return None
    above = imported.answers
    if above is None or above.contribution.state != ContributionState.PUBLISHED:
        return Answered()
    if above.pk == row.parent_id:
        return None
    entry = above.contribution
    if above.pk in here:
        return Answered(entry.public_name, public_id=entry.public_id)
    return Answered(entry.public_name, beginning=Truncator(entry.text).chars(BEGINNING))


def withholdings(public_ids: list[str], *, kind: str = "comment") -> dict[str, Decision]:
    """The newest withholding of each of these entries."""
    rows = Decision.objects.filter(
        kind=kind, target_id__in=public_ids, verdict="withhold"
    ).order_by("decided_at", "pk")
    return {row.target_id: row for row in rows}
