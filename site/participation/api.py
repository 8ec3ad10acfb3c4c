"""The API's comments and receipts: the same actions as the pages, another door."""

from __future__ import annotations

import hashlib
from typing import Any, Literal

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from ninja import Field, Header, Query, Router, Schema

from accounts.api_auth import Caller, caller_of
from core import ids, limits
from core.api import READING, WRITING, Listed, PageQuery, Texts, answer, listed, moment, texts
from core.exceptions import Absent, Invalid
from core.texts import known_language
from participation.access import (
    access_comment,
    access_engagement,
    access_own_contribution,
    access_receipt,
    access_thread,
)
from participation.actions.comments import submit_comment
from participation.actions.contributions import (
    newest_texts,
    newest_version,
    withdraw_contribution,
)
from participation.actions.sides import edit_comment
from participation.comment_list import withholdings
from participation.models import (
    Channel,
    Comment,
    Contribution,
    Engagement,
    PublishChoice,
    Receipt,
    Thread,
    Vote,
)
from participation.register import CommentQuerySet, support_counts

router = Router(tags=["taking part"])
KEY_LIMIT = 200
#: A key without a person is all that says whose the receipt is: too long to be guessed.
SECRET_KEY_LENGTH = 16
KEY_WORDS = (
    "The same key and body again give the first receipt; another body is refused (422, "
    "already_sent). At most 200 characters."
)
NOBODYS_KEY_WORDS = (
    f"{KEY_WORDS} Without signing in at least {SECRET_KEY_LENGTH}, random: whoever knows the key "
    "is the sender, for this consultation."
)


class CommentOut(Schema):
    """A public comment. Withheld and withdrawn ones are stubs: no text, no author.

    ``on`` is the part of the engagement it is about: ``whole`` or a paragraph's key. ``official``
    is the code of the bureau whose reply it is. ``side`` is there where comments take sides.
    """

    id: str
    consultation: str
    on: str
    reply_to: str | None
    state: Literal["published", "withheld", "withdrawn"]
    side: Literal["for", "against", "thought"] | None
    text: str
    language: str
    author: str
    official: str | None
    received_at: str
    edited_at: str | None
    supports: int
    rule: str | None


class CommentBody(Schema):
    """A comment to send. ``display_name`` is needed once, for the first public comment, and with
    each one sent without signing in (where anyone may comment).

    ``side`` is needed where comments take sides (on ideas), and for replies never.
    """

    text: str
    reply_to: str | None = None
    side: Literal["for", "against", "thought"] | None = None
    language: Literal["en", "zh-hant", "zh-hans"] | None = None
    publish: Literal["name", "confidential"] = "confidential"
    display_name: str = ""


class CommentIn(CommentBody):
    """A comment to send, and what it is ``on``.

    ``display_name`` is needed once, for the first public comment, and with each one sent without
    signing in; ``side`` where comments take sides (on ideas), and for replies never.
    """

    on: str = "whole"


class CommentChange(Schema):
    """A new text. ``version`` is the one that was read; without it the newest is meant.

    Without ``side`` the comment stays on the side it is on.
    """

    text: str
    side: Literal["for", "against", "thought"] | None = None
    version: int | None = Field(None, ge=1)


class ReceiptOut(Schema):
    """Where a contribution stands. ``text`` is there for its signed-in author only."""

    receipt: str
    consultation: str
    title: Texts
    kind: str
    contribution: str | None
    state: str | None
    received_at: str
    version: int | None
    text: str | None
    statements: int | None


class ThreadQuery(PageQuery):
    """``side`` narrows to the public comments of one side; ``sort`` is newest or oldest."""

    side: Literal["for", "against", "thought"] | None = None
    sort: Literal["newest", "oldest"] = "newest"


class CommentQuery(ThreadQuery):
    """``on`` narrows to one part, ``side`` to the public comments of one side.

    ``sort`` is newest (as received) or oldest.
    """

    on: str | None = None


class ReceiptQuery(PageQuery):
    """``consultation`` narrows to one."""

    consultation: str | None = None


