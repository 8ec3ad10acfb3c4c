"""One ``Idempotency-Key`` is one request: said again it is replayed, said otherwise refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core import clock
from participation.models import Contribution, Engagement
from questionnaires.models import Response
from tests.factories.accounts import make_account
from tests.factories.engagements import make_engagement
from tests.factories.participation import make_public_comment
from tests.factories.questionnaires import answers_for, levels, make_questionnaire, many

pytestmark = pytest.mark.django_db
KEY = {"Idempotency-Key": "one request"}


def refused(found: tuple[int, Any]) -> bool:
    """Whether the key was known for something else."""
    status, problem = found
    return status == 422 and problem["code"] == "already_sent"


def test_the_same_words_elsewhere_or_for_other_readers_are_another_request(api):
    engagement, other = make_engagement(), make_engagement()
    parent = make_public_comment(engagement)
    citizen = api(make_account(name="Wai"))
    path = f"consultations/{engagement.public_id}/comments"
    body = {"text": "More shade.", "publish": "confidential"}
    receipt = citizen.ask("POST", path, body, **KEY)[1]["receipt"]
    assert citizen.ask("POST", path, body, **KEY)[1]["receipt"] == receipt
    others = [
        (f"consultations/{other.public_id}/comments", body),
        (path, {**body, "publish": "name"}),
        (path, {**body, "reply_to": parent.contribution.public_id}),
    ]
    for where, what in others:
        assert refused(citizen.ask("POST", where, what, **KEY)), (where, what)
    assert Contribution.objects.filter(text="More shade.").count() == 1
    assert api(make_account()).ask("POST", path, body, **KEY)[1]["receipt"] != receipt


def test_the_same_answers_given_as_another_or_elsewhere_are_another_request(api):
    engagement, other = make_engagement(), make_engagement()
    for one in (engagement, other):
        make_questionnaire(one, replace(many(3), organisations=True))
    citizen = api(make_account(name="Wai"))
    path = f"consultations/{engagement.public_id}/responses"
    body = {"answers": answers_for(many(3)), "publish": "alias", "alias": "Old Wong"}
    status, sent = citizen.ask("POST", path, body, **KEY)
    assert status == 201
    assert citizen.ask("POST", path, body, **KEY)[1]["receipt"] == sent["receipt"]
    others = [
        (f"consultations/{other.public_id}/responses", body),
        (path, {**body, "alias": "Young Wong"}),
        (path, {**body, "publish": "confidential", "alias": ""}),
        (
            path,
            {
                **body,
                "capacity": "organisation",
                "organisation": "Wong Ltd",
                "publish": "name",
                "alias": "",
            },
        ),
    ]
    for where, what in others:
        assert refused(citizen.ask("POST", where, what, **KEY)), (where, what)
    assert Response.objects.count() == 1


def test_a_request_said_again_after_its_author_changed_it_gives_the_receipt(api):
    engagement = make_engagement()
    make_questionnaire(engagement, many(3))
    citizen = api(make_account(name="Wai"))
    path = f"consultations/{engagement.public_id}/responses"
    body = {"answers": answers_for(many(3))}
    sent = citizen.ask("POST", path, body, **KEY)[1]
    changed = {"answers": {**answers_for(many(3)), "m2": 3}, "publish": "name"}
    status, again = citizen.ask("POST", path, {**changed, "replace": True})
    assert (status, again["version"], again["state"]) == (201, 2, "published")
    assert '"m2":3' in again["text"]
    assert citizen.ask("POST", path, body, **KEY)[1]["receipt"] == sent["receipt"]


SECRET = {"Idempotency-Key": "5f0c2d8e-a-secret-of-the-sender"}


def anybody() -> Engagement:
    """A consultation that anyone may answer."""
    engagement = make_engagement(levels=levels(0))
    make_questionnaire(engagement, replace(many(3), organisations=True))
    return engagement


def test_nobodys_key_is_one_request_in_one_consultation(api):
    engagement, other = anybody(), anybody()
    path = f"consultations/{engagement.public_id}/responses"
    body = {"answers": answers_for(many(3)), "publish": "alias", "alias": "Old Wong"}
    status, sent = api().ask("POST", path, body, **SECRET)
    assert (status, sent["text"]) == (201, None)
    assert api().ask("POST", path, body, **SECRET)[1] == sent
    others = [
        {**body, "answers": {**answers_for(many(3)), "m2": 3}},
        {**body, "alias": "Young Wong"},
        {**body, "publish": "confidential", "alias": ""},
        {**body, "route": "key"},
        {"answers": body["answers"], "capacity": "organisation", "organisation": "Wong Ltd"},
    ]
    for what in others:
        assert refused(api().ask("POST", path, what, **SECRET)), what
    assert Response.objects.count() == 1
    # Elsewhere it is another secret, and so is another key or none here.
    elsewhere = f"consultations/{other.public_id}/responses"
    assert api().ask("POST", elsewhere, body, **SECRET)[1]["receipt"] != sent["receipt"]
    another = {"Idempotency-Key": "another secret of somebody"}
    assert api().ask("POST", path, body, **another)[1]["receipt"] != sent["receipt"]
    for _again in range(2):
        assert api().ask("POST", path, body)[0] == 201
    # Nor is it the key of somebody who is signed in.
    assert api(make_account()).ask("POST", path, body, **SECRET)[1]["receipt"] != sent["receipt"]
    assert Response.objects.count() == 6


def test_nobodys_key_must_not_be_guessed(api):
    path = f"consultations/{anybody().public_id}/responses"
    body = {"answers": answers_for(many(3))}
    for key, code in (("0123456789abcde", "key_too_short"), ("x" * 201, "invalid")):
        status, problem = api().ask("POST", path, body, **{"Idempotency-Key": key})
        assert (status, problem["code"]) == (422, code)
        assert problem["errors"][0]["field"] == "Idempotency-Key"
    assert not Response.objects.exists()


def test_a_replay_gives_its_receipt_after_the_close_too(api):
    engagement = anybody()
    path = f"consultations/{engagement.public_id}/responses"
    body = {"answers": answers_for(many(3))}
    sent = api().ask("POST", path, body, **SECRET)[1]
    with clock.freeze(engagement.closes_at):
        assert api().ask("POST", path, body, **SECRET)[1]["receipt"] == sent["receipt"]
        assert api().ask("POST", path, body)[0] == 409
