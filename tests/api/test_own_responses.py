"""One's own responses through the API: read, replaced and taken back as on the pages."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from participation.models import Contribution
from questionnaires.models import Response
from questionnaires.own_api import ResponseOut
from tests.factories.accounts import make_account
from tests.factories.engagements import make_engagement
from tests.factories.questionnaires import answers_for, make_questionnaire, many

pytestmark = pytest.mark.django_db


def asked() -> str:
    engagement = make_engagement()
    make_questionnaire(engagement, replace(many(6), organisations=True))
    return str(engagement.public_id)


def test_what_was_sent_is_read_back_replaced_and_withdrawn(api):
    consultation = asked()
    citizen = api(make_account())
    path = f"consultations/{consultation}/responses"
    body = {"answers": answers_for(many(6)), "publish": "alias", "alias": "Old Wong"}
    sent = citizen.ask("POST", path, body)[1]
    own = f"responses/{sent['contribution']}"
    status, found = citizen.ask("GET", own)
    ResponseOut.model_validate(found)
    assert (status, found["answers"], found["receipt"]) == (200, body["answers"], sent["receipt"])
    assert (found["publish"], found["alias"], found["version"]) == ("alias", "Old Wong", 1)
    # What is read can be sent again as it is, with a change.
    again = {name: found[name] for name in ("answers", "publish", "alias", "route", "capacity")}
    again["answers"] = {**found["answers"], "m2": 3}
    assert citizen.ask("POST", path, {**again, "replace": True})[1]["version"] == 2
    assert citizen.ask("GET", own)[1]["answers"]["m2"] == 3
    for _twice in range(2):
        status, found = citizen.ask("DELETE", own)
        assert (status, found["state"]) == (200, "withdrawn")
    assert Contribution.objects.get().state == "withdrawn"
    assert not Response.objects.get().live
    assert citizen.ask("GET", own)[1]["state"] == "withdrawn"
    # Taken back, another one may be sent.
    assert citizen.ask("POST", path, body)[0] == 201


def test_a_version_that_stands_no_more_replaces_nothing(api):
    consultation = asked()
    citizen = api(make_account())
    path = f"consultations/{consultation}/responses"
    body = {"answers": answers_for(many(6))}
    status, problem = citizen.ask("POST", path, {**body, "replace": True, "version": 1})
    assert (status, problem["code"]) == (409, "edited")
    sent = citizen.ask("POST", path, body)[1]
    changed = {"answers": {**body["answers"], "m2": 3}, "replace": True}
    assert citizen.ask("POST", path, {**changed, "version": 1})[1]["version"] == 2
    # Another program that still has the first one in hand.
    late = {"answers": {**body["answers"], "m2": 1}, "replace": True}
    for version in (1, 3):
        status, problem = citizen.ask("POST", path, {**late, "version": version})
        assert (status, problem["code"]) == (409, "edited")
    own = f"responses/{sent['contribution']}"
    assert citizen.ask("GET", own)[1]["answers"]["m2"] == 3
    assert citizen.ask("POST", path, late)[1]["version"] == 3
    citizen.ask("DELETE", own)
    assert citizen.ask("POST", path, {**late, "version": 3})[0] == 409
    for wrong in (0, -1, 2**31, "x"):
        assert citizen.ask("POST", path, {**late, "version": wrong})[0] == 422


def test_nothing_is_taken_back_after_the_close(api):
    consultation = asked()
    citizen = api(make_account())
    body = {"answers": answers_for(many(6))}
    sent = citizen.ask("POST", f"consultations/{consultation}/responses", body)[1]
    closes = Contribution.objects.get().engagement.closes_at
    assert closes is not None
    with clock.freeze(closes):
        status, problem = citizen.ask("DELETE", f"responses/{sent['contribution']}")
    assert (status, problem["code"]) == (409, "closed")
    assert Contribution.objects.get().state == "confidential"
    with clock.freeze(closes - dt.timedelta(microseconds=1)):
        assert citizen.ask("DELETE", f"responses/{sent['contribution']}")[0] == 200


def test_another_persons_response_is_not_there(api):
    consultation = asked()
    body = {"answers": answers_for(many(6)), "publish": "alias", "alias": "Old Wong"}
    sent = api(make_account()).ask("POST", f"consultations/{consultation}/responses", body)[1]
    stranger = api(make_account())
    for method in ("GET", "DELETE"):
        assert stranger.ask(method, f"responses/{sent['contribution']}")[0] == 404
        assert stranger.ask(method, "responses/nothing")[0] == 404
        assert api().ask(method, f"responses/{sent['contribution']}")[0] == 401
    assert stranger.ask("GET", "responses")[1]["count"] == 0
    assert api().ask("GET", "responses")[0] == 401
    assert Contribution.objects.get().state == "published"


def test_the_list_is_paged_narrowed_and_as_cheap_for_twenty_as_for_two(api):
    citizen = api(make_account())
    consultations, counts = [], []
    for wanted in (2, 20):
        while len(consultations) < wanted:
            consultations.append(asked())
            path = f"consultations/{consultations[-1]}/responses"
            cache.clear()
            assert citizen.ask("POST", path, {"answers": answers_for(many(6))})[0] == 201
        with CaptureQueriesContext(connection) as captured:
            status, found = citizen.ask("GET", "responses?limit=100")
        assert (status, found["count"], found["next"]) == (200, wanted, None)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 8, counts
    assert [one["consultation"] for one in found["items"]] == consultations[::-1]
    page = citizen.ask("GET", "responses?limit=15")[1]
    assert len(page["items"]) == 15
    rest = citizen.ask("GET", page["next"].partition("/api/v1/")[2])[1]
    assert (len(rest["items"]), rest["next"]) == (5, None)
    (one,) = citizen.ask("GET", f"responses?consultation={consultations[0]}")[1]["items"]
    assert one["consultation"] == consultations[0]
    assert citizen.ask("GET", "responses?consultation=nothing")[0] == 404
