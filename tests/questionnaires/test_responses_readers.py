"""Who may read a response: its texts and its name are cleared one by one."""

from __future__ import annotations

import pytest

from core.exceptions import Invalid
from moderation.models import Item
from notifications.models import Notice
from participation.models import Contribution
from questionnaires.models import (
    Answer,
)
from tests.factories.engagements import make_account, make_engagement
from tests.factories.participation import make_citizen, make_moderator
from tests.factories.questionnaires import (
    definition,
    make_questionnaire,
    question,
)
from tests.questionnaires.helpers import audit_holds, begin, decide_on, response_of, submit

pytestmark = pytest.mark.django_db


def test_every_text_to_be_published_waits_for_a_moderator(survey, citizen):
    receipt = submit(begin(survey), citizen, publish_choice="name")
    response = response_of(receipt)
    assert response.contribution.state == "published"
    assert response.contribution.author_name == citizen.display_name
    held = set(response.answers.filter(state="held").values_list("question__block_id", flat=True))
    assert held == {"branches", "ideas"}
    assert set(Item.objects.values_list("kind", flat=True)) == {"answer"}
    assert Item.objects.count() == 2
    assert response.signature_state == "none"
    assert not Answer.objects.published().exists()
    audit_holds()


def test_under_the_policy_after_texts_are_public_at_once_and_queued():
    survey = make_questionnaire(make_engagement(moderation_policy="after"))
    submit(begin(survey), make_citizen(), publish_choice="name")
    assert Answer.objects.published().count() == 2
    assert Item.objects.filter(state="waiting").count() == 2


@pytest.mark.parametrize(
    "signing",
    [
        {"publish_choice": "alias", "alias": "Night Owl"},
        {
            "publish_choice": "name",
            "capacity": "organisation",
            "organisation": "Friends of the Library",
        },
    ],
)
def test_a_name_chosen_here_waits_for_a_moderator(survey, citizen, signing):
    receipt = submit(begin(survey), citizen, **signing)
    response = response_of(receipt)
    assert response.signature_state == "held"
    item = Item.objects.get(kind="response")
    assert item.target_id == response.contribution.public_id
    moderator = make_moderator()
    decide_on(item, "withhold", moderator)
    response.refresh_from_db()
    assert response.signature_state == "withheld"
    assert response.contribution.state == "published"
    audit_holds()


@pytest.mark.parametrize(("verdict", "public"), [("publish", 1), ("withhold", 0)])
def test_a_decision_is_about_one_text_and_its_author_is_told(survey, citizen, verdict, public):
    response = response_of(submit(begin(survey), citizen, publish_choice="name"))
    answer = response.answers.get(question__block_id="ideas")
    decide_on(Item.objects.get(target_id=answer.public_id), verdict)
    assert Answer.objects.published().count() == public
    response.refresh_from_db()
    assert response.contribution.state == "published"
    notice = Notice.objects.get(kind="decision")
    assert notice.account == citizen
    assert "receipts" in notice.path
    audit_holds()


@pytest.mark.parametrize(
    ("how", "field"),
    [
        ({"capacity": "crowd"}, "capacity"),
        ({"capacity": "organisation"}, "organisation"),
        ({"capacity": "organisation", "organisation": "x" * 201}, "organisation"),
        ({"capacity": "organisation", "organisation": "\ud800"}, "organisation"),
        (
            {
                "capacity": "organisation",
                "organisation": "Circle",
                "publish_choice": "alias",
                "alias": "A",
            },
            "publish_choice",
        ),
        ({"publish_choice": "everybody"}, "publish_choice"),
        ({"publish_choice": "alias"}, "alias"),
        ({"publish_choice": "alias", "alias": "Home Affairs Bureau"}, "alias"),
        ({"publish_choice": "alias", "alias": "\u200b"}, "alias"),
    ],
)
def test_a_name_that_cannot_stand_is_refused(survey, citizen, how, field):
    with pytest.raises(Invalid) as caught:
        submit(begin(survey), citizen, **how)
    assert caught.value.field == field
    assert not Contribution.objects.exists()


def test_a_display_name_is_asked_for_only_where_none_is_known(survey):
    nameless = make_account()
    with pytest.raises(Invalid) as caught:
        submit(begin(survey), nameless, publish_choice="name")
    assert caught.value.field == "display_name"
    receipt = submit(begin(survey), nameless, publish_choice="name", display_name="Kam Tin Lad")
    assert response_of(receipt).contribution.author_name == "Kam Tin Lad"


def test_a_questionnaire_for_individuals_takes_no_organisation(engagement, citizen):
    survey = make_questionnaire(engagement, definition(question("a"), organisations=False))
    with pytest.raises(Invalid) as caught:
        submit(begin(survey, {"a": "x"}), citizen, capacity="organisation", organisation="Circle")
    assert caught.value.field == "capacity"
