"""A person's own data here: what goes into the export."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import closing, data_words, export
from accounts.models import Account
from accounts.persons import everything_of
from questionnaires import kinds
from questionnaires.about_you import FACTS, choices
from questionnaires.actions.settling import erase_account
from questionnaires.models import AboutYou, Answer, Draft, Response


def _responses(account: Account) -> list[dict[str, Any]]:
    rows = (
        Response.objects.filter(person__in=everything_of(account.person))
        .select_related("contribution", "questionnaire__engagement", "about_you")
        .prefetch_related("answers__question", "answers__choices__option")
        .order_by("pk")
    )
    return [
        {
            "id": row.contribution.public_id,
            "engagement": row.questionnaire.engagement.public_id,
            "capacity": row.capacity,
            "organisation": row.organisation,
            "name_state": row.signature_state,
            "route": row.route,
            "counted": row.live,
            "level": row.level,
            "begun_at": row.begun_at.isoformat(),
            "answers": [_answer(answer) for answer in row.answers.all()],
            "about_you": _facts(row),
        }
        for row in rows
    ]


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "id": answer.public_id,
        "question": answer.question.title,
        "answer": kinds.of(answer.question.kind).read(answer),
        "text_state": answer.state,
        "version": answer.version,
    }


def _facts(response: Response) -> dict[str, str]:
    try:
        return dict(response.about_you.facts)
    except AboutYou.DoesNotExist:
        return {}


def _drafts(account: Account) -> list[dict[str, Any]]:
    rows = Draft.objects.open().filter(person__in=everything_of(account.person))
    return [
        {
            "engagement": row.questionnaire.engagement.public_id,
            "begun_at": row.begun_at.isoformat(),
            "saved_at": row.saved_at.isoformat(),
            "answers": row.answers,
            "signing": row.signing,
        }
        for row in rows.select_related("questionnaire__engagement").order_by("pk")
    ]


def register() -> None:
    """Called from ``ready()``."""
    export.register_section("responses", _("Answers to questionnaires"), _responses)
    export.register_section("drafts", _("Answers not submitted yet"), _drafts)
    for fact in FACTS:
        data_words.register_values(fact, dict(choices(fact)))
    closing.register("questionnaires", erase_account)
