"""Many tries from one place: what they hold, what waits, and what their receipts say."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from core import audit, clock
from crowdtasks.ledger import proof
from crowdtasks.products.actions.claiming import claim_reward
from crowdtasks.products.actions.settling import follow_entry
from crowdtasks.products.claim_codes import claim_until, code_of
from crowdtasks.products.funnel import funnel_of
from crowdtasks.products.models import Attempt, Award, Round
from crowdtasks.products.rewards_left import rewards_left
from crowdtasks.products.tasks import end_codes, return_what_nobody_earned
from tests.factories.participation import make_citizen
from tests.factories.products import (
    begin,
    code_for,
    hand_in,
    make_rewarded,
    send,
    tell,
)
from tests.products.awarded import held_of, points_of, refusal_of, walk
from tests.questionnaires.walking import BACKEND

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


def _from_one_place(row: Round, number: int) -> list[str]:
    """The codes of so many tries with fresh cookies."""
    return [code_for(hand_in(row, source="address:192.0.2.7")) for _each in range(number)]


def test_many_tries_from_one_place_hold_a_share_and_the_rest_is_looked_at() -> None:
    _page, row = make_rewarded(places=5)
    codes = _from_one_place(row, 6)
    assert [one.state for one in Award.objects.order_by("pk")] == ["open"] * 3 + ["loose"] * 3
    # Others find rewards left, without and with an account.
    assert rewards_left(row) == 2
    hand_in(row)
    account = make_citizen()
    hand_in(row, account)
    assert (points_of(account), rewards_left(row)) == ((10, 0), 0)
    # None is left, so this one waits for one that becomes free, and is told so.
    first, second = make_citizen(), make_citizen()
    assert refusal_of(codes[3], first) == "none_left"
    open_one = Award.objects.filter(state="open").select_related("contribution").first()
    open_one.contribution.state = "withdrawn"
    follow_entry(open_one.contribution)
    award = claim_reward(code=codes[3], person=first.person)
    assert (award.state, award.flags, award.number) == ("review", ["many"], 1)
    assert points_of(first) == (0, 10)
    assert refusal_of(codes[4], second) == "none_left"
    assert funnel_of(row, clock.now()).loose == 2
    assert proof.prove().ok
    assert audit.verify().ok


def test_at_the_close_what_is_left_is_set_aside_for_codes_that_held_none() -> None:
    _page, row = make_rewarded(places=5, closes=2)
    codes = _from_one_place(row, 7)
    hand_in(row)
    with clock.freeze(row.engagement.closes_at + dt.timedelta(hours=2)):
        return_what_nobody_earned()
        # One was left: the earliest has it. Five codes are promised ten points each.
        assert Award.objects.filter(state="open").count() == 5
        assert held_of(row) == (50, 50)
        account, late = make_citizen(), make_citizen()
        assert claim_reward(code=codes[3], person=account.person).state == "review"
        assert refusal_of(codes[4], late) == "none_left"
    with clock.freeze(claim_until(row.engagement)):
        assert refusal_of(codes[4], late) == "late"
        end_codes()
        return_what_nobody_earned()
        assert not Award.objects.filter(state__in=["open", "loose"]).exists()
        assert held_of(row) == (90, 0)
    assert proof.prove().ok


def test_the_receipt_of_one_of_many_says_that_nothing_is_set_aside() -> None:
    _page, row = make_rewarded(places=4, closes=2)
    for number in range(4):
        visit = Client()
        receipt = walk(visit, row)
        shown = visit.get(receipt).content.decode()
        assert ("no reward is set aside for this one" in shown) == (number == 3)
    # The address is nowhere: what is counted is a digest that ends.
    assert "127.0.0.1" not in str(list(Award.objects.values()) + list(Attempt.objects.values()))
    # Nor does the page that takes them promise more; after the close nothing is promised at all.
    code = code_of(Award.objects.get(state="loose"))
    claim = f"/en/e/{row.engagement.public_id}/claim/"
    assert code in shown
    visit.force_login(make_citizen(), backend=BACKEND)
    assert "if a reward is left when you take them" in visit.get(claim).content.decode()
    hand_in(row, make_citizen())
    with clock.freeze(row.engagement.closes_at + dt.timedelta(hours=2)):
        return_what_nobody_earned()
        for path in (receipt, claim):
            shown = visit.get(path).content.decode()
            assert "none was set aside for this code" in shown, path
            assert "if a reward is left" not in shown
            assert code not in shown
        # Another code can be entered all the same.
        assert 'name="code"' in shown


def test_a_share_is_used_up_by_codes_alone_and_lent_by_nobody() -> None:
    _page, row = make_rewarded(places=5)
    for _each in range(3):
        begin(row, make_citizen().person, source="address:192.0.2.7")
    _from_one_place(row, 3)
    assert [one.state for one in Award.objects.order_by("pk")] == ["open"] * 3
    # Begun by somebody and handed in by nobody: as one too many.
    lent = begin(row, make_citizen().person)
    tell(lent)
    award = Award.objects.get(contribution=send(lent).contribution)
    assert (award.state, "lent" in award.flags, "many" in award.flags) == ("loose", True, False)


def test_the_receipt_names_the_network_only_where_that_is_the_reason() -> None:
    _page, row = make_rewarded(closes=2)
    visit = Client()
    visit.force_login(make_citizen(), backend=BACKEND)
    visit.post(f"/en/e/{row.engagement.public_id}/try/")
    # Whoever goes on is nobody: the account was suspended, say.
    session = visit.session
    del session["_auth_user_id"]
    session.save()
    lent = (visit, walk(visit, row))
    assert Award.objects.get().state == "loose"
    for _each in range(4):
        visit = Client()
        many = (visit, walk(visit, row))
    assert [one.state for one in Award.objects.order_by("pk")][1:] == ["open"] * 3 + ["loose"]
    for language, network, signed_in in (
        ("en", "the network you used", "handed in without signing in"),
        ("zh-hant", "你所用的網絡", "提交時卻沒有登入"),
        ("zh-hans", "你所用的网络", "提交时却没有登入"),
    ):
        for (reader, receipt), said, other in (
            (lent, signed_in, network),
            (many, network, signed_in),
        ):
            shown = reader.get(receipt.replace("/en/", f"/{language}/", 1)).content.decode()
            assert said in shown
            assert other not in shown
