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
from crowdtasks.ledger.reading import balance_of, budget_of, escrow_of
from crowdtasks.products.actions.awarding import has_award
from crowdtasks.products.actions.claiming import claim_reward
from crowdtasks.products.actions.ending import return_rest, to_be_returned
from crowdtasks.products.actions.settling import follow_entry
from crowdtasks.products.claim_codes import claim_until, code_of
from crowdtasks.products.face_round import check
from crowdtasks.products.funnel import funnel_of
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
    begin,
    code_for,
    edit,
    fields_of,
    hand_in,
    make_rewarded,
    make_round,
    make_round_draft,
    send,
    tell,
)
from tests.questionnaires.walking import BACKEND

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


def _held(row: Round) -> tuple[int, int]:
    return budget_of(row.engagement.owner), escrow_of(row.engagement)


def _points(account) -> tuple[int, int]:
    found = balance_of(account.person)
    return found.available, found.pending


def _refusal(code: str, account, **how) -> str:
    with pytest.raises(Invalid) as refused:
        claim_reward(code=code, person=account.person, **how)
    assert refused.value.field == "code"
    assert str(refused.value)
    return refused.value.code


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
    assert _held(row) == (10, 50)
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
    assert _held(row) == (0, 60)


def test_who_is_signed_in_has_the_points_at_once_and_once() -> None:
    _page, row = make_rewarded()
    account = make_citizen()
    hand_in(row, account)
    assert _points(account) == (10, 0)
    assert (Award.objects.get().state, rewards_left(row)) == ("accepted", 4)
    # Tried once more without signing in: the code gives the same person nothing.
    second = hand_in(row)
    assert _refusal(code_for(second), account) == "once"
    assert _points(account) == (10, 0)
    assert _held(row) == (50, 40)
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
    assert _points(account) == (0, 10)
    assert _refusal(code, account) == "used"
    assert _refusal(code, other) == "used"
    assert _refusal(code[:-2], other) == "form"
    # One letter is another.
    changed = code[:-1] + ("2" if code[-1] != "2" else "3")
    assert _refusal(changed, other) == "unknown"
    assert _points(other) == (0, 0)
    assert proof.prove().ok


def test_codes_of_another_round_withdrawn_late_and_erased_ones_say_so() -> None:
    _page, row = make_rewarded(closes=2)
    _other_page, other = make_rewarded()
    account = make_citizen()
    code, withdrawn = code_for(hand_in(row)), hand_in(row)
    kept = code_for(withdrawn)
    assert _refusal(code, account, round=other) == "other_round"
    withdrawn.contribution.state = "withdrawn"
    follow_entry(withdrawn.contribution)
    assert _refusal(kept, account) == "withdrawn"
    until = claim_until(row.engagement)
    with clock.freeze(until):
        # By its date, job or not.
        assert _refusal(code, account) == "late"
        end_codes()
        assert Award.objects.filter(state="lapsed").count() == 1
        assert _refusal(code, account) == "late"
    with clock.freeze(until + dt.timedelta(days=31)):
        end_codes()
        assert not Award.objects.filter(round=row).exclude(code_hash="").exists()
        assert _refusal(code, account) == "unknown"
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
    assert _points(late) == (0, 0)
    # What nobody withdrew is still had by who has the code.
    claim_reward(code=code_for(receipt), person=late.person)
    assert _points(late) == (10, 0)


def test_what_looks_odd_is_held_for_an_officer_and_never_refused() -> None:
    _page, row = make_rewarded()
    hasty = make_citizen()
    hand_in(row, hasty, minutes=0)
    award = Award.objects.get()
    assert (award.state, award.flags) == ("review", ["fast"])
    assert _points(hasty) == (0, 10)
    code = code_for(hand_in(row, minutes=0))
    other = make_citizen()
    assert claim_reward(code=code, person=other.person).state == "review"
    assert _points(other) == (0, 10)
    assert rewards_left(row) == 3


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
    assert (_points(account), rewards_left(row)) == ((10, 0), 0)
    # None is left, so this one waits for one that becomes free, and is told so.
    first, second = make_citizen(), make_citizen()
    assert _refusal(codes[3], first) == "none_left"
    open_one = Award.objects.filter(state="open").select_related("contribution").first()
    open_one.contribution.state = "withdrawn"
    follow_entry(open_one.contribution)
    award = claim_reward(code=codes[3], person=first.person)
    assert (award.state, award.flags, award.number) == ("review", ["many"], 1)
    assert _points(first) == (0, 10)
    assert _refusal(codes[4], second) == "none_left"
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
        assert _held(row) == (50, 50)
        account, late = make_citizen(), make_citizen()
        assert claim_reward(code=codes[3], person=account.person).state == "review"
        assert _refusal(codes[4], late) == "none_left"
    with clock.freeze(claim_until(row.engagement)):
        assert _refusal(codes[4], late) == "late"
        end_codes()
        return_what_nobody_earned()
        assert not Award.objects.filter(state__in=["open", "loose"]).exists()
        assert _held(row) == (90, 0)
    assert proof.prove().ok


