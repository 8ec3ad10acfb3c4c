"""The officer's desk of a round's rewards: what looked odd is decided, asked about, counted."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest

from core import audit, clock
from core.exceptions import Refused
from crowdtasks.actions.reviewing import appeal_claim
from crowdtasks.ledger import proof
from crowdtasks.ledger.reading import balance_of, escrow_of
from crowdtasks.products.funnel import funnel_of
from crowdtasks.products.models import Award
from crowdtasks.products.rewards_left import rewards_left
from crowdtasks.products.tasks import settle_what_was_declined
from notifications.models import Notice
from tests.factories.crowdtasks import accept, decline
from tests.factories.desk import make_approver, make_officer
from tests.factories.participation import make_citizen
from tests.factories.products import begin, hand_in, make_rewarded
from tests.questionnaires.walking import BACKEND

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


def test_accepted_points_are_released_and_declined_ones_wait_for_another_officer(client) -> None:
    _page, row = make_rewarded(points=50)
    bureau = row.engagement.owner
    officer, colleague = make_officer(bureau), make_approver(bureau)
    people = [make_citizen() for _each in range(3)]
    for account in people:
        hand_in(row, account, minutes=0)
    first, second, third = Award.objects.order_by("pk")
    assert accept(first, officer).state == "accepted"
    assert balance_of(people[0].person).available == 10
    for award in (second, third):
        assert decline(award, officer, "Nothing was tried.").state == "declined"
    told = Notice.objects.filter(kind="try-decided", account=people[1]).get()
    assert told.params["reason"] == "Nothing was tried."
    # Its owner reads why, and asks another officer.
    client.force_login(people[1], backend=BACKEND)
    path = f"/en/e/{row.engagement.public_id}/reward/"
    assert "Nothing was tried." in client.get(path).content.decode()
    assert client.post(f"{path}appeal/", {"text": ""}).status_code == 422
    assert client.post(f"{path}appeal/", {"text": "I tried it twice."}).status_code == 302
    assert "will decide" in client.get(path).content.decode()
    with pytest.raises(Refused):
        accept(second, officer)
    assert accept(second, colleague).state == "accepted"
    assert balance_of(people[1].person).available == 10
    assert escrow_of(row.engagement) == 20
    with clock.travel(dt.timedelta(days=15)):
        settle_what_was_declined()
    third.refresh_from_db()
    assert (third.state, third.points) == ("refused", 0)
    assert (escrow_of(row.engagement), rewards_left(row)) == (30, 3)
    assert proof.prove().ok
    assert audit.verify().ok


def test_who_did_not_try_it_cannot_ask_for_another() -> None:
    _page, row = make_rewarded()
    hand_in(row, make_citizen(), minutes=0)
    award = decline(Award.objects.get(), make_officer(row.engagement.owner))
    with pytest.raises(Refused):
        appeal_claim(claim=award, person=make_citizen().person, text="Mine.", language="en")


def test_numbers_pages_and_file_of_the_desk(client) -> None:
    _page, row = make_rewarded()
    hand_in(row, make_citizen(), minutes=4)
    hand_in(row, minutes=6)
    hand_in(row, make_citizen(), minutes=0)
    begin(row)
    found = funnel_of(row, clock.now())
    assert {key: getattr(found, key) for key in ("started", "finished", "unclaimed")} == {
        "started": 4,
        "finished": 3,
        "unclaimed": 1,
    }
    assert (found.review, found.accepted, found.taken, found.places) == (1, 1, 3, 5)
    assert (found.minutes, found.given, found.cost) == (4.0, 10, 3.3)
    client.force_login(make_officer(row.engagement.owner), backend=BACKEND)
    path = f"/en/e/{row.engagement.public_id}/try/"
    assert "Rewards taken" in client.get(f"{path}desk/").content.decode()
    waiting = client.get(f"{path}review/").content.decode()
    award = Award.objects.get(state="review")
    assert f"{path}review/{award.public_id}/" in waiting
    shown = client.get(f"{path}review/{award.public_id}/").content.decode()
    assert "Find a seat" in shown
    assert "much faster" in shown
    body = b"".join(client.get(f"{path}desk/tries.csv").streaming_content).decode("utf-8-sig")
    head, *lines = csv.reader(io.StringIO(body))
    assert len(lines) == 3
    assert head[3] == "1. Find a seat"
    assert [line[3] for line in lines] == ["I did it"] * 3
    assert [line[9] for line in lines] == ["Being looked at", "Rewarded", "Waits to be claimed"]


def test_the_list_of_what_waits_costs_the_same_for_many(client, django_assert_max_num_queries):
    _page, row = make_rewarded(places=12, points=120)
    hand_in(row, make_citizen(), minutes=0)
    client.force_login(make_officer(row.engagement.owner), backend=BACKEND)
    path = f"/en/e/{row.engagement.public_id}/try/review/"
    client.get(path)
    with django_assert_max_num_queries(40) as few:
        client.get(path)
    for _each in range(8):
        hand_in(row, make_citizen(), minutes=0)
    with django_assert_max_num_queries(len(few)):
        client.get(path)
