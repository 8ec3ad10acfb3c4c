"""Responses for tests, sent as citizens send them, and a look at what was kept."""

from __future__ import annotations

import io
from typing import Any

from django.core.management import call_command

from accounts.models import Account
from moderation.models import Item
from participation.models import Receipt
from questionnaires.actions.drafts import begin_draft, save_draft
from questionnaires.actions.responses import submit_response
from questionnaires.models import (
    Draft,
    Questionnaire,
    Response,
)
from tests.factories.participation import make_moderator

ANSWERS: dict[str, Any] = {
    "visits": {"option": "yes"},
    "branches": {"options": ["central", "elsewhere"], "other": "The mobile van"},
    "evening": 5,
    "until": "22",
    "uses": {"options": ["books"]},
    "ideas": "Open on Sundays.",
    "keep": True,
}


def begin(survey: Questionnaire, answers: dict[str, Any] | None = None, **how: Any) -> Draft:
    draft = begin_draft(
        questionnaire=survey, person=None, language="en", source="address:192.0.2.1", **how
    )
    return save_draft(draft=draft, values=ANSWERS if answers is None else answers)


def submit(what: Draft | Questionnaire, account: Account | None, **how: Any) -> Receipt:
    given: dict[str, Any] = (
        {"draft": what} if isinstance(what, Draft) else {"questionnaire": what, "answers": ANSWERS}
    )
    return submit_response(
        **{
            **given,
            "person": account.person if account else None,
            "account": account,
            "source": "address:192.0.2.1",
            **how,
        }
    )


def response_of(receipt: Receipt) -> Response:
    return Response.objects.select_related("contribution__engagement").get(
        contribution__receipt=receipt
    )


def audit_holds() -> None:
    call_command("verify_audit", stdout=io.StringIO())


def decide_on(item: Item, verdict: str, by: Account | None = None) -> None:
    from moderation.actions import decide

    decide(
        item=item,
        verdict=verdict,
        rule="r1" if verdict == "withhold" else "",
        version=item.version,
        by=by or make_moderator(),
    )


def decide_on_again(item: Item) -> None:
    from moderation.actions import decide, last_decision

    last = last_decision(item.kind, item.target_id)
    decide(
        item=item,
        verdict="publish",
        version=item.version,
        by=make_moderator(),
        after=last.public_id if last else "",
    )
