"""The public vote: what may be chosen, that it counts once, changes and withdrawals, the pages."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.export import export_of
from consultations.actions.paper import publish_paper
from core import audit, clock
from core.exceptions import Absent, Closed, Invalid, Refused
from ideas.actions.merging import merge_ideas
from ideas.actions.votes import set_costs
from ideas.ballots import is_offered, on_ballot
from ideas.models import Idea, IdeaCost
from participation.actions.choices import cast_choices, papers_agree, withdraw_choices
from participation.actions.contributions import withdraw_contribution
from participation.actions.vote_merging import settle_merged_votes
from participation.actions.votes import heads_agree
from participation.live import counts
from participation.models import (
    PendingAct,
    Receipt,
    Vote,
    VoteChoice,
    VoteEvent,
    VotePaper,
)
from tests.factories.consultations import translate_all
from tests.factories.desk import make_officer
from tests.factories.ideas import edit_contest, make_idea
from tests.factories.participation import make_citizen
from tests.factories.votes import after_the_vote, cast, fresh, in_the_vote, key, make_voting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
BACKEND = "accounts.backends.AccountBackend"
KINDS = ("approval", "votes", "stars", "budget")


def _signed_in(account) -> Client:
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client


def _held(vote) -> dict[str, int]:
    return dict(VoteChoice.objects.values_list("entry__public_id", "value"))


@pytest.mark.db
@pytest.mark.parametrize("kind", KINDS)
def test_cast_change_the_same_again_withdraw_and_cast_anew(kind):
    _page, vote, ideas = make_voting(kind)
    account = make_citizen()
    value = 4 if kind == "stars" else 1
    with in_the_vote():
        receipt = cast(vote, {key(ideas[0]): value}, by=account)
        assert cast(vote, {key(ideas[0]): value}, by=account) == receipt
        assert VoteEvent.objects.count() == 1
        assert cast(vote, {key(ideas[1]): value, key(ideas[2]): value}, by=account) == receipt
        assert _held(vote) == {key(ideas[1]): value, key(ideas[2]): value}
        assert counts(vote.ballot.engagement)["voters"] == 1
        assert withdraw_choices(ballot=fresh(vote).ballot, person=account.person) == receipt
        withdraw_choices(ballot=fresh(vote).ballot, person=account.person)
        assert _held(vote) == {}
        assert counts(vote.ballot.engagement)["voters"] == 0
        cast(vote, {key(ideas[0]): value}, by=account)
        assert counts(vote.ballot.engagement)["voters"] == 1
    assert (Vote.objects.count(), VoteEvent.objects.count(), VotePaper.objects.count()) == (1, 4, 3)
    assert Receipt.objects.filter(contribution=None).count() == 1
    assert audit.verify().ok


def test_ideas_that_are_not_on_the_ballot_are_refused():
    _page, vote, ideas = make_voting("budget", ideas=4)
    _other_page, _other, strangers = make_voting("budget")
    held = make_idea(vote.ballot.engagement, "Waits for a moderator")
    free = make_idea(vote.ballot.engagement, "Has no cost")
    author = ideas[2].contribution.person
    withdraw_contribution(contribution=ideas[2].contribution, person=author, account=None)
    officer = make_officer(vote.ballot.engagement.owner)
    merge_ideas(idea=ideas[3], into=ideas[1], by=officer)
    with in_the_vote():
        for bad in (strangers[0], held, free, ideas[2], ideas[3]):
            with pytest.raises(Invalid):
                cast(vote, [ideas[0], bad])
        # What a page offers is what the ballot takes.
        public = Idea.objects.public().filter(engagement=vote.contest_id).with_card()
        offered = {one.pk for one in public if is_offered(vote, one)}
        assert offered == {one.pk for one in on_ballot(vote)} == {ideas[0].pk, ideas[1].pk}
        for bad in ("", "-1", "1e9", "nothing", "x" * 300):
            with pytest.raises(Invalid):
                cast(vote, {bad: 1})
    assert not Vote.objects.exists()


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("approval", [0]),
        ("approval", [2]),
        ("approval", [-1]),
        ("approval", [True]),
        ("approval", ["1"]),
        ("approval", [1.0]),
        ("approval", [float("nan")]),
        ("approval", [float("inf")]),
        ("approval", [[1]]),
        ("approval", [None]),
        ("approval", []),
        ("stars", [0]),
        ("stars", [6]),
        ("stars", [-5]),
        ("stars", []),
        ("votes", [1, 1, 1]),
        ("budget", [1, 1, 1]),
    ],
)
def test_what_the_kind_does_not_allow_is_refused(kind, values):
    _page, vote, ideas = make_voting(kind, vote_most=2)
    with in_the_vote(), pytest.raises(Invalid):
        cast(vote, {key(idea): value for idea, value in zip(ideas, values, strict=False)})
    assert not Vote.objects.exists()
    assert not VoteEvent.objects.exists()


@pytest.mark.db
def test_the_vote_is_open_from_its_first_instant_to_the_last_before_the_close():
    _page, vote, ideas = make_voting()
    phase = vote.ballot.engagement.phases.get(key="vote")
    tick = dt.timedelta(microseconds=1)
    for moment, taken in (
        (phase.opens_at - tick, False),
        (phase.opens_at, True),
        (phase.closes_at - tick, True),
        (phase.closes_at, False),
        (phase.closes_at + dt.timedelta(days=1), False),
    ):
        with clock.freeze(moment):
            if taken:
                cast(vote, ideas[:1])
            else:
                with pytest.raises(Closed):
                    cast(vote, ideas[:1])
    assert Vote.objects.count() == 2


def test_the_contest_sets_the_least_level():
    _page, vote, ideas = make_voting(vote_level=3)
    with in_the_vote():
        with pytest.raises(Refused):
            cast(vote, ideas[:1])
        known = make_citizen()
        known.person.level = 3
        known.person.save()
        cast(vote, ideas[:1], by=known)
    assert Vote.objects.get().level == 3


@pytest.mark.django_db(transaction=True)
def test_a_vote_takes_at_most_eight_queries_and_touches_no_shared_row():
    _page, vote, ideas = make_voting()
    account = make_citizen()
    with in_the_vote():
        for chosen in (ideas[:2], ideas[1:], ideas[1:]):
            choices = {key(idea): 1 for idea in chosen}
            with clock.scope():
                # As at an edge: what loads the ballot brings the phases and the time.
                ballot = fresh(vote).ballot
                with CaptureQueriesContext(connection) as captured:
                    cast_choices(ballot=ballot, person=account.person, choices=choices)
            asked = [
                query["sql"]
                for query in captured.captured_queries
                if not query["sql"].startswith(("BEGIN", "COMMIT"))
            ]
            assert len(asked) <= 8, "\n".join(asked)
            assert not any(sql.startswith("UPDATE") or "FOR UPDATE" in sql for sql in asked)


@pytest.mark.db
def test_two_persons_who_are_one_have_the_earlier_vote():
    _page, vote, ideas = make_voting()
    first, second, third = (make_citizen().person for _each in range(3))
    with in_the_vote():
        cast(vote, ideas[:1], by=first)
        with clock.travel(dt.timedelta(minutes=5)):
            cast(vote, ideas[1:], by=second)
            settle_merged_votes(keep=second, gone=first)
            type(first).objects.filter(pk=first.pk).update(merged_into=second)
            assert _held(vote) == {key(ideas[0]): 1}
            assert list(papers_agree()) == []
            # What was withdrawn gives way to what stands, however late.
            withdraw_choices(ballot=fresh(vote).ballot, person=second)
            cast(vote, ideas[2:], by=third)
            settle_merged_votes(keep=second, gone=third)
            type(third).objects.filter(pk=third.pk).update(merged_into=second)
    assert _held(vote) == {key(ideas[2]): 1}
    assert Vote.objects.count() == 1
    assert [*heads_agree(), *papers_agree()] == []


@pytest.mark.parametrize("by_hand", ["remove", "add", "value", "paper"])
def test_the_audit_finds_choices_changed_by_hand(by_hand):
    _page, vote, ideas = make_voting("stars")
    with in_the_vote():
        cast(vote, {key(ideas[0]): 3})
    assert audit.verify().ok
    row = VoteChoice.objects.get()
    if by_hand == "remove":
        row.delete()
    elif by_hand == "add":
        VoteChoice.objects.create(vote=row.vote, entry=ideas[1].contribution, value=5)
    elif by_hand == "value":
        VoteChoice.objects.update(value=5)
    else:
        VotePaper.objects.update(choices=f"{key(ideas[0])}=5")
    assert not audit.verify().ok


def test_how_people_vote_stands_from_the_opening_of_the_vote_on():
    page, vote, _ideas = make_voting("votes", vote_most=3)
    edit_contest(page, vote_most=2)
    with pytest.raises(Invalid) as unexplained:
        publish_paper(page=page, by=None)
    assert unexplained.value.field == "rules_reason"
    edit_contest(page, rules_reason="Two are enough.")
    translate_all(page, make_officer())
    publish_paper(page=page, by=None)
    assert fresh(vote).most == 2
    with in_the_vote():
        edit_contest(page, vote_kind="approval", rules_reason="More is better.")
        translate_all(page, make_officer())
        with pytest.raises(Invalid) as refused:
            publish_paper(page=page, by=None)
    assert refused.value.field == "vote_kind"
    assert fresh(vote).kind == "votes"


def test_costs_are_set_by_the_bureau_until_the_vote_opens():
    _page, vote, ideas = make_voting("budget", costs=0)
    engagement = vote.ballot.engagement
    officer = make_officer(engagement.owner)
    costs = {key(ideas[0]): 5_000_000, key(ideas[1]): 10}
    with pytest.raises(Refused):
        set_costs(engagement=engagement, costs=costs, by=make_citizen())
    assert set_costs(engagement=engagement, costs=costs, by=officer) == 2
    assert set_costs(engagement=engagement, costs={**costs, key(ideas[1]): None}, by=officer) == 1
    for bad in (0, -3, 10**13):
        with pytest.raises(Invalid):
            set_costs(engagement=engagement, costs={key(ideas[1]): bad}, by=officer)
    with pytest.raises(Absent):
        set_costs(engagement=engagement, costs={"nothing": 3}, by=officer)
    with in_the_vote(), pytest.raises(Closed):
        set_costs(engagement=engagement, costs={key(ideas[0]): 7}, by=officer)
    assert list(IdeaCost.objects.values_list("amount", flat=True)) == [5_000_000]
    assert audit.verify().ok


@pytest.mark.parametrize("kind", KINDS)
def test_choose_check_sign_in_last_and_nothing_is_lost(client, kind):
    _page, vote, ideas = make_voting(kind)
    base = f"/en/e/{vote.ballot.engagement.public_id}/vote/"
    one, two = key(ideas[0]), key(ideas[1])
    with in_the_vote():
        listed = client.get(f"/en/e/{vote.ballot.engagement.public_id}/ideas/?seed=3")
        assert f"{base}?add={one}" in listed.content.decode()
        assert f"{base}?add={one}" in client.get(f"/en/ideas/{one}/").content.decode()
        assert "Idea 1" in client.get(f"{base}?add={one}").content.decode()
        typed = {f"stars-{one}": "5"} if kind == "stars" else {"idea": [one]}
        answer = client.post(f"{base}?add={one}", {**typed, "more": "1"})
        assert answer["Location"].endswith("/ideas/")
        assert not Vote.objects.exists()
        page = client.get(f"{base}?add={two}").content.decode()
        assert "Idea 1" in page
        assert "Idea 2" in page
        both = {f"stars-{one}": "5", f"stars-{two}": "2"}
        answer = client.post(base, both if kind == "stars" else {"idea": [one, two]})
        assert answer["Location"] == f"{base}check/"
        assert "Idea 2" in client.get(f"{base}check/").content.decode()
        answer = client.post(f"{base}check/")
        assert "/account/sign-in/" in answer["Location"]
        assert not Vote.objects.exists()
        account = make_citizen()
        client.force_login(account, backend=BACKEND)
        answer = client.post(f"{base}check/")
        receipt = Receipt.objects.get(contribution=None)
        assert answer["Location"] == f"/en/receipts/{receipt.code}/"
        # The button pressed twice.
        assert client.post(f"{base}check/")["Location"] == answer["Location"]
        assert VoteEvent.objects.count() == 1
        page = client.get(answer["Location"]).content.decode()
        assert "Idea 1" in page
        assert Vote.objects.get().salt in page
        stranger = Client().get(answer["Location"]).content.decode()
        assert "Idea 1" not in stranger
        assert Vote.objects.get().salt not in stranger
        assert VotePaper.objects.get().commitment in stranger
        assert client.get(f"{base}withdraw/").status_code == 200
        client.post(f"{base}withdraw/")
        assert not VoteChoice.objects.exists()
        assert "withdrawn" in client.get(answer["Location"]).content.decode()
    assert "choices" not in PendingAct.objects.get().payload


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("approval", {}),
        ("approval", {"idea": ["{a}", "{a}"]}),
        ("approval", {"idea": ["{a}", "{other}"]}),
        ("approval", {"idea": ["-1"]}),
        ("votes", {"idea": ["{a}", "{b}"]}),
        ("stars", {"stars-{a}": "NaN"}),
        ("stars", {"stars-{a}": "-1"}),
        ("stars", {"stars-{a}": "6"}),
        ("stars", {"stars-{a}": ["1", "2"]}),
        ("stars", {"stars-{other}": "5"}),
        ("stars", {"stars-{a}": ""}),
        ("budget", {"idea": ["{a}", "{b}"]}),
    ],
)
def test_bad_forms_say_so_and_keep_nothing(client, kind, typed):
    _page, vote, ideas = make_voting(kind, vote_most=1, vote_budget=150)
    _other_page, _other, strangers = make_voting()
    ids = {"a": key(ideas[0]), "b": key(ideas[1]), "other": key(strangers[0])}
    data = {
        name.format(**ids): [
            each.format(**ids) for each in ([value] if isinstance(value, str) else value)
        ]
        for name, value in typed.items()
    }
    with in_the_vote():
        answer = client.post(f"/en/e/{vote.ballot.engagement.public_id}/vote/", data)
    assert answer.status_code == 422
    assert "govuk-error-summary" in answer.content.decode()
    assert not PendingAct.objects.exists()


def test_nothing_of_the_vote_is_there_before_and_after(client):
    _page, vote, ideas = make_voting()
    base = f"/en/e/{vote.ballot.engagement.public_id}/vote/"
    assert "add=" not in client.get(f"/en/ideas/{key(ideas[0])}/").content.decode()
    assert client.get(base).status_code == 409
    assert client.post(base, {"idea": [key(ideas[0])]}).status_code in {302, 409}
    with in_the_vote():
        assert client.get(f"{base}?add=nothing").status_code == 404
        assert client.get(f"{base}check/").status_code == 404
        assert client.get(f"{base}withdraw/").status_code == 302
        assert _signed_in(make_citizen()).get(f"{base}withdraw/").status_code == 404
    with after_the_vote():
        assert client.get(base).status_code == 409


def test_the_account_page_and_own_data_name_the_vote():
    _page, vote, ideas = make_voting("stars")
    account = make_citizen()
    with in_the_vote():
        cast(vote, {key(ideas[0]): 3}, by=account)
        found = export_of(account)["votes"]
    assert [each["given"] for each in found[0]["choices"]] == [f"{key(ideas[0])}=3"]


def test_the_page_of_costs(client):
    _page, vote, ideas = make_voting("budget", costs=0)
    address = f"/en/e/{vote.ballot.engagement.public_id}/costs/"
    assert client.get(address).status_code == 302
    assert _signed_in(make_citizen()).get(address).status_code == 404
    officer = _signed_in(make_officer(vote.ballot.engagement.owner))
    assert "Idea 1" in officer.get(address).content.decode()
    assert officer.post(address, {f"cost-{key(ideas[0])}": "-1"}).status_code == 422
    answer = officer.post(address, {f"cost-{key(ideas[0])}": "120000"})
    assert answer.status_code == 302
    assert IdeaCost.objects.get().amount == 120_000
    shown = client.get(f"/en/ideas/{key(ideas[0])}/").content.decode()
    assert "HK$120,000" in shown


def test_the_sum_of_a_budget_is_worked_out_without_a_script_and_keeps_nothing(client):
    _page, vote, ideas = make_voting("budget", costs=100)
    path = f"/en/e/{vote.ballot.engagement.public_id}/vote/"

    def rows(answer) -> list[tuple[str, str]]:
        said = re.sub(r"\s+", " ", answer.content.decode())
        found = re.findall(r'__key">(Together|Left|Over the budget)</dt> <dd[^>]*>(.*?)</dd>', said)
        return [(name, re.sub(r"<[^>]+>", "", words)) for name, words in found]

    with in_the_vote():
        first = client.get(f"{path}?add={key(ideas[0])}")
        assert rows(first) == [("Together", "HK$100 of HK$250"), ("Left", "HK$150")]
        for chosen, wanted in (
            (ideas[:2], ("Left", "HK$50")),
            (ideas, ("Over the budget", "HK$50 Take some out.")),
            ([], ("Left", "HK$250")),
        ):
            data = {"idea": [key(one) for one in chosen], "sum": "1"}
            answer = client.post(f"{path}?add={key(ideas[0])}", data)
            assert answer.status_code == 200
            assert rows(answer)[1] == wanted
            assert 'class="govuk-error-summary"' not in answer.content.decode()
            for one in chosen:
                assert f'value="{key(one)}" checked' in answer.content.decode()
        assert not PendingAct.objects.exists()
        # What belongs to no ballot is not added up.
        strange = client.post(path, {"idea": ["nothing-such"], "sum": "1"})
        assert (strange.status_code, rows(strange)) == (422, [])
        # The page that is read before handing in says it again.
        client.post(path, {"idea": [key(one) for one in ideas[:2]]})
        checked = client.get(f"{path}check/")
        assert rows(checked) == [("Together", "HK$200 of HK$250"), ("Left", "HK$50")]
    assert not Vote.objects.exists()
