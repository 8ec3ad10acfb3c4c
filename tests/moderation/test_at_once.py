"""An author and a moderator at the same moment: one comes first, the other is told; none waits
for what the other holds.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command

from accounts.actions import choose_display_name
from accounts.models import Account
from moderation import actions as moderation
from moderation.models import Item
from participation.actions.contributions import edit_contribution, withdraw_contribution
from questionnaires.actions.changes import change_response
from questionnaires.actions.responses import submit_response
from tests.factories.engagements import make_engagement
from tests.factories.participation import make_citizen, make_comment, make_moderator
from tests.factories.questionnaires import definition, make_questionnaire, question
from tests.factories.together import released_together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.db]

ROUNDS = 6
Act = Callable[[], Any]


def edited(citizen: Account) -> tuple[Act, str]:
    entry = make_comment(make_engagement(), account=citizen).contribution

    def act() -> Any:
        return edit_contribution(
            contribution=entry, person=citizen.person, account=citizen, text="Else.", version=1
        )

    return act, entry.public_id


def withdrawn(citizen: Account) -> tuple[Act, str]:
    entry = make_comment(make_engagement(), account=citizen).contribution

    def act() -> Any:
        return withdraw_contribution(contribution=entry, person=citizen.person, account=citizen)

    return act, entry.public_id


def renamed(citizen: Account) -> tuple[Act, str]:
    choose_display_name(account=citizen, name=f"Neighbour of {citizen.pk}")

    def act() -> Any:
        return choose_display_name(account=citizen, name=f"Cousin of {citizen.pk}")

    return act, citizen.public_id


def _response(citizen: Account) -> Any:
    survey = make_questionnaire(make_engagement(), definition(question("a"), question("b")))
    receipt = submit_response(
        questionnaire=survey,
        answers={"a": "One thing", "b": "Another"},
        person=citizen.person,
        account=citizen,
        publish_choice="alias",
        alias="Old Wong",
    )
    return receipt.contribution.response


def answered_otherwise(citizen: Account) -> tuple[Act, str]:
    response = _response(citizen)

    def act() -> Any:
        return change_response(
            response=response,
            answers={"a": "Quite another thing", "b": "Another"},
            person=citizen.person,
            account=citizen,
        )

    return act, response.answers.get(question__block_id="a").public_id


def signed_otherwise(citizen: Account) -> tuple[Act, str]:
    response = _response(citizen)

    def act() -> Any:
        return change_response(
            response=response,
            answers={"a": "Quite another thing", "b": "Another"},
            person=citizen.person,
            account=citizen,
        )

    return act, response.contribution.public_id


@pytest.mark.parametrize(
    "begin", [edited, withdrawn, renamed, answered_otherwise, signed_otherwise]
)
def test_an_author_and_a_moderator_never_wait_for_each_other(begin):
    moderator = make_moderator()
    for _round in range(ROUNDS):
        act, target_id = begin(make_citizen())
        item = Item.objects.get(target_id=target_id, state="waiting")

        def decide(item: Item = item) -> Any:
            return moderation.decide(
                item=item, verdict="withhold", rule="r1", version=item.version, by=moderator
            )

        released_together([act, decide])
    call_command("verify_audit", stdout=io.StringIO())
