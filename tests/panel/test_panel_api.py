"""The panel by a program: one's own profile and invitations, and nobody else's."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from crowdtasks.panel import rules
from crowdtasks.panel.models import Invitation, Volunteer
from tests.api.conftest import Api
from tests.factories.panel import drawn, make_invited, volunteer, volunteers
from tests.factories.participation import make_citizen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
SAID = {"age": "25-34", "devices": ["tablet", "android"], "languages": ["urdu"]}


def test_one_volunteers_reads_changes_and_erases_what_one_said() -> None:
    account = make_citizen()
    mine = Api(account)
    assert mine.ask("GET", "volunteer")[0] == 404
    status, row = mine.ask("PUT", "volunteer", SAID)
    assert status == 200
    assert (row["devices"], row["languages"], row["district"]) == (
        ["android", "tablet"],
        ["urdu"],
        "",
    )
    # What is left out is not said any more.
    mine.ask("PUT", "volunteer", {"age": "35-44", "devices": ["iphone"]})
    kept = mine.ask("GET", "volunteer")[1]
    assert (kept["age"], kept["languages"]) == ("35-44", [])
    assert kept["joined_at"] == row["joined_at"]
    assert kept["kept_until"] > kept["saved_at"]
    assert mine.ask("DELETE", "volunteer") == (200, {"erased": True})
    assert mine.ask("DELETE", "volunteer") == (200, {"erased": False})
    assert not Volunteer.objects.exists()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"age": "under-18"}, "age"),
        ({"devices": []}, "devices"),
        ({"devices": ["toaster"]}, "devices"),
        ({"devices": "android"}, "devices"),
        ({"district": "elsewhere"}, "district"),
        ({"assistive": ["x"] * 21}, "assistive"),
        ({"languages": [None]}, "languages"),
    ],
)
def test_what_is_not_on_the_lists_is_refused_with_its_field(more, field) -> None:
    status, refused = Api(make_citizen()).ask("PUT", "volunteer", {**SAID, **more})
    assert status == 422
    assert field in str(refused["errors"])
    assert not Volunteer.objects.exists()


def test_nobody_signed_in_has_neither_profile_nor_invitations() -> None:
    nobody = Api(None)
    for method, path in (("GET", "volunteer"), ("DELETE", "volunteer"), ("GET", "invitations")):
        assert nobody.ask(method, path)[0] == 401
    assert nobody.ask("PUT", "volunteer", SAID)[0] == 401


def test_ones_invitation_is_read_accepted_and_declined_and_nobody_elses() -> None:
    people = volunteers(5)
    row = make_invited()
    drawn(row, {"25-34": 5})
    mine, path = Api(people[0]), f"rounds/{row.engagement.public_id}/invitation"
    (listed,) = mine.ask("GET", "invitations")[1]["items"]
    assert (listed["round"], listed["state"]) == (row.engagement.public_id, "waiting")
    assert listed["answer_until"] is not None
    status, accepted = mine.ask("POST", f"{path}/accept")
    assert (status, accepted["state"], accepted["answer_until"]) == (200, "accepted", None)
    assert mine.ask("POST", f"{path}/accept") == (200, accepted)
    assert mine.ask("POST", f"{path}/decline")[1]["state"] == "declined"
    status, over = mine.ask("POST", f"{path}/accept")
    assert status == 409
    assert "items" not in over
    # The others' stand as they stood; who was not invited learns nothing.
    assert Invitation.objects.filter(state="waiting").count() == 4
    other = Api(volunteer().person.accounts.get())
    assert other.ask("GET", "invitations")[1]["items"] == []
    assert other.ask("POST", f"{path}/accept")[0] == 404
    assert Api(None).ask("POST", f"{path}/accept")[0] == 401
    assert mine.ask("POST", "rounds/nothing-of-the-kind/invitation/accept")[0] == 404


def test_an_invitation_that_was_not_answered_in_time_says_so_before_the_job_came() -> None:
    people, row = volunteers(5), make_invited()
    drawn(row, {"25-34": 5})
    until = Invitation.objects.get(person=people[0].person).expires_at
    with clock.freeze(until + dt.timedelta(seconds=1)):
        mine = Api(people[0])
        assert mine.ask("GET", "invitations")[1]["items"][0]["answer_until"] is None
        path = f"rounds/{row.engagement.public_id}/invitation/accept"
        assert mine.ask("POST", path)[0] == 409


def test_the_list_costs_the_same_for_one_and_for_several() -> None:
    people = volunteers(5)

    def queries() -> int:
        mine = Api(people[0])
        with CaptureQueriesContext(connection) as caught:
            mine.ask("GET", "invitations")
        return len(caught)

    drawn(make_invited(), {"25-34": 5})
    one = queries()
    for _each in range(rules.FATIGUE_INVITATIONS - 1):
        drawn(make_invited(), {"25-34": 5})
    assert queries() == one
