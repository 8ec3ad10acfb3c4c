"""A person's own ideas and drafts: what is exported, what closing an account takes away."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import closing, export, merging
from accounts.data_words import register_values
from accounts.models import Account
from accounts.persons import everything_of
from ideas.actions import coauthors, judging, jury
from ideas.actions.drafts import erase_account, settle_merged
from ideas.asked import KEY
from ideas.models import CoAuthor, Idea, IdeaDraft, IdeaStatus, Juror, Screened
from ideas.reasons import sentence_of
from questionnaires.models import Question


def _ideas(account: Account) -> list[dict[str, Any]]:
    rows = (
        Idea.objects.filter(contribution__person__in=everything_of(account.person))
        .select_related("contribution", "engagement", "merged_into__contribution")
        .prefetch_related("versions__category", "screenings", "steps", "replies")
        .order_by("pk")
    )
    asked = Question.objects.filter(
        questionnaire__engagement__in={row.engagement_id for row in rows}, questionnaire__key=KEY
    )
    titles = dict(asked.values_list("block_id", "title"))
    return [
        {
            "id": row.contribution.public_id,
            "engagement": row.engagement.public_id,
            "status": row.status,
            "screened": row.screened or None,
            "decisions": [
                {
                    "at": one.at.isoformat(),
                    "screened": one.verdict,
                    "ready_reason": str(sentence_of(one.reason)) or None,
                    "sentence": one.sentence or None,
                    "until": one.until.isoformat() if one.until else None,
                }
                for one in row.screenings.all()
            ],
            "steps": [
                {"at": one.at.isoformat(), "status": one.status, "sentence": one.said}
                for one in row.steps.all()
            ],
            "replies": [
                {"at": one.at.isoformat(), "text": one.sentence} for one in row.replies.all()
            ],
            "led_by": row.merged_into.contribution.public_id if row.merged_into else None,
            "public": row.is_public,
            "received_at": row.received_at.isoformat(),
            "versions": [
                {
                    "number": version.number,
                    "at": version.at.isoformat(),
                    "title": version.title,
                    "text": version.text,
                    "category": version.category.name if version.category else None,
                    "tags": version.tags,
                    "district": version.district,
                    "place": version.place,
                    "point": version.point,
                    "answers": [
                        {"question": titles.get(key, key), "answer": value}
                        for key, value in version.answers.items()
                    ],
                }
                for version in row.versions.all()
            ],
        }
        for row in rows
    ]


def _drafts(account: Account) -> list[dict[str, Any]]:
    rows = IdeaDraft.objects.filter(person__in=everything_of(account.person))
    return [
        {
            "engagement": row.engagement.public_id,
            "title": row.title,
            "text": row.text,
            "begun_at": row.begun_at.isoformat(),
            "saved_at": row.saved_at.isoformat(),
        }
        for row in rows.select_related("engagement").order_by("pk")
    ]


def _judging(account: Account) -> list[dict[str, Any]]:
    """Seats on juries with what was declared, scored and noted; ideas by their number alone."""
    rows = (
        Juror.objects.filter(person__in=everything_of(account.person))
        .select_related("contest__engagement")
        .prefetch_related(
            "interests__idea__contribution",
            "judgements__idea__contribution",
            "judgements__marks__criterion",
        )
    )
    return [
        {
            "engagement": row.contest.engagement.public_id,
            "appointed_at": row.appointed_at.isoformat(),
            "declared_at": row.declared_at.isoformat() if row.declared_at else None,
            "submitted_at": row.submitted_at.isoformat() if row.submitted_at else None,
            "conflicts": [
                {"idea": one.idea.contribution.public_id, "reason": one.reason}
                for one in row.interests.all()
            ],
            "judgements": [
                {
                    "idea": one.idea.contribution.public_id,
                    "marks": [
                        {"criterion": mark.criterion.name, "mark": mark.value}
                        for mark in one.marks.all()
                    ],
                    "note": one.note,
                    "text": one.comment,
                    "saved_at": one.saved_at.isoformat(),
                }
                for one in row.judgements.all()
            ],
        }
        for row in rows
    ]


def _coauthored(account: Account) -> list[dict[str, Any]]:
    """Seats beside other authors, and invitations that wait for this very address."""
    mine = Q(person__in=everything_of(account.person)) | Q(email_canonical=account.email_canonical)
    rows = CoAuthor.objects.filter(mine).select_related("idea__contribution", "idea__engagement")
    return [
        {
            "idea": row.idea.contribution.public_id,
            "engagement": row.idea.engagement.public_id,
            "address": row.email or None,
            "invited_at": row.invited_at.isoformat(),
            "until": row.expires_at.isoformat(),
            "accepted_at": row.accepted_at.isoformat() if row.accepted_at else None,
            "ended_at": row.ended_at.isoformat() if row.ended_at else None,
        }
        for row in rows
    ]


def register() -> None:
    """Called from ``ready()``."""
    register_values("status", dict(IdeaStatus.choices))
    register_values("screened", dict(Screened.choices))
    export.register_section("jury", _("Juries I sit on"), _judging)
    closing.register("jury", judging.erase_account)
    merging.register("jury", jury.settle_merged)
    export.register_section("ideas", _("My ideas"), _ideas)
    export.register_section("idea_drafts", _("Ideas not handed in yet"), _drafts)
    export.register_section("coauthored", _("Ideas I am a co-author of"), _coauthored)
    closing.register("coauthors", coauthors.erase_account)
    merging.register("coauthors", coauthors.settle_merged)
    closing.register("ideas", erase_account)
    merging.register("ideas", settle_merged)
