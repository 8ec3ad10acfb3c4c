"""A contest's result: what decides, four eyes, sealed until published, told once, followed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consultations.actions.paper import publish_paper
from core import clock
from core.exceptions import Absent, Conflict, Invalid, Refused
from ideas.actions.jury_result import close_jury
from ideas.actions.result import draw_result
from ideas.actions.status import change_status
from ideas.models import ContestResult, Idea, StatusChange
from ideas.rules import rules_that_count
from ideas.standing import timeline
from ideas.tasks import tally_what_closed, tell_result
from notifications.models import Notice
from participation.actions.contributions import withhold_contribution
from participation.actions.follows import follow_engagement
from participation.actions.outcomes import approve_outcome, waiting_for
from participation.models import Outcome
from participation.outcome_faults import NotReady
from participation.tasks import tell_readers
from tests.factories.accounts import make_moderator
from tests.factories.consultations import today
from tests.factories.desk import make_approver, make_officer
from tests.factories.engagements import grant, make_bureau
from tests.factories.ideas import edit_contest, make_contest, make_public_idea
from tests.factories.juries import make_judged, make_juror, score
from tests.factories.participation import make_citizen
from tests.factories.results import announce, draw, end_call, give, make_scored, send
from tests.factories.votes import CLOSES, after_the_vote, cast, in_the_vote, key, make_voting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
BACKEND = "accounts.backends.AccountBackend"


def _places(result: ContestResult) -> list[tuple[str, int | None]]:
    return [(row.idea.title, row.place) for row in result.places.select_related("idea")]


def test_jury_and_vote_together_come_out_as_the_example_of_the_docs() -> None:
    page, vote, ideas = make_voting(
        jury_closes_on=today() + dt.timedelta(days=CLOSES + 15), jury_weight=70
    )
    engagement, officer = vote.ballot.engagement, make_officer(vote.ballot.engagement.owner)
    pergola, queue, rest = ideas
    with in_the_vote():
        for idea, votes in ((pergola, 12), (queue, 4), (rest, 8)):
            for _each in range(votes):
                cast(vote, [idea])
        with pytest.raises(Conflict, match="not closed yet"):
            draw_result(engagement=engagement, by=officer)
    with after_the_vote():
        tally_what_closed()
        sheets: list[dict[Idea, tuple[int, ...]]] = [
            {pergola: (8, 6), queue: (6, 6), rest: (4, 3)},
            {pergola: (2, 2), queue: (4, 4)},
            {pergola: (9, 9), queue: (9, 9), rest: (9, 9)},
        ]
        for sheet in sheets:
            juror, account = make_juror(engagement, by=officer)
            left = [idea.contribution.public_id for idea in ideas if idea not in sheet]
            score(juror, account, sheet, conflicts=left)
        with pytest.raises(Conflict, match="jury is not closed"):
            draw_result(engagement=engagement, by=officer)
        # A weight that is announced after the opening is refused; the opening's counts.
        edit_contest(page, officer, jury_weight=20)
        with pytest.raises(Invalid, match="can no longer be changed"):
            publish_paper(page=page, by=None)
        assert rules_that_count(engagement)[1] == 70
        result = draw(engagement, officer)
    assert (result.basis, result.jury_weight) == ("both", 70)
    assert result.rules.number == 1
    assert {
        row.idea: (row.place, row.together, row.jury_share, row.vote_share, row.votes)
        for row in result.places.select_related("idea")
    } == {
        pergola: (1, Decimal("0.7436"), Decimal("0.6338"), Decimal("1"), 12),
        queue: (2, Decimal("0.7"), Decimal("1"), Decimal("0"), 4),
        rest: (3, Decimal("0.15"), Decimal("0"), Decimal("0.5"), 8),
    }
    assert draw_result(engagement=engagement, by=officer) == result


def test_a_vote_alone_a_jury_alone_and_the_bureau_alone_each_end_in_a_result() -> None:
    _page, vote, ideas = make_voting("stars")
    voted = vote.ballot.engagement
    officer = make_officer(voted.owner)
    with in_the_vote():
        cast(vote, {key(ideas[1]): 5, key(ideas[2]): 1})
    with after_the_vote():
        with pytest.raises(Conflict, match="not counted yet"):
            draw_result(engagement=voted, by=officer)
        tally_what_closed()
        result = draw_result(engagement=voted, by=officer)
    assert result.basis == "vote"
    assert _places(result)[0] == ("Idea 2", 1)

    judged, _ideas = make_scored("First", "Second", officer=officer)
    result = draw(judged, officer)
    assert (result.basis, result.jury_weight) == ("jury", 100)
    assert _places(result) == [("First", 1), ("Second", 2)]

    # A jury that never scored is none: the bureau decides, with reasons.
    silent, _ideas = make_judged("Nobody scored me")
    make_juror(silent, by=officer)
    with clock.travel(dt.timedelta(days=30)):
        result = draw_result(engagement=silent, by=officer)
    assert (result.basis, _places(result)) == ("bureau", [])

    box = make_contest(standing=True, response_due=None, closes_on=None)[1]
    with pytest.raises(Conflict, match="without end"):
        draw_result(engagement=box, by=officer)
    with pytest.raises(Refused):
        draw_result(engagement=judged, by=make_officer(make_bureau("LCSD")))


def test_the_bureau_decides_on_any_idea_it_accepted_and_on_no_other() -> None:
    engagement = make_contest(closes=5)[1]
    officer, approver = make_officer(engagement.owner), make_approver(engagement.owner)
    chosen = make_public_idea(engagement, "Chosen")
    other = make_public_idea(make_contest()[1], "Of another contest")
    Idea.objects.filter(pk__in=[chosen.pk, other.pk]).update(screened="accepted")
    declined = make_public_idea(engagement, "Declined")
    end_call(engagement)
    with pytest.raises(Conflict, match="First draw up"):
        give(engagement, chosen, "awarded", officer)
    draw_result(engagement=engagement, by=officer)
    for idea in (other, declined):
        with pytest.raises(Absent):
            give(engagement, idea, "awarded", officer)
    give(engagement, chosen, "awarded", officer, prize="We build it")
    announce(engagement, officer=officer, approver=approver)
    shown = Client().get(f"/en/e/{engagement.public_id}/result/").content.decode()
    assert "The bureau decided" in shown
    assert "We build it" in shown
    assert "All places" not in shown


def test_bad_input_is_refused_and_who_is_passed_over_gets_a_reason() -> None:
    officer = make_officer(make_bureau("EPD"))
    engagement, (first, second, _third) = make_scored("One", "Two", "Three", officer=officer)
    approver = make_approver(engagement.owner)
    with pytest.raises(NotReady) as none:
        send(engagement, officer)
    assert "not drawn up" in str(none.value.faults[0].sentence)
    draw(engagement, officer)
    with pytest.raises(Invalid):
        give(engagement, first, "best", officer)
    with pytest.raises(Invalid, match="has a prize"):
        give(engagement, first, "shortlisted", officer, prize="Gold")
    with pytest.raises(Invalid):
        give(engagement, first, "", officer, reason="x" * 1001)
    with pytest.raises(Refused):
        give(engagement, first, "awarded", approver)
    give(engagement, second, "awarded", officer, reason="")
    with pytest.raises(NotReady) as missing:
        send(engagement, officer)
    assert [fault.lack.title for fault in missing.value.faults if fault.lack] == ["One", "Two"]
    give(engagement, first, "", officer, reason="It is being built already.")
    give(engagement, second, "awarded", officer)
    send(engagement, officer)
    # What came to lack after it was sent keeps it from being published.
    second.contribution.refresh_from_db()
    withhold_contribution(
        contribution=second.contribution, by=make_moderator(), version=second.contribution.version
    )
    with pytest.raises(Conflict, match="not public any more"):
        approve_outcome(engagement=engagement, by=approver)
    assert not StatusChange.objects.exists()
    assert ContestResult.objects.get().published_at is None
    with pytest.raises(Invalid):
        give(engagement, second, "shortlisted", officer)


def test_who_wrote_of_the_winners_does_not_approve_them() -> None:
    officer = make_officer(make_bureau("EPD"))
    engagement, (idea,) = make_scored("One", officer=officer)
    second = make_officer(engagement.owner)
    grant(second, "approver", engagement.owner)
    draw(engagement, officer)
    give(engagement, idea, "awarded", second)
    send(engagement, officer)
    assert waiting_for(second) == []
    with pytest.raises(Refused, match="Somebody else"):
        approve_outcome(engagement=engagement, by=second)
    # A change takes it back from the approvers.
    approver = make_approver(engagement.owner)
    assert len(waiting_for(approver)) == 1
    give(engagement, idea, "shortlisted", officer)
    with pytest.raises(Conflict, match="Nothing waits"):
        approve_outcome(engagement=engagement, by=approver)


def test_sealed_until_published_then_on_every_page_in_three_languages() -> None:
    officer = make_officer(make_bureau("EPD"))
    engagement, (first, second, _third) = make_scored("One", "Two", "Three", officer=officer)
    approver, everybody = make_approver(engagement.owner), Client()
    base = f"/en/e/{engagement.public_id}"
    pages = [
        engagement.paths["en"],
        "/en/",
        "/en/contests/",
        "/en/contests/feed/",
        f"{base}/ideas/?seed=1",
    ]
    pages += [f"/en/ideas/{key(idea)}/" for idea in (first, second)]
    before = {path: everybody.get(path).content for path in pages}
    draw(engagement, officer)
    give(engagement, first, "awarded", officer, prize="First prize", reason="Cheap and quick.")
    give(engagement, second, "shortlisted", officer, reason="Good, but later.")
    send(engagement, officer)
    assert everybody.get(f"{base}/result/").status_code == 404
    assert everybody.get(f"{base}/outcome/").status_code == 404
    cache.clear()
    assert {path: everybody.get(path).content for path in pages} == before
    approve_outcome(engagement=engagement, by=approver)
    cache.clear()
    for language, words in (
        ("en", ("First prize", "Cheap and quick.", "Good, but later.", "1.2247")),
        ("zh-hant", ("中文：First prize", "中文：Cheap and quick.", "評審團")),
        ("zh-hans", ("中文：Good, but later.", "评审团")),
    ):
        for page in ("result", "outcome"):
            shown = everybody.get(f"/{language}/e/{engagement.public_id}/{page}/")
            text = shown.content.decode()
            assert shown.status_code == 200
            assert words[0] in text or page == "outcome"
            if page == "result":
                assert all(word in text for word in words)
            assert key(first) in text
    contest = everybody.get(engagement.paths["en"]).content.decode()
    assert "First prize" in contest
    assert "Outcome published" in everybody.get("/en/contests/").content.decode()
    assert engagement.title["en"] in everybody.get("/en/").content.decode()
    told = f"Result: {engagement.title['en']}"
    assert told in everybody.get("/en/contests/feed/").content.decode()
    assert "Awarded" in everybody.get(f"{base}/ideas/?seed=1").content.decode()
    assert "Cheap and quick." in everybody.get(f"/en/ideas/{key(first)}/").content.decode()
    first.refresh_from_db()
    assert first.status == "awarded"
    assert [step["said"].get("en", "") for step in timeline(first)] == ["", "Cheap and quick."]
    with pytest.raises(Conflict, match="published"):
        give(engagement, second, "awarded", officer)


def test_an_idea_that_went_further_stays_there_and_goes_on_with_a_reason_each() -> None:
    officer = make_officer(make_bureau("EPD"))
    engagement, (first, second) = make_scored("One", "Two", officer=officer)
    words = {"sentence": "We began.", "language": "en", "by": officer}
    change_status(idea=first, status="in-progress", known="received", **words)
    draw(engagement, officer)
    for idea in (first, second):
        give(engagement, idea, "awarded", officer)
    announce(engagement, officer=officer, approver=make_approver(engagement.owner))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("in-progress", "awarded")
    change_status(idea=first, status="done", known="in-progress", **words)
    assert [step["label"] for step in timeline(first)] == ["Received", "In progress", "Done"]


def _run_telling(outcome: Outcome) -> None:
    """The batches of a small contest: each step, then everybody, as the jobs ask for them."""
    step = 0
    for row in StatusChange.objects.filter(result=outcome.engagement_id).order_by("pk"):
        tell_result(outcome.pk, step, 0)
        step = row.pk + 1
    tell_result(outcome.pk, step, 0)
    for source in ("follows", "contributors"):
        tell_readers("outcome", outcome.pk, source)


def test_everybody_is_told_once_of_the_result_and_in_constant_queries() -> None:
    officer = make_officer(make_bureau("EPD"))
    engagement, (first, second, third) = make_scored("One", "Two", "Three", officer=officer)
    winner, runner, other = (
        idea.contribution.person.accounts.get() for idea in (first, second, third)
    )
    follower = make_citizen()
    for account in (winner, follower):
        follow_engagement(engagement=engagement, account=account)
    draw(engagement, officer)
    give(engagement, first, "awarded", officer)
    give(engagement, second, "shortlisted", officer)
    Notice.objects.all().delete()
    outcome = announce(engagement, officer=officer, approver=make_approver(engagement.owner))
    for _twice in range(2):
        _run_telling(outcome)
    told = {
        row.account: (row.kind, row.params.get("status"))
        for row in Notice.objects.filter(account__in=[winner, runner, other, follower])
    }
    assert told == {
        winner: ("idea-status", "awarded"),
        runner: ("idea-status", "shortlisted"),
        other: ("outcome", None),
        follower: ("outcome", None),
    }
    assert Notice.objects.filter(account__in=told).count() == len(told)
    step = StatusChange.objects.get(status="awarded")
    Notice.objects.all().delete()
    with clock.scope(), CaptureQueriesContext(connection) as one:
        tell_result(outcome.pk, step.pk, 0)
    # Authors of ideas that it leads are concerned too.
    elsewhere = make_contest()[1]
    led = [make_public_idea(elsewhere) for _each in range(8)]
    Idea.objects.filter(pk__in=[idea.pk for idea in led]).update(merged_into=first)
    Notice.objects.all().delete()
    with clock.scope(), CaptureQueriesContext(connection) as many:
        tell_result(outcome.pk, step.pk, 0)
    assert Notice.objects.count() == 9
    assert len(many) <= len(one)


def test_officers_walk_from_the_jury_to_the_public_result() -> None:
    officer = make_officer(make_bureau("EPD"))
    engagement, (first, _second) = make_scored("One", "Two", officer=officer)
    approver = make_approver(engagement.owner)
    desk, other = Client(), Client()
    desk.force_login(officer, backend=BACKEND)
    other.force_login(approver, backend=BACKEND)
    path = f"/en/e/{engagement.public_id}/result/desk/"
    assert "The jury is not closed yet." in desk.get(path).content.decode()
    assert desk.post(path).status_code == 409
    close_jury(engagement=engagement, by=officer)
    assert "Draw up the result" in desk.get(path).content.decode()
    assert desk.post(path).status_code == 302
    shown = desk.get(path).content.decode()
    assert shown.index("One") < shown.index("Two")
    place = f"{path}{key(first)}/"
    assert "On One." in desk.get(place).content.decode()
    typed = {"distinction": "awarded", "prize_en": "Gold", "prize_zh_hant": "金獎"}
    typed |= {"reason_en": "Why.", "reason_zh_hant": "因為點子好。"}
    assert desk.post(place, typed).status_code == 302
    assert first.result_place.reason["zh-hans"] == "因为点子好。"
    cms = f"/cms/desk/{engagement.public_id}/outcome/"
    answer = {"text_en": "We build it.", "text_zh_hant": "我們會做。", "send": "1"}
    assert desk.post(cms, answer).status_code == 302
    review = other.get(f"{cms}review/").content.decode()
    assert "Gold" in review
    assert "金獎" in review
    version = Outcome.objects.get()
    other.post(f"{cms}approve/", {"version": f"{version.pk}.{version.revision}"})
    public = Client().get(f"/zh-hans/e/{engagement.public_id}/result/").content.decode()
    assert "因为点子好。" in public
    assert desk.get(place).status_code == 404
