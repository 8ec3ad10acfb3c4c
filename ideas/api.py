"""The API's contests and ideas: the same actions and the same seals as the pages, another door."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from ninja import Field, Header, Query, Router, Schema

from accounts.api_auth import Caller, caller_of
from core import clock, limits
from core.api import READING, WRITING, Listed, PageQuery, Problem, answer, listed
from core.exceptions import Absent, Closed, Invalid
from core.ids import is_public_id
from core.texts import known_language
from ideas.access import access_contest, access_idea, access_lead, access_written_idea
from ideas.actions.contest import KIND
from ideas.actions.ideas import KIND as IDEA
from ideas.actions.ideas import edit_idea, newest, submit_idea
from ideas.api_shapes import (
    ContestOut,
    FacetQuery,
    FacetsOut,
    IdeaDetailOut,
    IdeaOut,
    IdeaQuery,
    show_contest,
    show_detail,
    show_facets,
    show_ideas,
)
from ideas.listing import (
    OF_IMPORTS,
    OF_TOTALS,
    groups_of,
    keys_in_order,
    public_ideas,
    shown_ideas,
)
from ideas.models import Idea
from ideas.standing import led_by
from ideas.tags import split_tags
from ideas.totals import told_to_all
from participation.access import access_own_contribution, access_thread
from participation.actions.contributions import newest_version, withdraw_contribution
from participation.api import (
    KEY_WORDS,
    NOBODYS_KEY_WORDS,
    CommentBody,
    CommentOut,
    ReceiptOut,
    ThreadQuery,
    idempotency_key,
    list_comments,
    send_comment,
    show_receipt,
)
from participation.models import Channel, Comment, Contribution, Engagement, Thread
from participation.threads import shown_together

router = Router(tags=["contests"])
SEALED = {**READING, 409: Problem}


class ContestQuery(PageQuery):
    """``state`` is open, upcoming or closed; ``bureau`` the slug of the owner."""

    state: Literal["open", "upcoming", "closed"] | None = None
    bureau: str | None = None


class IdeaIn(Schema):
    """An idea to hand in. It is public under its author's name: ``display_name`` is needed once.

    All else (category, tags, district, place, answers to what the contest asks) is added by
    changing it, files by sending them.
    """

    title: str
    text: str
    language: Literal["en", "zh-hant", "zh-hans"] | None = None
    display_name: str = ""


class WrittenOut(Schema):
    """An idea that was written on. ``version`` is its newest, which may wait for a moderator."""

    id: str
    contest: str
    state: str
    version: int


class IdeaChange(Schema):
    """What is left out stays. ``version`` is the one that was read; without it the newest is meant.

    ``category`` is a key of the contest's, ``district`` one of the eighteen, ``point`` latitude and
    longitude within Hong Kong; '' takes one away. ``answers`` are all of them, by key, as responses
    take them: what is left out of them is taken away.
    """

    title: str | None = None
    text: str | None = None
    category: str | None = None
    tags: list[str] | None = Field(None, max_length=20)
    district: str | None = None
    place: str | None = None
    point: str | None = None
    answers: dict[str, Any] | None = None
    version: int | None = Field(None, ge=1)


@router.get("/contests", response={200: Listed[ContestOut], **READING}, url_name="contests")
def contest_list(request: HttpRequest, query: Query[ContestQuery]) -> HttpResponse:
    """Public contests and ideas boxes, the newest first."""
    now = clock.now()
    narrowed = {
        None: Engagement.objects.public,
        "open": lambda: Engagement.objects.open_now(now),
        "upcoming": lambda: Engagement.objects.upcoming(now),
        "closed": lambda: Engagement.objects.closed(now),
    }
    rows: Any = narrowed[query.state]().filter(kind=KIND, contest__isnull=False)
    if query.bureau is not None:
        if not query.bureau.isprintable():
            raise Absent
        rows = rows.filter(owner__slug=query.bureau[:60])
    rows = (
        rows.select_related("owner", "outcome", "contest__vote")
        .prefetch_related(
            "phases", "partners", "contest__categories", "contest__criteria", "contest__rules"
        )
        .annotate(number=Count("ideas", filter=Q(ideas__is_public=True)))
        .order_by("-opens_at", "public_id")
    )
    return listed(
        request, rows, query, lambda found: [show_contest(row, row.number) for row in found]
    )


@router.get("/contests/{public_id}", response={200: ContestOut, **READING}, url_name="contest")
def contest(request: HttpRequest, public_id: str) -> HttpResponse:
    """One contest: its phases, categories, criteria, rules, and how people vote."""
    engagement = _contest(public_id)
    return answer(show_contest(engagement, public_ideas(engagement).count()))


@router.get(
    "/contests/{public_id}/ideas", response={200: Listed[IdeaOut], **SEALED}, url_name="ideas"
)
def idea_list(request: HttpRequest, public_id: str, query: Query[IdeaQuery]) -> HttpResponse:
    """The public ideas that the filters leave, in the order asked for."""
    engagement = _contest(public_id)
    told = told_to_all(engagement, clock.now())
    if query.sort == OF_TOTALS and not told:
        raise Closed(_("The vote’s totals are not told now."), code="sealed")
    if query.sort in OF_IMPORTS and not engagement.attribution:
        raise Invalid(_("These ideas were not imported."), field="sort", code="not_imported")
    _spend_search(request, query)
    filters = query.filters(sort=query.sort, seed=query.seed)
    keys = keys_in_order(engagement, filters, public_ideas(engagement).count())
    return listed(
        request,
        _Ideas(keys, told),
        query,
        lambda found: show_ideas(found, engagement.public_id, told=told),
    )


class _Ideas:
    """Ideas in the order of their keys, for ``listed``."""

    def __init__(self, keys: Sequence[int], told: bool) -> None:
        self._keys, self._told = keys, told

    def count(self) -> int:
        return len(self._keys)

    def __getitem__(self, piece: slice) -> list[Idea]:
        return shown_ideas(self._keys[piece], told=self._told)


@router.get(
    "/contests/{public_id}/facets", response={200: FacetsOut, **READING}, url_name="idea-facets"
)
def facets(request: HttpRequest, public_id: str, query: Query[FacetQuery]) -> HttpResponse:
    """How many ideas each value of each facet would give beside the other filters."""
    engagement = _contest(public_id)
    _spend_search(request, query)
    return answer(show_facets(groups_of(engagement, query.filters())))


@router.post("/contests/{public_id}/ideas", response={201: ReceiptOut, **WRITING}, url_name="ideas")
def hand_in(
    request: HttpRequest,
    public_id: str,
    body: IdeaIn,
    key: str | None = Header(None, alias="Idempotency-Key", description=KEY_WORDS),
) -> HttpResponse:
    """Hand in an idea; the same ``Idempotency-Key`` and idea again give the same receipt."""
    caller = caller_of(request)
    account, person = caller.require()
    receipt = submit_idea(
        engagement=_contest(public_id),
        person=person,
        account=account,
        title=body.title,
        text=body.text,
        language=body.language or known_language(get_language()),
        display_name=body.display_name,
        channel=Channel.API,
        idempotency_key=idempotency_key(key, caller),
    )
    return answer(show_receipt(receipt, caller), status=201)


@router.get("/ideas/{public_id}", response={200: IdeaDetailOut, **READING}, url_name="idea")
def idea(request: HttpRequest, public_id: str) -> HttpResponse:
    """One public idea. Of one put together with another, a refusal (merged) names its lead."""
    found = _idea(public_id)
    engagement = found.engagement
    told = told_to_all(engagement, clock.now())
    led = [one["contribution"].public_id for one in led_by(found)]
    return answer(show_detail(found, engagement.public_id, led, told=told))


@router.patch("/ideas/{public_id}", response={200: WrittenOut, **WRITING}, url_name="idea")
def change(request: HttpRequest, public_id: str, body: IdeaChange) -> HttpResponse:
    """Write an idea on, as its author or co-author, until the call closes; the same again writes
    nothing. Files have addresses of their own (``/ideas/ID/files``)."""
    account, person = caller_of(request).require()
    written = access_written_idea(_id(public_id), person)
    known = newest(written)
    changed = body.model_dump(exclude_unset=True, exclude_none=True, exclude={"tags", "version"})
    edit_idea(
        idea=written,
        person=person,
        account=account,
        **{
            "title": known.title,
            "text": known.text,
            "category": known.category.key if known.category else "",
            "district": known.district,
            "place": known.place,
            "point": known.point,
            **changed,
        },
        tags=known.tags if body.tags is None else split_tags(",".join(body.tags)),
        version=body.version or newest_version(written.contribution),
    )
    # The receipt is its author's: co-authors are not told its code.
    entry = access_written_idea(public_id, person).contribution
    return answer(
        {
            "id": entry.public_id,
            "contest": written.engagement.public_id,
            "state": entry.state,
            "version": newest_version(entry),
        }
    )


@router.delete("/ideas/{public_id}", response={200: ReceiptOut, **WRITING}, url_name="idea")
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take an own idea back until the call closes; it stays counted as received."""
    caller = caller_of(request)
    account, person = caller.require()
    withdraw_contribution(
        contribution=_own_entry(public_id, caller), person=person, account=account
    )
    return answer(show_receipt(_own_entry(public_id, caller).receipt, caller))


