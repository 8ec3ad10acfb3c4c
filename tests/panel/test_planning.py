"""Whom to invite: quotas that hold, numbers that tell of nobody, rounds opened to all."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consultations.actions.paper import publish_paper
from core import audit, clock
from core.exceptions import Closed, Invalid, Refused
from crowdtasks.panel import rules
from crowdtasks.panel.actions.planning import open_to_all, open_undrawn
from crowdtasks.panel.models import Plan
from crowdtasks.panel.reading import free_volunteers, supply_of
from crowdtasks.products.models import Award
from tests.factories.panel import (
    accept,
    drawn,
    invitations_of,
    make_invited,
    officer_of,
    plan,
    volunteer,
    volunteers,
)
from tests.factories.participation import make_citizen
from tests.factories.products import edit, hand_in, make_rewarded, make_round

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
BACKEND = "accounts.backends.AccountBackend"


@pytest.mark.parametrize(
    ("quota", "how", "field", "says"),
    [
        ({"25-34": 5}, {"total": 6}, "total", "add up to 5, and the total says 6"),
        ({"25-34": 5}, {"total": None}, "total", "the total says –"),
        ({"25-34": 0}, {}, "25-34", "whole number from 1"),
        ({"25-34": -2}, {}, "25-34", "whole number from 1"),
        ({"25-34": 7}, {}, "25-34", "6 volunteers can be invited now, and it says 7"),
        ({"65-over": 1}, {}, "65-over", "fewer than five"),
        ({}, {}, "total", "at least one line"),
        ({"under-18": 5}, {}, "by", "quotas count"),
        ({"25-34": 5}, {"by": "shoes"}, "by", "quotas count"),
        ({"25-34": 5}, {"answer_days": 0}, "answer_days", "from 1 to 30"),
        ({"25-34": 5}, {"narrowed": {"districts": ["atlantis"]}}, "districts", "list"),
        ({"25-34": 5}, {"narrowed": {"districts": ["tai-po"]}}, "25-34", "fewer than five"),
    ],
)
def test_a_quota_that_does_not_hold_is_refused_and_says_why(quota, how, field, says) -> None:
    volunteers(6)
    volunteers(4, age="65-over")
    round = make_invited()
    with pytest.raises(Invalid) as refused:
        plan(round, quota, **how)
    assert refused.value.field == field
    assert says in str(refused.value)
    assert not Plan.objects.exists()


def test_who_uses_two_devices_cannot_fill_two_places() -> None:
    volunteers(6, devices=["android", "computer"])
    round = make_invited()
    with pytest.raises(Invalid) as refused:
        plan(round, {"android": 6, "computer": 6}, by="device")
    assert "they fill 6 of 12 places" in str(refused.value)
    assert plan(round, {"android": 2, "computer": 4}, by="device").total == 6


def test_numbers_below_five_are_hidden_and_cannot_be_worked_out() -> None:
    volunteers(9, age="25-34")
    volunteers(2, age="45-54")
    volunteers(6, age="65-over")
    supply = supply_of(free_volunteers({}, clock.now()), "age", {})
    shown = {cell.key: cell.count for cell in supply.cells}
    assert supply.total == 17
    # One more than the small one is hidden, or it could be had by subtracting.
    assert (shown["45-54"], shown["65-over"], shown["25-34"]) == (None, None, 9)
    assert supply_of(free_volunteers({"districts": ["tai-po"]}, clock.now()), "age", {}).empty


def test_only_officers_of_its_bureau_plan_and_only_until_the_draw() -> None:
    volunteers(5)
    round = make_invited()
    with pytest.raises(Refused):
        plan(round, {"25-34": 5}, account=make_citizen())
    with pytest.raises(Closed):
        plan(make_round()[1], {"25-34": 5})
    drawn(round, {"25-34": 5})
    with pytest.raises(Closed) as refused:
        plan(round, {"25-34": 5})
    assert refused.value.code == "drawn"


def test_who_can_try_it_stays_once_somebody_was_invited() -> None:
    page, round = make_round(who="invited")
    edit(page, who="anyone")
    publish_paper(page=page, by=None)
    round.refresh_from_db()
    assert round.who == "anyone"
    edit(page, who="invited")
    publish_paper(page=page, by=None)
    volunteers(5)
    round.refresh_from_db()
    drawn(round, {"25-34": 5})
    edit(page, who="anyone")
    with pytest.raises(Invalid) as refused:
        publish_paper(page=page, by=None)
    assert refused.value.field == "who"


@pytest.mark.db
def test_a_round_without_volunteers_opens_to_all_and_says_so(client: Any) -> None:
    round = make_invited()
    path = f"/en/e/{round.engagement.public_id}/try/"
    assert client.post(path).status_code == 401
    assert open_undrawn() == 1
    assert open_undrawn() == 0
    assert client.post(path).status_code == 302
    for language, words in (("en", "too few volunteers"), ("zh-hant", "義工"), ("zh-hans", "义工")):
        page = client.get(round.engagement.paths[language]).content.decode()
        assert words in page
    assert audit.verify().ok


def test_a_round_without_a_draw_opens_to_all_after_three_days() -> None:
    volunteers(5)
    round = make_invited(opens=0)
    opens_at = round.engagement.opens_at
    with clock.freeze(opens_at + rules.UNDRAWN - dt.timedelta(minutes=1)):
        assert open_undrawn() == 0
    with clock.freeze(opens_at + rules.UNDRAWN):
        assert open_undrawn() == 1
    assert Plan.objects.get().opened_why == "no-draw"
    drawn_one = make_invited(opens=0)
    drawn(drawn_one, {"25-34": 5})
    with clock.freeze(opens_at + rules.UNDRAWN):
        assert open_undrawn() == 0


def test_an_officer_opens_it_and_invitations_stand() -> None:
    volunteers(5)
    round = make_invited()
    draw = drawn(round, {"25-34": 5})
    account = officer_of(round)
    with pytest.raises(Refused):
        open_to_all(round=round, account=make_citizen())
    with clock.freeze(round.engagement.closes_at), pytest.raises(Closed) as late:
        open_to_all(round=round, account=account)
    assert late.value.code == "closed"
    open_to_all(round=round, account=account)
    with pytest.raises(Closed):
        open_to_all(round=round, account=account)
    assert len(invitations_of(draw, "waiting")) == 5
    assert round.engagement.public_notices.get().text["en"].startswith("Everyone may try")


@pytest.mark.parametrize(
    ("language", "still", "first"),
    [
        ("en", "Who accepted can still try it.", "No rewards are kept for them"),
        ("zh-hant", "已接受邀請的人仍然可以試用。", "獎賞不會為他們預留"),
        ("zh-hans", "已接受邀请的人仍然可以试用。", "奖赏不会为他们预留"),
    ],
)
def test_the_desk_says_what_opening_a_round_means_for_who_accepted(
    client: Any, language: str, still: str, first: str
) -> None:
    account = volunteers(5)[0]
    rewarded, plain = make_rewarded(who="invited", places=1)[1], make_invited()
    for round, kept in ((plain, False), (rewarded, True)):
        client.force_login(officer_of(round), backend=BACKEND)
        desk = f"/{language}/e/{round.engagement.public_id}/volunteers/"
        assert still not in client.get(desk).content.decode()
        draw = drawn(round, {"25-34": 5})
        page = client.get(desk).content.decode()
        assert still in page
        assert (first in page) is kept
    # It is so: who comes by first has what there is.
    mine = next(one for one in invitations_of(draw) if one.person == account.person)
    accept(mine)
    open_to_all(round=rewarded, account=officer_of(rewarded))
    hand_in(rewarded)
    hand_in(rewarded, account)
    assert not Award.objects.filter(person=account.person).exists()
    assert still not in client.get(desk).content.decode()


def test_the_desk_plans_and_draws_without_a_script(client: Any) -> None:
    volunteers(8)
    volunteers(3, age="65-over")
    volunteers(5, age="45-54")
    round = make_invited()
    client.force_login(officer_of(round), backend=BACKEND)
    public_id = round.engagement.public_id
    desk = reverse("panel:desk", args=[public_id])
    assert "16 volunteers can be invited now." in client.get(desk).content.decode()
    planning = reverse("panel:plan", args=[public_id, "age"])
    shown = client.get(planning).content.decode()
    assert "8 can be invited." in shown
    assert "3 can be invited." not in shown
    sent = {"25-34": "6", "total": "5", "answer_days": "7"}
    refused = client.post(planning, sent)
    assert refused.status_code == 422
    assert 'value="6"' in refused.content.decode()
    for wrong in ("many", "1.5", "９" * 400, "-3"):
        assert client.post(planning, {**sent, "25-34": wrong}).status_code == 422
    assert client.post(planning, {**sent, "total": "6"}).headers["Location"] == desk
    assert "Draw and invite" in client.get(desk).content.decode()
    assert client.post(desk, {"seed": "x" * 65}).status_code == 422
    assert client.post(desk, {"seed": "drawn in public: 7 21 33"}).status_code == 302
    after = client.get(desk).content.decode()
    assert "How the quotas are filled" in after
    assert client.post(desk, {}).status_code in {409, 410}
    public = client.get(round.engagement.paths["en"]).content.decode()
    assert "drawn in public: 7 21 33" in public
    assert "6 volunteers were drawn by lot" in public


def test_planning_asks_as_much_for_fifty_volunteers_as_for_five(client: Any) -> None:
    volunteers(5)
    round = make_invited()
    client.force_login(officer_of(round), backend=BACKEND)
    path = reverse("panel:plan", args=[round.engagement.public_id, "both"])
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    volunteers(45)
    with CaptureQueriesContext(connection) as many:
        client.get(path)
    assert len(many) == len(few)


def test_who_was_invited_three_times_within_ninety_days_is_left_alone() -> None:
    accounts = volunteers(5)
    for number in range(3):
        drawn(make_invited(), {"25-34": 5})
        assert len(free_volunteers({}, clock.now())) == (0 if number == 2 else 5)
    round = make_invited(closes=400)
    with pytest.raises(Invalid):
        plan(round, {"25-34": 5})
    with clock.travel(rules.FATIGUE_WINDOW + dt.timedelta(minutes=1)):
        assert len(free_volunteers({}, clock.now())) == len(accounts)


def test_who_cannot_be_reached_is_not_drawn_from() -> None:
    account = make_citizen()
    volunteer(account)
    assert len(free_volunteers({}, clock.now())) == 1
    account.is_active = False
    account.save(update_fields=["is_active"])
    assert free_volunteers({}, clock.now()) == []