def test_the_receipt_of_one_of_many_says_that_nothing_is_set_aside() -> None:
    _page, row = make_rewarded(places=4, closes=2)
    for number in range(4):
        visit = Client()
        receipt = _walk(visit, row)
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
    lent = (visit, _walk(visit, row))
    assert Award.objects.get().state == "loose"
    for _each in range(4):
        visit = Client()
        many = (visit, _walk(visit, row))
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


def test_withdrawing_gives_held_points_back_but_what_is_ones_own_stays() -> None:
    _page, row = make_rewarded()
    hasty, calm = make_citizen(), make_citizen()
    for account, minutes in ((hasty, 0), (calm, 5)):
        receipt = hand_in(row, account, minutes=minutes)
        withdraw_contribution(
            contribution=receipt.contribution, person=account.person, account=account
        )
    assert (_points(hasty), _points(calm)) == ((0, 0), (10, 0))
    assert rewards_left(row) == 4
    assert not has_award(row, hasty.person)
    assert _held(row) == (50, 40)


def test_what_was_declined_is_not_earned_again_after_withdrawing() -> None:
    _page, row = make_rewarded()
    hasty = make_citizen()
    receipt = hand_in(row, hasty, minutes=0)
    decline(Award.objects.get(), make_officer(row.engagement.owner))
    withdraw_contribution(contribution=receipt.contribution, person=hasty.person, account=hasty)
    assert (Award.objects.get().state, _points(hasty)) == ("refused", (0, 0))
    assert has_award(row, hasty.person)
    assert rewards_left(row) == 5
    hand_in(row, hasty)
    assert (Award.objects.count(), _points(hasty)) == (1, (0, 0))
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
        assert _held(row) == (70, 20)
        claim_reward(code=codes[0], person=make_citizen().person)
        assert _held(row) == (70, 10)
    with clock.freeze(claim_until(row.engagement)):
        end_codes()
        return_what_nobody_earned()
        return_what_nobody_earned()
        assert _held(row) == (80, 0)
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
        assert _points(account) == (10, 0)
        assert _held(row) == (50, 40)
    with clock.freeze(until + dt.timedelta(hours=3)):
        return_what_nobody_earned()
        assert _held(row) == (90, 0)
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
        assert _held(row) == held
        edit(page, reward_places=6)
        with pytest.raises(Invalid) as refused:
            publish_paper(page=page, by=None)
        assert refused.value.field == "reward_places"
        # The action refuses it whoever asks.
        row = Round.objects.select_related("engagement__owner").get(pk=row.pk)
        row.reward_places = 6
        with pytest.raises(Invalid):
            set_aside(row, None)
        assert _held(row) == held
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
        assert _refusal("AAAA-AAAA-AAAA-AAAA", account, source="address:a") == "unknown"
    with pytest.raises(TooMany):
        claim_reward(code="AAAA-AAAA-AAAA-AAAA", person=make_citizen().person, source="address:a")


def _walk(client: Client, row: Round) -> str:
    """A whole try by its pages; returns the receipt's address."""
    path = f"/en/e/{row.engagement.public_id}/try/"
    client.post(path)
    for number in (1, 2):
        client.post(f"{path}{number}/", {"went": "done"})
    names = fields_of(row)
    sent = {"seen": list(names.values()), names["again"]: "yes"}
    return client.post(f"{path}questions/", sent).headers["Location"]


def test_the_visit_keeps_the_code_until_its_owner_signs_in(client) -> None:
    _page, row = make_rewarded()
    receipt = _walk(client, row)
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
    assert _walk(other, row).startswith("/en/")
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
    _walk(client, row)
    assert "another try of yours" in client.get(_walk(client, row)).content.decode()
    assert Award.objects.count() == 1
    # Somebody who signs in on the same machine is somebody.
    account = make_citizen()
    client.force_login(account, backend=BACKEND)
    _walk(client, row)
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
    assert _points(account) == (10, 0)


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