@router.get(
    "/ideas/{public_id}/comments",
    response={200: Listed[CommentOut], **READING},
    url_name="idea-comments",
)
def comments(request: HttpRequest, public_id: str, query: Query[ThreadQuery]) -> HttpResponse:
    """The public comments and replies on an idea, with those on ideas it leads."""
    threads = shown_together(_idea(public_id).thread)
    return list_comments(request, Comment.objects.shown().of_threads(threads), query)


@router.post(
    "/ideas/{public_id}/comments",
    response={201: ReceiptOut, **WRITING},
    url_name="idea-comments",
)
def comment(
    request: HttpRequest,
    public_id: str,
    body: CommentBody,
    key: str | None = Header(None, alias="Idempotency-Key", description=NOBODYS_KEY_WORDS),
) -> HttpResponse:
    """Comment on an idea with a side, or reply; the key and text again give the same receipt."""
    return send_comment(request, _thread(_idea(public_id)), body, key)


def _thread(found: Idea) -> Thread:
    return access_thread(found.engagement, found.thread.key)


def _id(public_id: str) -> str:
    """An id that can be asked of the database. Raises Absent for anything else."""
    if not is_public_id(public_id):
        raise Absent
    return public_id


def _contest(public_id: str) -> Engagement:
    return access_contest(_id(public_id))


def _idea(public_id: str) -> Idea:
    """A public idea. Raises Absent, which names the idea that leads one put together with it."""
    try:
        return access_idea(_id(public_id))
    except Absent:
        lead = access_lead(public_id)
    raise Absent(
        _("This idea was put together with another, which leads."),
        code="merged",
        data={"led_by": lead.contribution.public_id},
    )


def _spend_search(request: HttpRequest, query: FacetQuery) -> None:
    if query.q:
        limits.spend("search", limits.address(request))


def _own_entry(public_id: str, caller: Caller) -> Contribution:
    entry = access_own_contribution(_id(public_id), caller.person)
    if entry.kind != IDEA:
        raise Absent
    return entry
