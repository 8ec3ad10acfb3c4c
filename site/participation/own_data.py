"""A person's own data here: what goes into the export, and what closing an account takes away."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import closing, export
from accounts.models import Account
from participation.actions.erasing import erase_account
from participation.models import Contribution, Follow, Receipt, Support, Vote


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _contributions(account: Account) -> list[dict[str, Any]]:
    rows = (
        Contribution.objects.filter(person=account.person)
        .select_related("engagement")
        .prefetch_related("versions")
        .order_by("pk")
    )
    return [
        {
            "id": row.public_id,
            "engagement": row.engagement.public_id,
            "kind": row.kind,
            "channel": row.channel,
            "language": row.language,
            "received_at": _iso(row.received_at),
            "publish_choice": row.publish_choice,
            "consent_version": row.consent_version,
            "state": row.state,
            "shown_name": row.author_name,
            "name_withheld": row.name_withheld,
            "versions": [
                {"number": version.number, "at": _iso(version.at), "text": version.text}
                for version in row.versions.all()
            ],
        }
        for row in rows
    ]


def _votes(account: Account) -> list[dict[str, Any]]:
    rows = Vote.objects.filter(person=account.person).select_related("ballot__engagement")
    return [
        {
            "engagement": row.ballot.engagement.public_id,
            "ballot": row.ballot.public_id,
            "choice": row.choice,
            "cast_at": _iso(row.cast_at),
        }
        for row in rows.order_by("pk")
    ]


def _agreements(account: Account) -> list[dict[str, Any]]:
    """Which comments were agreed with; not whose they are (nothing about other people)."""
    rows = Support.objects.filter(person=account.person).select_related("comment__contribution")
    return [
        {"comment": row.comment.contribution.public_id, "at": _iso(row.at)}
        for row in rows.order_by("pk")
    ]


def _receipts(account: Account) -> list[dict[str, Any]]:
    rows = Receipt.objects.filter(person=account.person).select_related("engagement")
    return [
        {
            "code": row.code,
            "engagement": row.engagement.public_id,
            "for": "contribution" if row.contribution_id else "votes",
            "at": _iso(row.created_at),
        }
        for row in rows.order_by("pk")
    ]


def _follows(account: Account) -> list[dict[str, Any]]:
    rows = Follow.objects.filter(account=account).select_related("engagement", "bureau")
    return [
        {
            "engagement": row.engagement.public_id if row.engagement else None,
            "bureau": row.bureau.code if row.bureau else None,
            "since": _iso(row.created_at),
            "until": _iso(row.ended_at),
        }
        for row in rows.order_by("pk")
    ]


def register() -> None:
    """Called from ``ready()``."""
    export.register_section("contributions", _("What I contributed"), _contributions)
    export.register_section("votes", _("Votes on statements"), _votes)
    export.register_section("agreements", _("Comments I agreed with"), _agreements)
    export.register_section("receipts", _("Receipts"), _receipts)
    export.register_section("follows", _("What I follow"), _follows)
    closing.register("participation", erase_account)
