"""Decisions on what a person wrote, and what the person reported, as own data."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.data_words import register_values
from accounts.export import register_section
from accounts.models import Account
from moderation.models import Decision, Report
from moderation.rules import RULES


def decisions(account: Account) -> list[dict[str, Any]]:
    """Verdict, rule and sentence; who decided is not the author's data."""
    person = account.person
    ids = [person.public_id, *person.merged_from.values_list("public_id", flat=True)]
    return [
        {
            "id": row.public_id,
            "kind": row.kind,
            "on": row.target_id,
            "version": row.version,
            "verdict": row.verdict,
            "rule": row.rule or None,
            "sentence": row.sentence,
            "decided_at": row.decided_at.isoformat(),
        }
        for row in Decision.objects.filter(item__author_id__in=ids).order_by("pk")
    ]


def reports(account: Account) -> list[dict[str, Any]]:
    """Texts reported while signed in, by id."""
    return [
        {
            "kind": row.kind,
            "on": row.target_id,
            "rule": row.rule or None,
            "note": row.note,
            "created_at": row.created_at.isoformat(),
        }
        for row in Report.objects.filter(account=account).order_by("pk")
    ]


def register() -> None:
    """Called from ``ready()``."""
    register_section("decisions", _("Decisions on what I wrote"), decisions)
    register_section("reports", _("What I reported"), reports)
    register_values("rule", {rule.id: rule.label for rule in RULES.values()})
