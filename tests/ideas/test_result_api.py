"""The API's results of contests: nothing before they are published, then what the pages show."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from core import clock
from ideas.exports import table
from ideas.report_results import live_jury
from ideas.result_api import ContestResultOut, PlaceOut
from ideas.tasks import tally_what_closed
from participation.actions.contributions import withhold_contribution
from participation.models import Contribution
from tests.api.conftest import Api
from tests.factories.accounts import make_moderator
from tests.factories.consultations import today
from tests.factories.desk import make_approver, make_officer
from tests.factories.ideas import make_contest
from tests.factories.juries import make_juror, score
from tests.factories.results import announce, draw, give, make_scored
from tests.factories.votes import CLOSES, after_the_vote, cast, in_the_vote, key, make_voting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


def local(address: str) -> str:
    """The path of a whole address."""
    return "/" + address.split("/", 3)[3]


def ask(engagement: Any, what: str) -> Any:
    status, found = Api().ask("GET", f"contests/{engagement.public_id}/{what}")
    return found if status == 200 else status


def test_jury_and_vote_with_winners_reasons_scores_and_the_votes_file():
    _page, vote, ideas = make_voting(
        jury_closes_on=today() + dt.timedelta(days=CLOSES + 15), jury_weight=70
    )
    engagement, officer = vote.ballot.engagement, make_officer(vote.ballot.engagement.owner)
    first, second, third = ideas
    with in_the_vote():
        for idea, votes in ((first, 3), (second, 1)):
            for _each in range(votes):
                cast(vote, [idea])
    with after_the_vote():
        tally_what_closed()
        juror, account = make_juror(engagement, by=officer)
        score(juror, account, {first: (8, 8), second: (6, 6), third: (1, 1)})
        draw(engagement, officer)
        give(engagement, first, "awarded", officer, prize="A trophy", reason="It helps most.")
        give(engagement, second, "shortlisted", officer, reason="Well thought out.")
        # Drawn up and written, but for its officers alone: the desk's pages are theirs.
        for what in ("result", "places"):
            assert ask(engagement, what) == 404
            assert Api(officer).ask("GET", f"contests/{engagement.public_id}/{what}")[0] == 404
        announce(engagement, officer=officer, approver=make_approver(engagement.owner))
        told, places = ask(engagement, "result"), ask(engagement, "places")["items"]
        ContestResultOut.model_validate(told)
        assert [PlaceOut.model_validate(one).id for one in places] == [key(one) for one in ideas]
        assert (told["basis"], told["jury_weight"], told["vote_weight"]) == ("both", 70, 30)
        assert (told["jurors"], told["passed_over"]) == (1, [])
        (winner,) = told["awarded"]
        assert (winner["id"], winner["place"], winner["title"]) == (key(first), 1, first.title)
        assert (winner["prize"]["en"], winner["reason"]["en"]) == ("A trophy", "It helps most.")
        assert [one["id"] for one in told["shortlisted"]] == [key(second)]
        assert told["rules"]["fingerprint"] == engagement.contest.rules.get().fingerprint
        assert Client().get(local(told["rules"]["file"])).status_code == 200
        file = b"".join(Client().get(local(told["vote"]["file"])).streaming_content)
        assert told["vote"]["digest"].encode() in file.splitlines()[-1]
        assert Client().get(local(told["pages"]["zh-hant"])).status_code == 200
        assert [(one["id"], one["place"], one["distinction"], one["votes"]) for one in places] == [
            (key(first), 1, "awarded", 3),
            (key(second), 2, "shortlisted", 1),
            (key(third), 3, None, 0),
        ]
        assert [one["together"] for one in places] == [
            1.0,
            *(one["together"] for one in places[1:]),
        ]
        assert all(
            one["together"]
            == pytest.approx(0.7 * one["jury_share"] + 0.3 * one["vote_share"], abs=1e-4)
            for one in places
        )
        assert {one["funded"] for one in places} == {None}
        _agrees(engagement, places)


def _agrees(engagement: Any, places: list[dict[str, Any]]) -> None:
    """The API, the officers' file and the report's section say the same of the same ideas."""
    file = {row["id"]: row for row in table(engagement, "results")[1]}
    section = live_jury(engagement, clock.now())
    assert section is not None
    report = {row["id"]: row for row in section.figures["places"]}
    assert {one["id"] for one in places} == set(file) == set(report)
    for one in places:
        jury, line, cell = one["jury"], file[one["id"]], report[one["id"]]
        assert (one["place"], one["distinction"], one["together"]) == (
            line["result_place"],
            line["distinction"],
            line["together"],
        )
        assert one["votes"] == line["votes"]
        assert jury["place"] == line["jury_place"] == cell["place"]
        assert jury["normalised"] == line["normalised"] == cell["normal"]
        assert jury["plain"] == line["plain"] == cell["plain"]
        assert jury["plain_place"] == cell["plain_place"]


def test_an_idea_that_is_hidden_later_keeps_its_place_and_loses_its_words():
    bureau_contest = make_contest()[1]
    officer = make_officer(bureau_contest.owner)
    engagement, ideas = make_scored("First", "Second", officer=officer, bureau=bureau_contest.owner)
    draw(engagement, officer)
    give(engagement, ideas[0], "awarded", officer)
    announce(engagement, officer=officer, approver=make_approver(engagement.owner))
    moderator = make_moderator()
    withhold_contribution(
        contribution=Contribution.objects.get(pk=ideas[0].pk),
        by=moderator,
        version=1,
        rule="r1",
        sentence="Not for here.",
    )
    told, places = ask(engagement, "result"), ask(engagement, "places")["items"]
    (winner,) = told["awarded"]
    assert (winner["id"], winner["title"], winner["authors"]) == (key(ideas[0]), "", [])
    assert (told["basis"], told["jury_weight"], told["vote"]) == ("jury", None, None)
    assert [(one["title"], one["place"]) for one in places] == [("", 1), ("Second", 2)]
    assert {one["votes"] for one in places} == {None}
    assert ask(make_contest()[1], "result") == 404
