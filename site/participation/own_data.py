"""A person's own data here: what goes into the export, and what closing an account takes away.

Rows of persons that were merged into this one are the same person's, so they are shown too.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import closing, export
from accounts.data_words import register_values
from accounts.models import Account
from accounts.persons import everything_of
from core.texts import pick
from participation import ballots
from participation.actions.erasing import erase_account
from participation.models import (
    Attachment,
    Contribution,
    ContributionVersion,
    Engagement,
    Follow,
    Receipt,
    Side,
    Support,
    Vote,
    VoteEvent,
)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _about(engagement: Engagement) -> dict[str, str]:
    return {"engagement": engagement.public_id, "title": pick(engagement.title).text}


def _contributions(account: Account) -> list[dict[str, Any]]:
    rows = (
        Contribution.objects.filter(person__in=everything_of(account.person))
        .select_related("engagement", "comment__thread", "comment__parent__contribution")
        .prefetch_related("versions", "comment__sides")
        .order_by("pk")
    )
    return [
        {
            "id": row.public_id,
            **_about(row.engagement),
            "kind": row.kind,
            **_place(row),
            "channel": row.channel,
            "language": row.language,
            "received_at": _iso(row.received_at),
            "publish_choice": row.publish_choice,
            "consent_version": row.consent_version,
            "state": row.state,
            "published_at": _iso(row.published_at),
            "edited_at": _iso(row.edited_at),
            "shown_name": row.author_name,
            "name_withheld": row.name_withheld,
            "versions": [
                {
                    "number": version.number,
                    "at": _iso(version.at),
                    "standing": _standing(row, version),
                    **_side(row, version),
                    "text": version.text,
                }
                for version in row.versions.all()
            ],
        }
        for row in rows
    ]


def _place(row: Contribution) -> dict[str, Any]:
    """What a comment is on: the part of the paper it read, or the id of what it answers."""
    comment = getattr(row, "comment", None)
    if comment is None:
        return {}
    parent = comment.parent.contribution.public_id if comment.parent else None
    return {
        "on": comment.thread.key,
        "in_reply_to": parent,
        "paper_version": comment.paper_version,
    }


def _side(row: Contribution, version: ContributionVersion) -> dict[str, str]:
    """The side this version of a comment was on, where its thread takes sides."""
    comment = getattr(row, "comment", None)
    side = comment.side_at(version.number) if comment else ""
    return {"side": side} if side else {}


def _standing(row: Contribution, version: ContributionVersion) -> str:
    """``current`` is the text that counts; ``waiting`` an edit a moderator has yet to read."""
    if version.number == row.version:
        return "current"
    return "waiting" if version.number == row.held_version else "earlier"


def _files(account: Account) -> list[dict[str, Any]]:
    """Every file, sent or still on a form; the bytes are at ``path`` while signed in."""
    rows = Attachment.objects.filter(person__in=everything_of(account.person))
    return [
        {
            "id": row.public_id,
            **_about(row.engagement),
            "contribution": row.contribution.public_id if row.contribution else None,
            "name": row.name,
            "description": row.alt,
            "type": row.media_type,
            "size": row.size,
            "sha256": row.sha256,
            "state": row.state,
            "at": _iso(row.created_at),
            "kept_until": _iso(row.expires_at),
            "removed_at": _iso(row.removed_at),
            "path": None if row.removed_at else f"/attachments/{row.public_id}/",
        }
        for row in rows.select_related("engagement", "contribution").order_by("pk")
    ]


def _votes(account: Account) -> list[dict[str, Any]]:
    """Every choice ever made on each ballot, the one that counts last."""
    persons = everything_of(account.person)
    choices: dict[int, list[dict[str, Any]]] = defaultdict(list)
    events = VoteEvent.objects.filter(person__in=persons).select_related("ballot", "paper")
    for event in events.order_by("pk"):
        choices[event.ballot_id].append(
            {**_made(event), "at": _iso(event.at), "channel": event.channel}
        )
    rows = Vote.objects.filter(person__in=persons).select_related("ballot__engagement")
    return [
        {
            **_about(row.ballot.engagement),
            "ballot": row.ballot.public_id,
            **({} if ballots.holds_choices(row.ballot) else {"choice": row.choice}),
            "cast_at": _iso(row.cast_at),
            "level": row.level,
            "choices": choices[row.ballot_id],
        }
        for row in rows.order_by("pk")
    ]


def _made(event: VoteEvent) -> dict[str, Any]:
    """The one choice; or what was given to which entries, nothing where it was withdrawn."""
    if not ballots.holds_choices(event.ballot):
        return {"choice": event.choice}
    return {"given": event.paper.choices if hasattr(event, "paper") else None}


def _agreements(account: Account) -> list[dict[str, Any]]:
    """Which comments were agreed with; not whose they are (nothing about other people)."""
    rows = Support.objects.filter(person__in=everything_of(account.person))
    return [
        {
            **_about(row.comment.contribution.engagement),
            "comment": row.comment.contribution.public_id,
            "at": _iso(row.at),
        }
        for row in rows.select_related("comment__contribution__engagement").order_by("pk")
    ]


def _receipts(account: Account) -> list[dict[str, Any]]:
    rows = Receipt.objects.filter(person__in=everything_of(account.person))
    return [
        {
            "code": row.code,
            **_about(row.engagement),
            "for": "contribution" if row.contribution_id else "votes",
            "at": _iso(row.created_at),
        }
        for row in rows.select_related("engagement").order_by("pk")
    ]


def follows_of(account: Account) -> QuerySet[Follow]:
    """What the account follows or followed, and what was asked for with its bare address."""
    bare = Q(account=None, address_canonical=account.email_canonical)
    return Follow.objects.filter(Q(account=account) | bare)


def _thing(row: Follow) -> str:
    if row.engagement is not None:
        return pick(row.engagement.title).text
    return pick(row.bureau.name).text if row.bureau else ""


def _follows(account: Account) -> list[dict[str, Any]]:
    rows = follows_of(account).select_related("engagement", "bureau")
    return [
        {
            "engagement": row.engagement.public_id if row.engagement else None,
            "bureau": row.bureau.code if row.bureau else None,
            "title": _thing(row),
            "with": "account" if row.account_id else "address",
            "address": row.address or None,
            "language": row.language,
            "since": _iso(row.created_at),
            "confirmed_at": _iso(row.confirmed_at),
            "until": _iso(row.ended_at),
        }
        for row in rows.order_by("pk")
    ]


def register() -> None:
    """Called from ``ready()``."""
    register_values("side", dict(Side.choices))
    export.register_section("contributions", _("What I contributed"), _contributions)
    export.register_section("files", _("Files"), _files)
    export.register_section("votes", _("My votes"), _votes)
    export.register_section("agreements", _("Comments I agreed with"), _agreements)
    export.register_section("receipts", _("Receipts"), _receipts)
    export.register_section("follows", _("What I follow"), _follows)
    closing.register("participation", erase_account)
