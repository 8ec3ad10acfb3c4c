"""Writing a folder of ideas as a closed contest, wholly or not at all."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.text import slugify

from accounts.models import Bureau, Person
from core import clock
from core.exceptions import Conflict
from core.folders import BadFolder
from core.planner import look_again
from core.text import clean_text, fold
from core.tongue import language_of
from ideas.actions.contest import KIND as CONTEST
from ideas.actions.ideas import KIND, compose
from ideas.importing.page import start_page
from ideas.importing.reading import SourceIdea, read_attribution
from ideas.importing.staging import Staged
from ideas.models import Idea, IdeaVersion
from participation import faces, live
from participation.actions.entry_import import (
    SourceComment,
    SourceEntry,
    import_comments,
    import_entries,
)
from participation.actions.people_import import import_people, record_rows
from participation.models import (
    Comment,
    Contribution,
    ContributionKind,
    Engagement,
    ImportedEntry,
    Thread,
)
from participation.stages import today

TITLE_LIMIT = 200
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,6})?")


@dataclass(frozen=True)
class Imported:
    """What stands in the platform after a run; the same after every run of one folder."""

    contest: str
    ideas: int
    supports: int
    comments: int
    orphans: int
    kept: dict[str, int]
    skipped: dict[str, int]
    new: bool

    def as_json(self) -> dict[str, object]:
        """The last line of the command."""
        return {name: value for name, value in self.__dict__.items() if name != "new"}


@dataclass(frozen=True)
class Into:
    """Where the ideas go: a contest that there is, or a new one of a bureau with a title."""

    contest: Engagement | None = None
    bureau: Bureau | None = None
    title: str = ""


def import_folder(
    *, folder: Path, into: Into, language: str = "", attribution: str = ""
) -> Imported:
    """Import a folder; again, find what it brought before.

    Ideas are public and theirs are the dates, the supports and the comments of the source; authors
    become persons without account, named by their number there. Raises BadFolder before anything
    is written; Conflict for a contest that is open, that has other dates or another import, and
    when the folder was imported before from other files; Invalid for a title that cannot be. All
    of them undo everything.
    """
    if language and not _LANGUAGE.fullmatch(language):
        raise BadFolder(f"{language!r} is no language code such as es, en or zh-hant.")
    staged = Staged(folder, clock.now())
    try:
        if not staged.ideas:
            raise BadFolder(f"{folder / 'proposals.csv'} holds no idea that can be imported.")
        return _import(
            staged=staged,
            source=f"ideas:{folder.resolve().name}"[:80],
            into=into,
            language=language or language_of(staged.sample()),
            attribution=read_attribution(folder, attribution),
        )
    finally:
        staged.close()


@transaction.atomic
def _import(
    *, staged: Staged, source: str, into: Into, language: str, attribution: str
) -> Imported:
    existing = Engagement.objects.filter(import_source=source).first()
    if existing is not None:
        return _found_again(existing, staged, source, into)
    if into.contest is not None:
        engagement = _filled(into.contest, staged)
    else:
        engagement = _made(into, staged, source)
    engagement.import_source = source
    engagement.attribution = {"en": attribution}
    engagement.save(update_fields=["import_source", "attribution"])
    for people in staged.people():
        made = import_people(engagement=engagement, source=source, import_ids=people)
        staged.note_people({person.import_id: person.pk for person in made})
    for ideas in staged.idea_batches():
        threads = _write_ideas(engagement, source, language, ideas)
        staged.note_threads(threads)
    for comments in staged.comment_batches():
        import_comments(
            engagement=engagement,
            source=source,
            language=language,
            comments=[
                SourceComment(
                    SourceEntry(
                        import_id=each.id,
                        person=person,
                        author_name=named(each.author),
                        text=each.text,
                        at=each.at,
                        answers=each.answers,
                        agreed=each.agreed,
                        disagreed=each.disagreed,
                    ),
                    thread,
                )
                for each, person, thread in comments
            ],
        )
    look_again(Idea, Contribution, Comment, Person)
    live.restaged(engagement)
    return _standing(engagement, staged, source, new=True)


def named(author: str) -> str:
    """How an author without account is called: by the number the source knows them by."""
    return f"#{author}" if author else ""


def _found_again(engagement: Engagement, staged: Staged, source: str, into: Into) -> Imported:
    """What an earlier run brought. Raises Conflict where it went elsewhere or was another."""
    found = _standing(engagement, staged, source, new=False)
    if into.contest is not None and into.contest.pk != engagement.pk:
        raise Conflict(
            f"{source} was imported before, into {found.contest}. Nothing was changed.",
            code="other_contest",
        )
    wanted = (staged.ideas, staged.supports, staged.comments)
    if (found.ideas, found.supports, found.comments) != wanted:
        raise Conflict(
            f"{source} was imported before as {found.contest} with {found.ideas} ideas, "
            f"{found.supports} supports and {found.comments} comments; these files hold "
            f"{wanted[0]}, {wanted[1]} and {wanted[2]}. Nothing was changed.",
            code="other_files",
        )
    return found


def _standing(engagement: Engagement, staged: Staged, source: str, *, new: bool) -> Imported:
    mine = ImportedEntry.objects.filter(source=source, contribution__engagement=engagement)
    ideas = mine.filter(kind=KIND)
    comments = mine.filter(kind=ContributionKind.COMMENT)
    return Imported(
        contest=engagement.public_id,
        ideas=ideas.count(),
        supports=ideas.aggregate(total=Sum("supports"))["total"] or 0,
        comments=comments.count(),
        orphans=comments.filter(~Q(answers_import_id=""), answers=None).count(),
        kept=dict(sorted(staged.kept.items())),
        skipped=dict(sorted(staged.skipped.items())),
        new=new,
    )


def _made(into: Into, staged: Staged, source: str) -> Engagement:
    """A published contest, open from the day of the first idea to that of the last word."""
    if into.bureau is None:
        raise ValueError("A new contest needs its bureau.")
    first, last = staged.span()
    if today(last) >= today(clock.now()):
        raise Conflict(
            f"What was said last is of {today(last)}: this is not over. Nothing was changed.",
            code="not_over",
        )
    page = start_page(
        bureau=into.bureau,
        title=clean_text(into.title, max_length=TITLE_LIMIT, field="title", multiline=False),
        key=uuid5(NAMESPACE_URL, source),
        slug=slugify(source.replace(":", "-")),
        first=first,
        last=last,
    )
    return faces.publish(page=page, by=None)


def _filled(contest: Engagement, staged: Staged) -> Engagement:
    """A closed contest that has no import yet and was open when all this was written."""
    engagement = Engagement.objects.select_for_update(of=("self",)).get(pk=contest.pk)
    opens, closes = engagement.opens_at, engagement.closes_at
    first, last = staged.span()
    if engagement.kind != CONTEST or engagement.state != "published" or not opens or not closes:
        raise Conflict("Ideas are imported into a published contest.", code="no_contest")
    if closes > clock.now():
        raise Conflict("Ideas are imported once the contest has closed.", code="open")
    if engagement.import_source:
        raise Conflict(
            f"{engagement.import_source} was imported into this contest before.",
            code="other_source",
        )
    if not (opens <= first and last < closes):
        raise Conflict(
            f"The files go from {today(first)} to {today(last)}, the contest was open from "
            f"{today(opens)} to {today(closes - dt.timedelta(microseconds=1))}. "
            "Nothing was changed.",
            code="dates",
        )
    return engagement


def _write_ideas(
    engagement: Engagement,
    source: str,
    language: str,
    ideas: list[tuple[SourceIdea, int | None]],
) -> dict[str, int]:
    """The rows of a batch of ideas; the key of each one's thread, by its id at the source."""
    entries = import_entries(
        engagement=engagement,
        kind=KIND,
        source=source,
        language=language,
        entries=[
            SourceEntry(
                import_id=each.id,
                person=person,
                author_name=named(each.author),
                text=compose(each.title, each.text).strip(),
                at=each.at,
                supports=each.supports,
                facts=each.facts,
            )
            for each, person in ideas
        ],
    )
    threads = Thread.objects.bulk_create(
        Thread(engagement=engagement, key=f"idea-{entry.public_id}", kind=KIND) for entry in entries
    )
    now = clock.now()
    rows = Idea.objects.bulk_create(
        Idea(
            contribution=entry,
            engagement=engagement,
            thread=thread,
            title=each.title,
            text=each.text,
            is_public=True,
            received_at=each.at,
            changed_at=now,
            folded_title=fold(each.title),
            search=fold(f"{each.title}\n{each.text}"),
        )
        for entry, thread, (each, _person) in zip(entries, threads, ideas, strict=True)
    )
    versions = IdeaVersion.objects.bulk_create(
        IdeaVersion(idea=row, number=1, title=row.title, text=row.text, at=row.received_at)
        for row in rows
    )
    record_rows("idea.import", rows, engagement)
    record_rows("idea.import", versions, engagement)
    return {each.id: thread.pk for (each, _person), thread in zip(ideas, threads, strict=True)}
