"""The check page: as whom one answers, signing in last, what a name may be."""

from __future__ import annotations

import re

import pytest

from core import clock
from participation.models import Engagement, Receipt
from questionnaires.actions.changes import values_of
from questionnaires.models import Option, Response
from tests.factories.engagements import make_engagement
from tests.factories.participation import make_citizen
from tests.factories.questionnaires import (
    definition,
    levels,
    make_questionnaire,
    options,
    question,
)
from tests.questionnaires.walking import Walk, ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def engagement() -> Engagement:
    return make_engagement(title="Library hours")


def test_the_default_is_not_published(engagement):
    page = ready(engagement, make_citizen()).get("check/")
    assert re.search(r'value="confidential" checked', page.text)
    assert re.search(r'value="individual" checked', page.text)


def test_what_was_chosen_survives_signing_in(engagement):
    walk = ready(engagement, None)
    walk.send(capacity="organisation", organisation="Reading <Circle>", publish_choice="name")
    walk.sign_in(make_citizen())
    page = walk.get("check/")
    assert 'value="Reading &lt;Circle&gt;"' in page.text
    walk.send(capacity="organisation", organisation="Reading <Circle>", publish_choice="name")
    assert Response.objects.get().organisation == "Reading <Circle>"


def test_a_refused_name_keeps_everything(engagement):
    walk = ready(engagement, make_citizen())
    page = walk.send(capacity="individual", publish_choice="alias", alias="Police Bureau")
    assert page.status_code == 422
    assert "Police Bureau" in page.text
    assert "Said" in page.text


def test_where_anyone_may_answer_nobody_signs_in_and_the_visit_keeps_its_copy():
    walk = ready(make_engagement(levels=levels(0)), None)
    page = walk.get("check/")
    assert 'value="name"' in page.text
    page = walk.send(capacity="individual", publish_choice="confidential")
    assert "/receipts/" in walk.at
    assert "Said" in page.text
    receipt = Receipt.objects.get()
    copy = walk.client.get(f"{walk.base}copy/{receipt.code}/")
    assert "Said" in copy.content.decode()
    assert "attachment" in copy["Content-Disposition"]
    stranger = Walk(receipt.engagement)
    assert "Said" not in stranger.get(walk.at).text
    assert stranger.client.get(f"{walk.base}copy/{receipt.code}/").status_code == 302


def test_a_second_response_is_said_before_it_replaces(engagement):
    account = make_citizen()
    walk = ready(engagement, account)
    walk.send(capacity="individual", publish_choice="confidential")
    page = walk.get()
    assert "You sent your answers" in page.text
    walk.post(route="whole")
    page = walk.send(**{"q-a": "Said again"})
    assert "replaces them" in page.text
    walk.send(capacity="individual", publish_choice="confidential", replace="1")
    assert Response.objects.count() == 1
    assert values_of(Response.objects.get()) == {"a": "Said again"}


def test_signing_in_that_gives_no_level_is_said_and_leads_round_no_circle(engagement):
    make_questionnaire(engagement, definition(question("a", number=1)))
    account = make_citizen()
    account.person.level = 0
    account.person.save()
    begun = Walk(engagement)
    begun.post(route="whole")
    begun.send(**{"q-a": "Said"})
    begun.sign_in(account)
    page = begun.get("check/")
    assert begun.at.endswith("/check/")
    page = begun.send(capacity="individual", publish_choice="confidential")
    assert page.status_code in {401, 403}
    assert "Said" in page.text
    # Signed in already, it is said before anything is written.
    later = Walk(engagement)
    later.sign_in(account)
    assert later.client.post(later.base, {"route": "whole"}).status_code in {401, 403}


def test_a_verified_person_may_be_asked_for(engagement):
    strict = make_engagement(levels=levels(3))
    make_questionnaire(strict, definition(question("a")))
    walk = Walk(strict)
    assert walk.get().status_code == 200
    walk.post(route="whole")
    walk.send(**{"q-a": "Said"})
    walk.sign_in(make_citizen())
    page = walk.get("check/")
    assert "verified" in page.text
    page = walk.send(capacity="individual", publish_choice="confidential")
    assert page.status_code == 403
    assert "Said" in page.text


def test_an_option_closed_meanwhile_is_led_to(engagement):
    asked = definition(question("a", "one", number=1, options=options("x", "y", "z")))
    make_questionnaire(engagement, asked)
    walk = Walk(engagement)
    walk.sign_in(make_citizen())
    walk.post(route="whole")
    walk.send(**{"q-a": "y"})
    Option.objects.filter(block_id="y").update(closed_at=clock.now())
    page = walk.get("check/")
    assert "was closed" in page.text
    assert "part/1/?check=1#box-q-a" in page.text
