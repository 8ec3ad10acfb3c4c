"""The bureau screens ideas, puts like ones together, and says how far each has come."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Account, Role
from core import clock
from core.exceptions import Absent, Closed, Conflict, Invalid
from ideas.actions.ideas import edit_idea
from ideas.actions.merging import merge_ideas, unmerge_idea
from ideas.actions.replies import reply_to_idea
from ideas.actions.screening import screen_idea
from ideas.actions.status import change_status
from ideas.models import Idea, Merge, OfficialReply, Screening, StatusChange
from ideas.tasks import tell_reply, tell_status
from notifications.models import Notice
from participation.actions.comments import set_support
from participation.actions.contributions import withdraw_contribution
from participation.actions.follows import follow_engagement
from participation.models import Engagement
from participation.register import side_counts
from participation.stages import today as the_day
from participation.threads import shown_together
from tests.factories.consultations import today
from tests.factories.engagements import grant, make_account, make_bureau
from tests.factories.ideas import make_contest, make_many_ideas, make_public_idea
from tests.factories.participation import decide, make_citizen, make_public_comment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
BACKEND = "accounts.backends.AccountBackend"
IN_SCREENING = dt.timedelta(days=13)


@pytest.fixture
def contest() -> Engagement:
    """The call ends in 10 days, the screening in 19; then people vote for ten days."""
    days = {"vote_opens_on": 20, "vote_closes_on": 29}
    phases = {name: today() + dt.timedelta(days=number) for name, number in days.items()}
    return make_contest(title="Cooler streets", closes=10, **phases)[1]


@pytest.fixture
def officer(contest: Engagement) -> Account:
    account = make_account()
    grant(account, Role.OFFICER, contest.owner)
    return account


@pytest.fixture
def author() -> Account:
    return make_citizen("Mei")


@pytest.fixture
def idea(contest: Engagement, author: Account) -> Idea:
    return make_public_idea(contest, "Benches with shade", account=author)


@pytest.fixture
def other(contest: Engagement) -> Idea:
    return make_public_idea(contest, "Shade over benches")


def _screen(idea: Idea, by: Account, verdict: str = "accepted", **fields: Any) -> Screening:
    fields = {"language": "en", "version": idea.number, **fields}
    return screen_idea(idea=idea, verdict=verdict, by=by, **fields)


def _complete(idea: Idea, by: Account, days: int = 3) -> Screening:
    day = the_day(clock.now()) + dt.timedelta(days=days)
    return _screen(idea, by, "complete", reason="where", until=day)


def _signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client


def _html(path: str, client: Client | None = None, status: int = 200) -> str:
    cache.clear()
    answer = (client or Client()).get(path)
    assert answer.status_code == status
    return answer.content.decode()


def _page(idea: Idea, language: str = "en") -> str:
    return f"/{language}/ideas/{idea.contribution.public_id}/"


def _comment(idea: Idea, side: str, account: Account | None = None, text: str = "") -> Any:
    idea.thread.refresh_from_db()
    idea.thread.engagement = idea.engagement
    how = {"account": account} if account else {}
    return make_public_comment(idea.engagement, text, thread=idea.thread, side=side, **how)


# --- screening ------------------------------------------------------------------------------------


def test_only_in_the_screening_phase_and_by_its_bureaux(idea: Idea, officer: Account) -> None:
    with pytest.raises(Closed):
        _screen(idea, officer)
    with clock.travel(IN_SCREENING):
        for somebody in (make_account(), idea.contribution.person.accounts.get()):
            with pytest.raises(Absent):
                _screen(idea, somebody)
        _screen(idea, officer)
    with clock.travel(dt.timedelta(days=21)), pytest.raises(Closed):
        _screen(idea, officer, "declined", reason="done")
    standing = make_contest(standing=True, closes_on=None, response_due=None)[1]
    boxed = make_public_idea(standing)
    with pytest.raises(Closed):
        _screen(boxed, officer)
    assert Screening.objects.count() == 1


def test_reasons_are_wanted_and_fit(idea: Idea, officer: Account) -> None:
    with clock.travel(IN_SCREENING):
        for wrong, field in (
            ({"verdict": "maybe"}, "verdict"),
            ({"verdict": "declined"}, "reason"),
            ({"verdict": "declined", "reason": "where"}, "reason"),
            ({"verdict": "declined", "reason": "nothing"}, "reason"),
            ({"verdict": "complete", "reason": "where"}, "until"),
            ({"verdict": "accepted", "sentence": "x" * 1001}, "sentence"),
        ):
            with pytest.raises(Invalid) as caught:
                _screen(idea, officer, **wrong)
            assert caught.value.field == field
        for days in (-1, 40):
            with pytest.raises(Invalid) as caught:
                _complete(idea, officer, days)
            assert caught.value.field == "until"
        with pytest.raises(Conflict):
            _screen(idea, officer, version=2)
    assert not Screening.objects.exists()


def test_declined_in_public_and_told_in_the_author_s_language(
    idea: Idea, author: Account, officer: Account
) -> None:
    author.language = "zh-hant"
    author.save(update_fields=["language"])
    with clock.travel(IN_SCREENING):
        first = _screen(idea, officer, "declined", reason="done", sentence="See Nathan Road.")
        same = _screen(idea, officer, "declined", reason="done", sentence="See Nathan Road.")
        assert first == same
        page = _html(_page(idea))
        assert "Declined" in page
        assert "It is being done already." in page
        assert "See Nathan Road." in page
        assert "已經在做。" in _html(_page(idea, "zh-hant"))
        notice = Notice.objects.get(kind="idea-screened")
        assert notice.account == author
        mine = _signed_in(author)
        assert "不獲接納" in _html("/zh-hant/account/", mine)
        receipt = f"/zh-hant/receipts/{idea.contribution.receipt.code}/"
        assert "已經在做。" in _html(receipt, mine)
        assert not Idea.objects.votable().exists()
    call_command("verify_audit", stdout=io.StringIO())


def test_asked_to_complete_the_author_writes_on_until_the_day(
    idea: Idea, other: Idea, author: Account, officer: Account
) -> None:
    def write_on(text: str, version: int) -> None:
        idea.contribution.refresh_from_db()
        edit_idea(
            idea=idea,
            person=author.person,
            account=author,
            title=idea.title,
            text=text,
            version=version,
        )

    with clock.travel(IN_SCREENING):
        with pytest.raises(Closed):
            write_on("Not asked for.", 1)
        _complete(idea, officer, 3)
        edit = f"/en/ideas/{idea.contribution.public_id}/edit/"
        assert "Write your idea on" in _html(edit, _signed_in(author))
        write_on("At 20 stops in Kwun Tong.", 1)
        listed = f"/en/e/{idea.engagement.public_id}/screening/"
        decide(idea.contribution)
        page = _html(f"{listed}?state=changed", _signed_in(officer))
        assert idea.title in page
        assert other.title not in page
        assert not Idea.objects.votable().exists()
    with clock.travel(IN_SCREENING + dt.timedelta(days=5)), pytest.raises(Closed):
        write_on("Too late.", 2)


def test_what_may_be_voted_on(idea: Idea, other: Idea, officer: Account) -> None:
    assert not Idea.objects.votable().exists()
    with clock.travel(IN_SCREENING):
        _screen(idea, officer)
        assert list(Idea.objects.votable()) == [idea]
    plain = make_contest(
        closes=10,
        vote_opens_on=today() + dt.timedelta(days=11),
        vote_closes_on=today() + dt.timedelta(days=20),
    )[1]
    unscreened = make_public_idea(plain)
    assert list(Idea.objects.votable().filter(engagement=plain)) == [unscreened]
    withdrawn = idea.contribution
    with clock.travel(dt.timedelta(days=0)):
        withdraw_contribution(contribution=withdrawn, person=withdrawn.person, account=officer)
    assert not Idea.objects.votable().filter(engagement=idea.engagement).exists()


def test_an_officer_screens_in_pages_others_find_nothing(
    idea: Idea, officer: Account, author: Account
) -> None:
    client = _signed_in(officer)
    stranger = make_account()
    grant(stranger, Role.OFFICER, make_bureau("OTHER"))
    listed = f"/en/e/{idea.engagement.public_id}/screening/"
    path = f"/en/ideas/{idea.contribution.public_id}/screen/"
    with clock.travel(IN_SCREENING):
        for language, word in (
            ("en", "Not read yet"),
            ("zh-hant", "未審視"),
            ("zh-hans", "未审视"),
        ):
            assert word in _html(listed.replace("/en/", f"/{language}/"), client)
        for address in (listed, path):
            for somebody in (stranger, author):
                assert _signed_in(somebody).get(address).status_code == 404
            assert Client().get(address).status_code == 302
        assert "Benches with shade" in _html(path, client)
        wrong = client.post(path, {"verdict": "declined", "version": "1"})
        assert wrong.status_code == 422
        day = the_day(clock.now()) + dt.timedelta(days=2)
        right = client.post(
            path,
            {
                "verdict": "complete",
                "reason": "how",
                "sentence": "Who waters them?",
                "until_year": day.year,
                "until_month": day.month,
                "until_day": day.day,
                "version": "1",
            },
        )
        assert right.status_code == 302
        row = Screening.objects.get()
        assert (row.verdict, row.reason, row.sentence) == ("complete", "how", "Who waters them?")
        assert row.until is not None
        assert the_day(row.until) == day + dt.timedelta(days=1)
    steps = _html(f"/cms/desk/{idea.engagement.public_id}/", client)
    assert listed.split("/en")[1] in steps


def test_the_officers_list_costs_the_same_for_one_as_for_fifty(officer: Account) -> None:
    counts = []
    for number in (1, 50):
        contest = make_contest()[1]
        make_many_ideas(contest, number)
        client = _signed_in(officer)
        path = f"/en/e/{contest.public_id}/screening/"
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20, queries.captured_queries


# --- merging --------------------------------------------------------------------------------------


def test_merged_the_other_leads_and_nothing_is_lost(
    idea: Idea, other: Idea, author: Account, officer: Account
) -> None:
    both = make_citizen("Ah Keung")
    _comment(idea, "for", both, "Said on the first.")
    _comment(other, "for", both, "Said on the second.")
    _comment(other, "against", None, "Not so sure.")
    merge_ideas(idea=idea, into=other, by=officer)
    assert merge_ideas(idea=idea, into=other, by=officer) == Merge.objects.get()
    old = Client().get(_page(idea))
    assert (old.status_code, old["Location"]) == (302, _page(other))
    page = _html(_page(other))
    for words in ("Said on the first.", "Said on the second.", "Mei", "Benches with shade"):
        assert words in page
    # One person counts once a side, on whichever of the two they spoke.
    other.thread.engagement = other.engagement
    assert side_counts(shown_together(other.thread)) == {"for": 1, "against": 1}
    listed = _html(f"/en/e/{idea.engagement.public_id}/ideas/?seed=1")
    assert "Shade over benches" in listed
    assert "Benches with shade" not in listed
    assert "3 comments" in listed
    assert Notice.objects.filter(kind="idea-merged").count() == 2
    unmerge_idea(idea=idea, by=officer)
    unmerge_idea(idea=idea, by=officer)
    assert "Said on the first." in _html(_page(idea))
    assert "Said on the first." not in _html(_page(other))
    merge_ideas(idea=idea, into=other, by=officer)
    assert Merge.objects.filter(undone_at=None).count() == 1
    call_command("verify_audit", stdout=io.StringIO())


def test_circles_chains_and_strange_leads_are_refused(
    contest: Engagement, idea: Idea, other: Idea, officer: Account
) -> None:
    third = make_public_idea(contest, "Third")
    merge_ideas(idea=idea, into=other, by=officer)
    elsewhere = make_public_idea(make_contest()[1])
    gone = make_public_idea(contest, "Gone")
    person = gone.contribution.person
    withdraw_contribution(contribution=gone.contribution, person=person, account=None)
    declined = make_public_idea(contest, "Declined")
    with clock.travel(IN_SCREENING):
        _screen(declined, officer, "declined", reason="outside")
    for one, into, code in (
        (third, third, "self"),
        (third, idea, "merged"),
        (other, idea, "merged"),
        (other, third, "leads"),
        (third, elsewhere, "elsewhere"),
        (third, gone, "not-public"),
        (third, declined, "declined"),
    ):
        with pytest.raises(Invalid) as caught:
            merge_ideas(idea=one, into=into, by=officer)
        assert (caught.value.field, caught.value.code) == ("into", code)
    with pytest.raises(Conflict):
        merge_ideas(idea=idea, into=third, by=officer)
    with pytest.raises(Closed):
        merge_ideas(idea=gone, into=third, by=officer)
    assert Merge.objects.count() == 1


def test_settled_once_people_vote(idea: Idea, other: Idea, officer: Account) -> None:
    merge_ideas(idea=idea, into=other, by=officer)
    with clock.travel(dt.timedelta(days=21)):
        with pytest.raises(Closed):
            unmerge_idea(idea=idea, by=officer)
        path = f"/en/ideas/{idea.contribution.public_id}/unmerge/"
        assert _signed_in(officer).get(path).status_code == 409


def test_nobody_s_idea_goes_with_a_leading_one_that_is_withdrawn(
    idea: Idea, other: Idea, officer: Account
) -> None:
    merge_ideas(idea=idea, into=other, by=officer)
    withdraw_contribution(
        contribution=other.contribution, person=other.contribution.person, account=None
    )
    idea.refresh_from_db()
    assert (idea.is_public, idea.merged_into) == (True, None)
    assert _html(_page(idea))
    assert Client().get(_page(other)).status_code == 404


def test_merged_and_taken_apart_in_pages(idea: Idea, other: Idea, officer: Account) -> None:
    client = _signed_in(officer)
    path = f"/en/ideas/{idea.contribution.public_id}/merge/"
    assert "Shade over benches" in _html(path, client)
    assert client.post(path, {"address": ""}).status_code == 422
    assert client.post(path, {"address": "/en/ideas/nothing/"}).status_code == 422
    typed = {"into": other.contribution.public_id, "address": ""}
    assert client.post(path, typed).status_code == 302
    idea.refresh_from_db()
    assert idea.merged_into == other
    apart = path.replace("/merge/", "/unmerge/")
    assert "Take apart?" in _html(apart, client)
    assert client.post(apart).status_code == 302
    whole = {"address": f"https://kaifong.example{_page(other)}"}
    assert client.post(path, whole).status_code == 302
    idea.refresh_from_db()
    assert idea.merged_into == other


# --- status ---------------------------------------------------------------------------------------


def test_a_step_is_public_dated_and_told_once(
    idea: Idea, other: Idea, author: Account, officer: Account
) -> None:
    merge_ideas(idea=other, into=idea, by=officer)
    supporter, agrees = make_citizen(), make_citizen()
    said = _comment(idea, "for", supporter)
    set_support(comment=said, person=agrees.person, account=agrees, on=True)
    against = make_citizen()
    _comment(idea, "against", against)
    follower = make_citizen()
    for account in (follower, supporter):
        follow_engagement(engagement=idea.engagement, account=account)
    Notice.objects.all().delete()
    row = change_status(
        idea=idea,
        status="in-progress",
        sentence="The first benches are being built.",
        language="en",
        by=officer,
        known="received",
    )
    for _each in range(2):
        tell_status(row.pk)
        tell_status(row.pk, "follows")
    told = Notice.objects.filter(kind="idea-status").values_list("account", flat=True)
    merged_author = other.contribution.person.accounts.get()
    assert sorted(told) == sorted(
        one.pk for one in (author, merged_author, supporter, agrees, follower)
    )
    page = _html(_page(idea))
    for words in ("What became of the idea", "In progress", "The first benches are being built."):
        assert words in page
    listed = f"/en/e/{idea.engagement.public_id}/ideas/?seed=1"
    assert idea.title in _html(f"{listed}&status=in-progress")
    assert idea.title not in _html(f"{listed}&status=received")
    with pytest.raises(Conflict):
        change_status(
            idea=idea, status="done", sentence="Done.", language="en", by=officer, known="received"
        )
    with pytest.raises(Absent):
        change_status(
            idea=idea,
            status="done",
            sentence="Done.",
            language="en",
            by=author,
            known="in-progress",
        )
    assert StatusChange.objects.count() == 1
    call_command("verify_audit", stdout=io.StringIO())


def test_a_status_needs_a_reason_in_pages(idea: Idea, officer: Account) -> None:
    client = _signed_in(officer)
    path = f"/en/ideas/{idea.contribution.public_id}/status/"
    page = _html(path, client)
    assert re.search(r'name="known" value="received"', page)
    typed = {"status": "adopted", "sentence": "", "known": "received"}
    assert client.post(path, typed).status_code == 422
    same = {"status": "received", "sentence": "Why.", "known": "received"}
    assert client.post(path, same).status_code == 422
    assert client.post(path, {**typed, "sentence": "We build it."}).status_code == 302
    idea.refresh_from_db()
    assert idea.status == "adopted"
    own = StatusChange.objects.get()
    assert (own.sentence, own.by) == ("We build it.", officer)


def test_an_official_reply_is_marked_public_at_once_and_told_once(
    idea: Idea, officer: Account, author: Account
) -> None:
    path = f"/en/ideas/{idea.contribution.public_id}/reply/"
    client = _signed_in(officer)
    Notice.objects.all().delete()
    assert client.post(path, {"text": " "}).status_code == 422
    assert client.post(path, {"text": "x" * 4001}).status_code == 422
    for _twice in range(2):
        assert client.post(path, {"text": "We shall measure it first."}).status_code == 302
    row = OfficialReply.objects.get()
    assert (row.bureau, row.by) == (idea.engagement.owner, officer)
    follow_engagement(engagement=idea.engagement, account=author)
    for source in ("concerned", "follows", "concerned"):
        tell_reply(row.pk, source)
    assert [one.account for one in Notice.objects.filter(kind="idea-reply")] == [author]
    page = _html(_page(idea))
    assert "Official reply" in page
    assert "We shall measure it first." in page
    with pytest.raises(Absent):
        reply_to_idea(idea=idea, text="Mine.", language="en", by=author)
    call_command("verify_audit", stdout=io.StringIO())
