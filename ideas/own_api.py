"""The API's own ideas: those one writes in whatever state, their files, what a contest asks."""

from __future__ import annotations

from typing import Any, Literal

from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Schema, UploadedFile

from accounts.api_auth import caller_of
from core import limits
from core.api import READING, WRITING, Listed, PageQuery, Problem, answer, listed, moment
from core.exceptions import Absent
from core.ids import is_public_id
from ideas.access import access_contest, access_written_idea, ideas_of
from ideas.api_shapes import FileOut, origin
from ideas.asked import KEY
from ideas.models import Idea, IdeaVersion
from participation.access import access_own_file
from participation.actions.attachments import remove_file
from participation.actions.contributions import newest_version
from participation.actions.entry_file import send_file
from participation.attachments.shown import address_of
from participation.models import Attachment, AttachmentState, Contribution
from questionnaires.api import QuestionnaireOut, show_questions
from questionnaires.loading import load_definition, questionnaire_of

router = Router(tags=["contests"])
FileState = Literal["public", "waiting", "checking", "harmful"]


class OwnFileOut(FileOut):
    """A file of an own idea. ``waiting``: for a moderator, or for the idea to be public; bytes that
    are being checked, or were found harmful, nobody is given."""

    state: FileState


class OwnIdeaOut(Schema):
    """An idea one writes, as its authors last wrote it.

    ``state`` is held, published, withheld or withdrawn; ``waits``: the newest version is not the
    one that everybody reads. ``shared``: one is its co-author. ``answers`` are all of them, those
    that the bureau alone reads too.
    """

    id: str
    contest: str
    state: str
    shared: bool
    received_at: str
    version: int
    waits: bool
    title: str
    text: str
    language: str
    category: str | None
    tags: list[str]
    district: str | None
    place: str
    point: str | None
    answers: dict[str, Any]
    status: str
    files: list[OwnFileOut]


class OwnIdeaQuery(PageQuery):
    """``contest`` narrows to one."""

    contest: str | None = None


SENDING = {**WRITING, 503: Problem}


@router.get(
    "/contests/{public_id}/questions",
    response={200: QuestionnaireOut, **READING},
    url_name="idea-questions",
)
def questions(request: HttpRequest, public_id: str) -> HttpResponse:
    """What the contest asks of ideas besides title and text; not found where it asks nothing."""
    engagement = access_contest(_id(public_id))
    row = questionnaire_of(engagement, KEY)
    definition = load_definition(row) if row is not None else None
    if row is None or definition is None or not definition.questions():
        raise Absent
    return answer(show_questions(engagement, row, definition))


@router.get("/ideas", response={200: Listed[OwnIdeaOut], **READING}, url_name="own-ideas")
def own_list(request: HttpRequest, query: Query[OwnIdeaQuery]) -> HttpResponse:
    """The ideas one is author or co-author of, in every state, the newest first."""
    _account, person = caller_of(request).require()
    rows = ideas_of(person)
    if query.contest is not None:
        rows = rows.filter(engagement__public_id=_id(query.contest))
    rows = rows.select_related("contribution", "engagement").newest()
    return listed(request, rows, query, lambda found: _show(found, person.pk))


@router.get("/ideas/{public_id}/own", response={200: OwnIdeaOut, **READING}, url_name="own-idea")
def own(request: HttpRequest, public_id: str) -> HttpResponse:
    """One of them; anybody else's is not found."""
    _account, person = caller_of(request).require()
    return answer(_one(public_id, person))


@router.post(
    "/ideas/{public_id}/files", response={201: OwnIdeaOut, **SENDING}, url_name="idea-files"
)
def add(
    request: HttpRequest, public_id: str, file: File[UploadedFile], alt: Form[str] = ""
) -> HttpResponse:
    """Add a picture or document to an idea one writes, until the call closes: a new version of it.

    As multipart/form-data; ``alt`` says what a picture shows. The same bytes again change nothing.
    """
    account, person = caller_of(request).require()
    written = access_written_idea(_id(public_id), person)
    send_file(
        upload=file,
        alt=alt,
        contribution=written.contribution,
        person=person,
        account=account,
        source=limits.address(request),
    )
    return answer(_one(public_id, person), status=201)


@router.delete(
    "/ideas/{public_id}/files/{file_id}",
    response={200: OwnIdeaOut, **WRITING},
    url_name="idea-file",
)
def take_away(request: HttpRequest, public_id: str, file_id: str) -> HttpResponse:
    """Take a file of an idea one writes away, until the call closes."""
    account, person = caller_of(request).require()
    written = access_written_idea(_id(public_id), person)
    remove_file(
        attachment=access_own_file(file_id, contribution=written.contribution),
        person=person,
        account=account,
        source=limits.address(request),
    )
    return answer(_one(public_id, person))


def _id(public_id: str) -> str:
    """An id that can be asked of the database. Raises Absent for anything else."""
    if not is_public_id(public_id):
        raise Absent
    return public_id


def _one(public_id: str, person: Any) -> dict[str, Any]:
    return _show([access_written_idea(_id(public_id), person)], person.pk)[0]


def _show(found: list[Idea], reader: int) -> list[dict[str, Any]]:
    """Ideas as their authors last wrote them: two queries more, however many they are."""
    entry = "idea__contribution__"
    newest = Q(number=F(f"{entry}held_version")) | Q(
        number=F(f"{entry}version"), **{f"{entry}held_version": None}
    )
    rows = IdeaVersion.objects.filter(newest, idea__in=found).select_related("category")
    versions = {row.idea_id: row for row in rows}
    files: dict[int | None, list[dict[str, Any]]] = {}
    kept = Attachment.objects.live().filter(contribution__in=[idea.pk for idea in found])
    for row in kept.select_related("contribution").order_by("position"):
        files.setdefault(row.contribution_id, []).append(_file(row))
    return [_idea(idea, versions[idea.pk], files.get(idea.pk, []), reader) for idea in found]


def _idea(
    idea: Idea, last: IdeaVersion, files: list[dict[str, Any]], reader: int
) -> dict[str, Any]:
    entry = idea.contribution
    return {
        "id": entry.public_id,
        "contest": idea.engagement.public_id,
        "state": entry.state,
        "shared": entry.person_id != reader,
        "received_at": moment(entry.received_at),
        "version": newest_version(entry),
        "waits": entry.state == "held" or entry.held_version is not None,
        "title": last.title,
        "text": last.text,
        "language": entry.language,
        "category": last.category.key if last.category else None,
        "tags": last.tags,
        "district": last.district or None,
        "place": last.place,
        "point": last.point or None,
        "answers": last.answers,
        "status": idea.status,
        "files": files,
    }


def _file(row: Attachment) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "name": row.name,
        "media_type": row.media_type,
        "size": row.size,
        "alt": row.alt,
        "address": origin() + address_of(row),
        "state": _state(row, row.contribution),
    }


def _state(row: Attachment, entry: Contribution | None) -> FileState:
    if row.state == AttachmentState.RECEIVED:
        return "checking"
    if row.state == AttachmentState.QUARANTINED:
        return "harmful"
    shown = entry is not None and entry.state == "published" and row.version <= entry.version
    return "public" if shown else "waiting"