def idempotency_key(header: str | None, caller: Caller) -> str:
    """What the register keeps of an ``Idempotency-Key``; '' when none was sent.

    Raises Invalid for one that is too long, and for one so short that it might be guessed where
    nobody is signed in.
    """
    if not header:
        return ""
    if len(header) > KEY_LIMIT:
        raise Invalid(_("This key is too long."), field="Idempotency-Key")
    if caller.person is None and len(header) < SECRET_KEY_LENGTH:
        raise Invalid(
            _("Without signing in this key needs at least %(least)d characters.")
            % {"least": SECRET_KEY_LENGTH},
            field="Idempotency-Key",
            code="key_too_short",
        )
    return f"api:{hashlib.sha256(header.encode()).hexdigest()[:32]}"


def show_comments(rows: list[Comment]) -> list[dict[str, Any]]:
    """Comments as the API tells them, with counts and rules in one query each."""
    supports = support_counts([row.pk for row in rows])
    rules = withholdings(
        [row.contribution.public_id for row in rows if row.contribution.state == "withheld"]
    )
    return [_show(row, supports, rules) for row in rows]


def _show(row: Comment, supports: dict[int, int], rules: dict[str, Any]) -> dict[str, Any]:
    entry = row.contribution
    public = entry.state == "published"
    rule = rules.get(entry.public_id)
    return {
        "id": entry.public_id,
        "consultation": row.thread.engagement.public_id,
        "on": row.thread.key,
        "reply_to": row.parent.contribution.public_id if row.parent else None,
        "state": entry.state,
        "side": (row.side or None) if public else None,
        "text": entry.text if public else "",
        "language": entry.language,
        "author": entry.author_name if public and not entry.name_withheld else "",
        "official": row.bureau.code if row.official and row.bureau else None,
        "received_at": moment(entry.received_at),
        "edited_at": moment(entry.edited_at) if public else None,
        "supports": supports.get(row.pk, 0),
        "rule": rule.rule if rule else None,
    }


@router.get(
    "/consultations/{public_id}/comments",
    response={200: Listed[CommentOut], **READING},
    url_name="comments",
)
def comments(request: HttpRequest, public_id: str, query: Query[CommentQuery]) -> HttpResponse:
    """The public comments and replies, the bureau's own among them."""
    engagement = _engagement(public_id)
    rows = Comment.objects.shown().filter(contribution__engagement=engagement)
    if query.on is not None:
        rows = rows.filter(thread=_thread(engagement, query.on))
    return list_comments(request, rows, query)


def list_comments(request: HttpRequest, rows: CommentQuerySet, query: ThreadQuery) -> HttpResponse:
    """A page of those of ``rows`` that the query leaves, in its order."""
    rows = rows.select_related(
        "contribution", "bureau", "thread", "thread__engagement", "parent__contribution"
    )
    if query.side is not None:
        rows = rows.on_side(query.side)
    ordered = rows.oldest() if query.sort == "oldest" else rows.newest()
    return listed(request, ordered, query, show_comments)


@router.post(
    "/consultations/{public_id}/comments",
    response={201: ReceiptOut, **WRITING},
    url_name="comments",
)
def comment(
    request: HttpRequest,
    public_id: str,
    body: CommentIn,
    key: str | None = Header(None, alias="Idempotency-Key", description=NOBODYS_KEY_WORDS),
) -> HttpResponse:
    """Send a comment; the same ``Idempotency-Key`` and text again give the same receipt.

    Without signing in where the engagement lets anyone comment, as on its page.
    """
    return send_comment(request, _thread(_engagement(public_id), body.on), body, key)


def send_comment(
    request: HttpRequest, thread: Thread, body: CommentBody, key: str | None
) -> HttpResponse:
    """Send a comment on a thread that was accessed; the same key and text give its receipt."""
    caller, engagement = caller_of(request), thread.engagement
    parent = None
    if body.reply_to is not None:
        parent = access_comment(_id(body.reply_to), engagement=engagement, thread=thread)
    receipt = submit_comment(
        engagement=engagement,
        thread=thread,
        person=caller.person,
        account=caller.account,
        text=body.text,
        language=body.language or known_language(get_language()),
        publish_choice=PublishChoice(body.publish),
        parent=parent,
        side=body.side or "",
        display_name=body.display_name,
        channel=Channel.API,
        idempotency_key=idempotency_key(key, caller),
        source=limits.address(request),
    )
    return answer(show_receipt(receipt, caller), status=201)


