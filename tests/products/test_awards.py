"""Rewards of rounds: set aside, had at once or with a code, once a person, the rest returned."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client

from accounts.actions import close_account
from consultations.actions.paper import publish_paper
from consultations.checklist import missing
from core import audit, clock
from core.exceptions import Conflict, Invalid, TooMany
from crowdtasks.actions.giving import set_aside
from crowdtasks.ledger import proof
from crowdtasks.products.actions.awarding import has_award
from crowdtasks.products.actions.claiming import claim_reward
from crowdtasks.products.actions.ending import return_rest, to_be_returned
from crowdtasks.products.actions.settling import follow_entry
from crowdtasks.products.claim_codes import claim_until, code_of
from crowdtasks.products.face_round import check
from crowdtasks.products.models import Attempt, Award, Round
from crowdtasks.products.rewards_left import rewards_left
from crowdtasks.products.tasks import end_codes, return_what_nobody_earned
from participation.actions.contributions import withdraw_contribution
from participation.actions.engagement import extend_engagement
from tests.factories.crowdtasks import decline
from tests.factories.desk import make_officer
from tests.factories.engagements import make_account
from tests.factories.ledger import fill_budget
from tests.factories.participation import make_citizen
from tests.factories.products import (
    code_for,
    edit,
    hand_in,
    make_rewarded,
    make_round,
    make_round_draft,
)
from tests.products.awarded import held_of, points_of, refusal_of, walk
from tests.questionnaires.walking import BACKEND

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


def test_the_whole_cost_is_set_aside_and_a_short_budget_is_said() -> None:
    page = make_round_draft(reward=10, reward_places=5)
    assert [one.key for one in missing(page.get_latest_revision_as_object(), page.engagement)] == [
        "reward"
    ]
    with pytest.raises(Invalid) as refused:
        publish_paper(page=page, by=None)
    assert refused.value.field == "reward"
    fill_budget(page.bureau, 60)
    publish_paper(page=page, by=None)
    row = Round.objects.get(engagement=page.engagement)
    assert held_of(row) == (10, 50)
    # Open now: more people can be rewarded, not fewer, and not otherwise.
    for change, field in (
        ({"reward_places": 4}, "reward_places"),
        ({"reward": 20}, "reward"),
        ({"reward_places": None}, "reward_places"),
    ):
        draft = page.get_latest_revision_as_object()
        for name, value in change.items():
            setattr(draft, name, value)
        with pytest.raises(Invalid) as refused:
            check(draft, draft.engagement)
        assert refused.value.field == field
    edit(page, reward_places=6)
    publish_paper(page=page, by=None)
    assert held_of(row) == (0, 60)


def test_who_is_signed_in_has_the_points_at_once_and_once() -> None:
    _page, row = make_rewarded()
    account = make_citizen()
    hand_in(row, account)
    assert points_of(account) == (10, 0)
    assert (Award.objects.get().state, rewards_left(row)) == ("accepted", 4)
    # Tried once more without signing in: the code gives the same person nothing.
    second = hand_in(row)
    assert refusal_of(code_for(second), account) == "once"
    assert points_of(account) == (10, 0)
    assert held_of(row) == (50, 40)
    assert proof.prove().ok
    assert audit.verify().ok


def test_a_code_is_claimed_once_however_it_is_typed() -> None:
    _page, row = make_rewarded(hold_days=3)
    code = code_for(hand_in(row))
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", code)
    award = Award.objects.get()
    assert code not in str(award.__dict__)
    assert code.replace("-", "") not in str(award.__dict__)
    typed = code.lower().replace("0", "o").replace("1", "l").replace("-", " ")
    account, other = make_citizen(), make_citizen()
    assert claim_reward(code=typed, person=account.person) == award
    assert points_of(account) == (0, 10)
    assert refusal_of(code, account) == "used"
    assert refusal_of(code, other) == "used"
    assert refusal_of(code[:-2], other) == "form"
    # One letter is another.
    changed = code[:-1] + ("2" if code[-1] != "2" else "3")
    assert refusal_of(changed, other) == "unknown"
    assert points_of(other) == (0, 0)
    assert proof.prove().ok


def test_codes_of_another_round_withdrawn_late_and_erased_ones_say_so() -> None:
    _page, row = make_rewarded(closes=2)
    _other_page, other = make_rewarded()
    account = make_citizen()
    code, withdrawn = code_for(hand_in(row)), hand_in(row)
    kept = code_for(withdrawn)
    assert refusal_of(code, account, round=other) == "other_round"
    withdrawn.contribution.state = "withdrawn"
    follow_entry(withdrawn.contribution)
    assert refusal_of(kept, account) == "withdrawn"
    until = claim_until(row.engagement)
    with clock.freeze(until):
        # By its date, job or not.
        assert refusal_of(code, account) == "late"
        end_codes()
        assert Award.objects.filter(state="lapsed").count() == 1
        assert refusal_of(code, account) == "late"
    with clock.freeze(until + dt.timedelta(days=31)):
        end_codes()
        assert not Award.objects.filter(round=row).exclude(code_hash="").exists()
        assert refusal_of(code, account) == "unknown"
    assert audit.verify().ok


def test_when_all_are_taken_trying_goes_on_without_an_error(client) -> None:
    _page, row = make_rewarded(places=1)
    path = f"/en/e/{row.engagement.public_id}/try/"
    assert "Rewards left:" in client.get(path).content.decode()
    receipt = hand_in(row)
    assert rewards_left(row) == 0
    assert "All rewards are taken." in client.get(path).content.decode()
    assert "All rewards are taken." in client.get(row.engagement.paths["en"]).content.decode()
    late = make_citizen()
    hand_in(row, late)
    assert Award.objects.get().contribution == receipt.contribution
    assert points_of(late) == (0, 0)
    # What nobody withdrew is still had by who has the code.
    claim_reward(code=code_for(receipt), person=late.person)
    assert points_of(late) == (10, 0)


def test_what_looks_odd_is_held_for_an_officer_and_never_refused() -> None:
    _page, row = make_rewarded()
    hasty = make_citizen()
    hand_in(row, hasty, minutes=0)
    award = Award.objects.get()
    assert (award.state, award.flags) == ("review", ["fast"])
    assert points_of(hasty) == (0, 10)
    code = code_for(hand_in(row, minutes=0))
    other = make_citizen()
    assert claim_reward(code=code, person=other.person).state == "review"
    assert points_of(other) == (0, 10)
    assert rewards_left(row) == 3


def test_withdrawing_gives_held_points_back_but_what_is_ones_own_stays() -> None:
    _page, row = make_rewarded()
    hasty, calm = make_citizen(), make_citizen()
    for account, minutes in ((hasty, 0), (calm, 5)):
        receipt = hand_in(row, account, minutes=minutes)
        withdraw_contribution(
            contribution=receipt.contribution, person=account.person, account=account
        )
    assert (points_of(hasty), points_of(calm)) == ((0, 0), (10, 0))
    assert rewards_left(row) == 4
    assert not has_award(row, hasty.person)
    assert held_of(row) == (50, 40)


def test_what_was_declined_is_not_earned_again_after_withdrawing() -> None:
    _page, row = make_rewarded()
    hasty = make_citizen()
    receipt = hand_in(row, hasty, minutes=0)
    decline(Award.objects.get(), make_officer(row.engagement.owner))
    withdraw_contribution(contribution=receipt.contribution, person=hasty.person, account=hasty)
    assert (Award.objects.get().state, points_of(hasty)) == ("refused", (0, 0))
    assert has_award(row, hasty.person)
    assert rewards_left(row) == 5
    hand_in(row, hasty)
    assert (Award.objects.count(), points_of(hasty)) == (1, (0, 0))
    assert proof.prove().ok


def test_the_close_returns_what_no_code_waits_for_and_the_rest_after_its_date() -> None:
    _page, row = make_rewarded(closes=2, places=5)
    hand_in(row, make_citizen())
    codes = [code_for(hand_in(row)) for _each in range(2)]
    assert to_be_returned() == []
    closed = row.engagement.closes_at + dt.timedelta(hours=3)
    with clock.freeze(closed):
        for found in to_be_returned() * 2:
            return_rest(round=found)
        assert to_be_returned() == []
        assert held_of(row) == (70, 20)
        claim_reward(code=codes[0], person=make_citizen().person)
        assert held_of(row) == (70, 10)
    with clock.freeze(claim_until(row.engagement)):
        end_codes()
        return_what_nobody_earned()
        return_what_nobody_earned()
        assert held_of(row) == (80, 0)
    assert proof.prove().ok
    assert audit.verify().ok


def test_an_extended_round_keeps_its_points_until_its_new_close() -> None:
    _page, row = make_rewarded(closes=2, places=5)
    announced = row.engagement.closes_at
    later = {"response_due": None, "reason": {"en": "More time."}, "by": make_account()}
    with clock.freeze(announced - dt.timedelta(hours=1)):
        until = announced + dt.timedelta(days=5)
        extend_engagement(engagement=row.engagement, closes_at=until, **later)
    row = Round.objects.get(pk=row.pk)
    with clock.freeze(announced + dt.timedelta(hours=3)):
        return_what_nobody_earned()
        account = make_citizen()
        hand_in(row, account)
        assert points_of(account) == (10, 0)
        assert held_of(row) == (50, 40)
    with clock.freeze(until + dt.timedelta(hours=3)):
        return_what_nobody_earned()
        assert held_of(row) == (90, 0)
        with pytest.raises(Conflict):
            extend_engagement(
                engagement=row.engagement, closes_at=until + dt.timedelta(days=5), **later
            )
    assert proof.prove().ok


@pytest.mark.parametrize("hours", [0, 3], ids=["before", "after"])
def test_after_the_close_nothing_more_is_set_aside_for_a_round(hours: int) -> None:
    """Nobody could earn it, and what was returned once is not returned again."""
    page, row = make_rewarded(closes=2, places=5)
    with clock.freeze(row.engagement.closes_at + dt.timedelta(hours=hours)):
        return_what_nobody_earned()
        held = (100, 0) if hours else (50, 50)
        assert held_of(row) == held
        edit(page, reward_places=6)
        with pytest.raises(Invalid) as refused:
            publish_paper(page=page, by=None)
        assert refused.value.field == "reward_places"
        # The action refuses it whoever asks.
        row = Round.objects.select_related("engagement__owner").get(pk=row.pk)
        row.reward_places = 6
        with pytest.raises(Invalid):
            set_aside(row, None)
        assert held_of(row) == held
        edit(page, reward_places=5, summary="What was tried.")
        publish_paper(page=page, by=None)
    assert proof.prove().ok


def test_a_closed_account_claims_nothing_and_the_code_stays() -> None:
    _page, row = make_rewarded()
    code, account = code_for(hand_in(row)), make_citizen()
    person = account.person
    close_account(account=account)
    with pytest.raises(Conflict):
        claim_reward(code=code, person=person)
    assert Award.objects.get().state == "open"


def test_guessing_is_slowed_down(settings) -> None:
    settings.KAIFONG_LIMITS = {**settings.KAIFONG_LIMITS, "claim_reward": ((2, 60),)}
    account = make_citizen()
    for _each in range(2):
        assert refusal_of("AAAA-AAAA-AAAA-AAAA", account, source="address:a") == "unknown"
    with pytest.raises(TooMany):
        claim_reward(code="AAAA-AAAA-AAAA-AAAA", person=make_citizen().person, source="address:a")


def test_the_visit_keeps_the_code_until_its_owner_signs_in(client) -> None:
    _page, row = make_rewarded()
    receipt = walk(client, row)
    award = Award.objects.get()
    code, claim = code_of(award), f"/en/e/{row.engagement.public_id}/claim/"
    shown = client.get(receipt).content.decode()
    assert code in shown
    assert claim in shown
    assert "Whoever takes them also hears what becomes of the problems reported" in shown
    # Whoever has the receipt's address alone reads no code.
    assert code not in Client().get(receipt).content.decode()
    away = client.get(claim)
    assert away.status_code == 302
    assert "sign-in" in away.headers["Location"]
    account = make_citizen()
    client.force_login(account, backend=BACKEND)
    page = client.get(claim).content.decode()
    assert "Take the points" in page
    assert 'name="code"' not in page
    assert code not in page
    assert client.post(claim).headers["Location"] == "/en/account/points/"
    award.refresh_from_db()
    assert award.person == account.person
    assert "Earned" in client.get("/en/account/points/").content.decode()
    assert "were taken with the claim code" in client.get(receipt).content.decode()
    # A second try of the same visit takes no reward from others, and says so.
    assert "rewarded once" in client.get(f"/en/e/{row.engagement.public_id}/try/").content.decode()
    assert rewards_left(row) == 4


def test_my_page_lists_what_i_have_begun_and_another_browser_goes_on_with_it(client) -> None:
    _page, row = make_rewarded(hold_days=3)
    path, account = f"/en/e/{row.engagement.public_id}/try/", make_citizen()
    client.force_login(account, backend=BACKEND)
    assert "my-tries" not in client.get("/en/account/").content.decode()
    client.post(path)
    client.post(f"{path}1/", {"went": "failed"})
    mine = client.get("/en/account/").content.decode().partition('id="my-tries"')[2]
    assert mine.index(path) < mine.index("</section>")
    assert "You can hand it in until" in mine
    other = Client()
    other.force_login(account, backend=BACKEND)
    assert "You have begun" in other.get(path).content.decode()
    assert walk(other, row).startswith("/en/")
    assert Attempt.objects.count() == 1
    assert "my-tries" not in client.get("/en/account/").content.decode()
    # Nobody else finds it; and what is held names the day from which it can be spent.
    stranger = Client()
    stranger.force_login(make_citizen(), backend=BACKEND)
    assert "You have begun" not in stranger.get(path).content.decode()
    hand_in(row, calm := make_citizen())
    stranger.force_login(calm, backend=BACKEND)
    reward = stranger.get(f"/en/e/{row.engagement.public_id}/reward/").content.decode()
    assert "10 points are yours and can be spent from" in reward


def test_a_second_try_of_one_visit_takes_no_second_reward(client) -> None:
    _page, row = make_rewarded()
    walk(client, row)
    assert "another try of yours" in client.get(walk(client, row)).content.decode()
    assert Award.objects.count() == 1
    # Somebody who signs in on the same machine is somebody.
    account = make_citizen()
    client.force_login(account, backend=BACKEND)
    walk(client, row)
    assert Award.objects.filter(person=account.person).count() == 1


def test_a_code_is_entered_by_hand_and_what_was_typed_stays(client) -> None:
    _page, row = make_rewarded()
    code = code_for(hand_in(row))
    path = "/en/account/points/claim/"
    assert client.get(path).status_code == 302
    account = make_citizen()
    client.force_login(account, backend=BACKEND)
    for page in ("/en/account/", "/en/account/points/"):
        assert path in client.get(page).content.decode()
    assert 'name="code"' in client.get(path).content.decode()
    wrong = client.post(path, {"code": "4K7Q"})
    assert wrong.status_code == 422
    assert 'value="4K7Q"' in wrong.content.decode()
    assert client.post(path, {"code": code}).status_code == 302
    assert points_of(account) == (10, 0)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Where an officer looks at a response first, its points wait for that."),
        ("zh-hant", "積分會待審閱後發放。"),
        ("zh-hans", "积分会待审阅后发放。"),
    ],
)
def test_the_offer_says_that_points_may_wait_for_an_officer(client, language, said) -> None:
    _page, row = make_rewarded()
    paths = (row.engagement.paths[language], f"/{language}/e/{row.engagement.public_id}/try/")
    for path in paths:
        assert said in client.get(path).content.decode()
    client.force_login(make_citizen(), backend=BACKEND)
    assert said in client.get(paths[1]).content.decode()
    _page, plain = make_round()
    assert said not in client.get(plain.engagement.paths[language]).content.decode()
