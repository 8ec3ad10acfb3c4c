"""A contest's report: ideas, winners, votes and jury, equal in six forms, sealed as stated."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from accounts.models import Role
from core import clock
from feedback.collecting import live_document
from ideas.actions.status import change_status
from ideas.models import Idea
from ideas.tasks import count_votes, tally_what_closed
from tests.factories.consultations import today
from tests.factories.desk import make_officer
from tests.factories.engagements import grant, make_account, make_engagement
from tests.factories.juries import make_juror, score
from tests.factories.participation import make_public_comment
from tests.factories.reports import take
from tests.factories.results import announce, draw, give
from tests.factories.votes import CLOSES, after_the_vote, cast, in_the_vote, key, make_voting
from tests.feedback.test_files import figures, figures_by_section, same_in_every_form

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


def sections(contest: Any, *, for_owner: bool = False) -> dict[str, Any]:
    """The report as it is now, by section."""
    document = live_document(contest, now=clock.now(), for_owner=for_owner)
    return {one["key"]: one for one in document["sections"]}


def test_ideas_votes_and_jury_are_the_same_in_six_forms(pango: None) -> None:
    _page, vote, ideas = make_voting(
        "stars",
        results_from="outcome",
        jury_closes_on=today() + dt.timedelta(days=CLOSES + 20),
        jury_weight=60,
    )
    contest = vote.ballot.engagement
    officer = make_officer(contest.owner)
    Idea.objects.filter(pk=ideas[0].pk).update(
        district="sha-tin", category=contest.contest.categories.first()
    )
    make_public_comment(contest, "=1+1", thread=ideas[1].thread, side="for")
    change_status(
        idea=ideas[0],
        status="shortlisted",
        sentence="Good.",
        language="en",
        by=officer,
        known="received",
    )
    with in_the_vote():
        for stars in (5, 4):
            cast(vote, {key(ideas[0]): stars, key(ideas[1]): 1})
    with after_the_vote():
        tally_what_closed()
        juror, account = make_juror(contest, by=officer)
        score(juror, account, {ideas[0]: (9, 8), ideas[1]: (3, 4), ideas[2]: (5, 5)})
        draw(contest, officer)
        give(contest, ideas[0], "awarded", officer, prize="Built in two places", reason="=Why.")
        give(contest, ideas[2], "", officer, reason="It is done already.")
        approver = make_account()
        grant(approver, Role.APPROVER, contest.owner)
        before = figures_by_section(take(contest, officer))
        assert "winners" not in before
        announce(contest, officer=officer, approver=approver)
        snapshot = take(contest, officer)
        wanted = figures(snapshot)
        told = same_in_every_form(snapshot, officer)
    assert wanted["ideas-statuses"] == [[2, 66.7], [1, 33.3]]
    assert wanted["ideas-discussed"] == [[1]]
    assert [row[:3] for row in wanted["votes"]] == [[1, 2, 1], [2, 2, 0], [3, 0, 0]]
    assert [row[0] for row in wanted["jury"]] == [1, 2, 3]
    winners = next(one for one in snapshot.data["sections"] if one["key"] == "winners")
    first, passed = winners["tables"]
    author = ideas[0].contribution.author_name
    row = dict(zip([one["key"] for one in first["columns"]], first["rows"][0], strict=True))
    assert len(first["rows"]) == 1
    assert (row["title"]["text"], row["authors"]["text"]) == (
        ideas[0].title,
        author,
    )
    assert (row["given"]["en"], row["prize"]["en"]) == ("Awarded", "Built in two places")
    assert (row["place"], row["votes"], row["reason"]["en"]) == (1, 2, "=Why.")
    assert (row["jury"], row["together"]) == (
        float(ideas[0].jury_place.normal),
        float(ideas[0].result_place.together),
    )
    assert row["status"]["zh-hant"] == "得獎"
    assert [row[0]["text"] for row in passed["rows"]] == [ideas[2].title]
    kept = figures_by_section(snapshot)
    assert [one["id"] for one in kept["winners"]["awarded"]] == [key(ideas[0])]
    assert kept["idea-votes"]["voters"] == 2
    assert kept["ideas"]["public"] == 3
    assert {name: told["more"][name] for name in ("ideas", "winners", "idea-votes", "jury")} == {
        name: kept[name] for name in ("ideas", "winners", "idea-votes", "jury")
    }


def test_the_vote_is_sealed_in_a_report_as_its_rules_say() -> None:
    _page, vote, ideas = make_voting("approval", results_from="outcome")
    contest = vote.ballot.engagement
    with in_the_vote():
        cast(vote, ideas[:1])
        for for_owner in (False, True):
            found = sections(contest, for_owner=for_owner)["idea-votes"]
            assert found["sealed"]["code"] == "sealed"
            assert "figures" not in found
    with after_the_vote():
        tally_what_closed()
        assert "sealed" in sections(contest)["idea-votes"]
        # The answer is written from it (ADR 38).
        told = sections(contest, for_owner=True)["idea-votes"]["figures"]
        assert [one["votes"] for one in told["ideas"]] == [1, 0, 0]


def test_totals_for_those_who_have_voted_are_in_no_report_before_the_close() -> None:
    _page, vote, ideas = make_voting("approval", vote_after_own=True)
    contest = vote.ballot.engagement
    officer = make_officer(contest.owner)
    with in_the_vote():
        cast(vote, ideas[:1])
        count_votes()
        assert sections(contest, for_owner=True)["idea-votes"]["figures"] == {"voters": 1}
        assert figures_by_section(take(contest, officer))["idea-votes"] == {"voters": 1}
    with after_the_vote():
        # Not tallied yet: a report at the close counts for itself.
        kept = figures_by_section(take(contest, officer))["idea-votes"]
        assert [one["votes"] for one in kept["ideas"]] == [1, 0, 0]
        assert kept["digest"] is None


def test_the_sections_of_ideas_are_of_contests_alone() -> None:
    assert not {"ideas", "winners", "idea-votes", "jury"} & set(sections(make_engagement()))