@router.patch("/comments/{public_id}", response={200: ReceiptOut, **WRITING}, url_name="comment")
def change(request: HttpRequest, public_id: str, body: CommentChange) -> HttpResponse:
    """Change an own comment until the close; the same text again writes nothing."""
    caller = caller_of(request)
    account, person = caller.require()
    entry = _own_comment(public_id, caller)
    edit_comment(
        contribution=entry,
        person=person,
        account=account,
        text=body.text,
        version=body.version or newest_version(entry),
        side=body.side,
    )
    return _own_receipt(public_id, caller)


@router.delete("/comments/{public_id}", response={200: ReceiptOut, **WRITING}, url_name="comment")
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take an own comment back until the close; it stays counted as received."""
    caller = caller_of(request)
    account, person = caller.require()
    withdraw_contribution(
        contribution=_own_comment(public_id, caller), person=person, account=account
    )
    return _own_receipt(public_id, caller)


@router.get("/receipts/{code}", response={200: ReceiptOut, **READING}, url_name="receipt")
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """Where a contribution stands, by its receipt's code; wrong codes are counted."""
    try:
        row = access_receipt(code)
    except Absent:
        limits.spend("receipt_lookup", limits.address(request))
        raise
    return answer(show_receipt(row, caller_of(request)))


@router.get("/receipts", response={200: Listed[ReceiptOut], **READING}, url_name="receipts")
def receipts(request: HttpRequest, query: Query[ReceiptQuery]) -> HttpResponse:
    """One's own receipts, the newest first: one a contribution, one for all votes on statements."""
    caller = caller_of(request)
    _account, person = caller.require()
    rows = Receipt.objects.filter(person=person).select_related("engagement", "contribution")
    if query.consultation is not None:
        rows = rows.filter(engagement__public_id=_id(query.consultation))
    return listed(
        request,
        rows.order_by("-created_at", "-pk"),
        query,
        lambda found: show_receipts(found, caller),
    )


def show_receipt(row: Receipt, caller: Caller) -> dict[str, Any]:
    """A receipt; the text only for its author."""
    return show_receipts([row], caller)[0]


def show_receipts(rows: list[Receipt], caller: Caller) -> list[dict[str, Any]]:
    """Receipts, with the texts only for their author: two queries more, however many they are."""
    me = caller.person.pk if caller.person else None
    waiting = newest_texts([row.contribution for row in rows if row.contribution])
    votes = _votes_counted([row for row in rows if row.contribution is None])
    return [
        _show_receipt(
            row,
            text=waiting.get(row.contribution_id or 0) if me and row.person_id == me else None,
            statements=votes.get((row.engagement_id, row.person_id), 0),
        )
        for row in rows
    ]


def _votes_counted(rows: list[Receipt]) -> dict[tuple[int, int | None], int]:
    """How many statements each receipt's person has voted on there."""
    if not rows:
        return {}
    votes = Vote.objects.filter(
        ballot__engagement__in={row.engagement_id for row in rows},
        person__in={row.person_id for row in rows},
    )
    counted = votes.values_list("ballot__engagement", "person").annotate(Count("pk"))
    return {(engagement, person): number for engagement, person, number in counted.order_by()}


def _show_receipt(row: Receipt, *, text: str | None, statements: int) -> dict[str, Any]:
    entry = row.contribution
    return {
        "receipt": row.code,
        "consultation": row.engagement.public_id,
        "title": texts(row.engagement.title),
        "kind": entry.kind if entry else "votes",
        "contribution": entry.public_id if entry else None,
        "state": entry.state if entry else None,
        "received_at": moment(entry.received_at if entry else row.created_at),
        "version": newest_version(entry) if entry else None,
        "text": text,
        "statements": statements if entry is None else None,
    }


def _id(public_id: str) -> str:
    """An id that can be asked of the database. Raises Absent for anything else."""
    if not ids.is_public_id(public_id):
        raise Absent
    return public_id


def _engagement(public_id: str) -> Engagement:
    return access_engagement(_id(public_id))


def _thread(engagement: Engagement, key: str) -> Thread:
    if not key.isprintable():
        raise Absent
    return access_thread(engagement, key)


def _own_comment(public_id: str, caller: Caller) -> Contribution:
    entry = access_own_contribution(_id(public_id), caller.person)
    if entry.kind != "comment":
        raise Absent
    return entry


def _own_receipt(public_id: str, caller: Caller) -> HttpResponse:
    entry = _own_comment(public_id, caller)
    return answer(show_receipt(entry.receipt, caller))
