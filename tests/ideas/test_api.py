"""Contests, ideas and votes for other programs: the same rules as the pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ideas.actions.ideas import edit_idea
from ideas.actions.merging import merge_ideas
from ideas.actions.status import change_status
from ideas.models import Idea, IdeaVersion
from ideas.tasks import count_votes, tally_what_closed
from participation import papers
from participation.models import Contribution, VoteChoice
from tests.api.conftest import Api
from tests.factories.desk import make_officer
from tests.factories.engagements import make_bureau
from tests.factories.ideas import make_contest, make_idea, make_many_ideas, make_public_idea
from tests.factories.participation import decide, make_citizen, make_public_comment
from tests.factories.votes import after_the_vote, cast, in_the_vote, key, make_voting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


@pytest.fixture
def contest() -> Any:
    return make_contest(title="Cooler streets")[1]


def local(address: str) -> str:
    """The path of a whole address."""
    return "/" + address.split("/", 3)[3]


def ids(found: Any) -> list[str]:
    return [one["id"] for one in found["items"]]


def test_a_contest_tells_its_rules_and_a_list_narrows(contest):
    upcoming = make_contest(opens=3, partners=[make_bureau("LCSD").code])[1]
    status, found = Api().ask("GET", f"contests/{contest.public_id}")
    assert status == 200
    assert found["title"]["en"] == "Cooler streets"
    assert found["partners"] == []
    assert [phase["key"] for phase in found["phases"]] == ["call", "screening", "result", "follow"]
    assert found["phases"][-1]["closes_at"] is None
    assert sum(one["weight"] for one in found["criteria"]) == 100
    assert found["rules"]["fingerprint"] == contest.contest.rules.get().fingerprint
    assert Client().get(local(found["rules"]["file"])).status_code == 200
    assert set(ids(Api().ask("GET", "contests")[1])) == {contest.public_id, upcoming.public_id}
    (row,) = Api().ask("GET", "contests?state=upcoming")[1]["items"]
    assert (row["id"], [one["code"] for one in row["partners"]]) == (upcoming.public_id, ["LCSD"])
    assert ids(Api().ask("GET", f"contests?bureau={contest.owner.slug}&state=open")[1]) == [
        contest.public_id
    ]
    assert Api().ask("GET", "contests?bureau=nobody")[1]["items"] == []


def test_ideas_are_narrowed_ordered_and_counted_as_on_the_page(contest):
    author = make_citizen("Mei")
    first, second = (make_idea(contest, title, account=author) for title in ("Trees", "Shade"))
    parks = contest.contest.categories.get(block_id="c2").key
    edit_idea(
        idea=first,
        person=author.person,
        account=author,
        title="Trees",
        text="Plant them.",
        category=parks,
        tags=["Green", "綠化"],
        district="sha-tin",
        version=1,
    )
    for each in (first, second):
        decide(Contribution.objects.get(pk=each.pk))
    make_public_comment(contest, "Good.", thread=first.thread, side="for")
    path = f"contests/{contest.public_id}"
    found = Api().ask("GET", f"{path}/ideas")[1]
    assert (found["count"], ids(found)) == (2, [key(second), key(first)])
    told = found["items"][1]
    assert (told["category"], told["district"], told["comments"]) == (parks, "sha-tin", 1)
    assert (told["tags"], told["author"], told["votes"]) == (["Green", "綠化"], "Mei", None)
    for query in (
        f"category={parks}",
        "tag=green",
        "district=sha-tin",
        "q=plant",
        "sort=discussed",
    ):
        assert ids(Api().ask("GET", f"{path}/ideas?{query}")[1])[0] == key(first), query
    assert Api().ask("GET", f"{path}/ideas?district=sha-tin&status=done")[1]["count"] == 0
    facets = Api().ask("GET", f"{path}/facets?q=plant")[1]
    assert [one["count"] for one in facets["category"] if one["value"] == parks] == [1]
    assert {one["value"] for one in facets["tag"]} == {"green", "绿化"}
    pages = [
        Api().ask("GET", f"{path}/ideas?sort=shuffled&seed=5&limit=1&page={n}")[1] for n in (1, 2)
    ]
    assert {one for page in pages for one in ids(page)} == {key(first), key(second)}
    assert (pages[0]["next"] is None, pages[1]["next"]) == (False, None)
    assert Api().ask("GET", f"{path}/ideas?sort=source")[0] == 422
    for query in ("sort=best", "status=lost", "seed=0", "limit=101", "q=" + "x" * 101):
        assert Api().ask("GET", f"{path}/ideas?{query}")[0] == 422, query
    assert Api().ask("GET", f"{path}/ideas?tag=%07&category=%E2%80%8B")[1]["count"] == 0
    assert Api().ask("GET", f"{path}/ideas?tag=%00")[0] in {400, 422}


def test_an_idea_with_its_steps_and_one_put_together_with_another(contest):
    lead, led = make_public_idea(contest, "Benches"), make_public_idea(contest, "More benches")
    officer = make_officer(contest.owner)
    make_public_comment(contest, "Both!", thread=led.thread, side="thought")
    merge_ideas(idea=led, into=lead, by=officer)
    change_status(
        idea=lead,
        status="adopted",
        sentence="We build it.",
        language="en",
        by=officer,
        known="received",
    )
    told = Api().ask("GET", f"ideas/{key(lead)}")[1]
    assert (told["status"], told["led"], told["comments"]) == ("adopted", [key(led)], 1)
    assert [step["sentence"] for step in told["steps"]] == ["We build it."]
    comments = Api().ask("GET", f"ideas/{key(lead)}/comments")[1]
    assert [one["text"] for one in comments["items"]] == ["Both!"]
    assert Api().ask("GET", f"ideas/{key(lead)}/comments?side=for")[1]["count"] == 0
    status, refused = Api().ask("GET", f"ideas/{key(led)}")
    assert (status, refused["code"], refused["led_by"]) == (404, "merged", key(lead))
    held = make_idea(contest)
    assert Api().ask("GET", f"ideas/{key(held)}")[1]["code"] == "absent"


def test_hand_in_write_on_comment_and_withdraw(contest):
    program = Api(make_citizen("Mei"))
    path = f"contests/{contest.public_id}/ideas"
    body = {"title": "Fountains", "text": "One at each pier.", "language": "en"}
    sent = {"Idempotency-Key": "once"}
    status, receipt = program.ask("POST", path, body, **sent)
    assert (status, receipt["kind"], receipt["state"]) == (201, "idea", "held")
    assert program.ask("POST", path, body, **sent)[1]["receipt"] == receipt["receipt"]
    status, refused = program.ask("POST", path, {**body, "title": "Other"}, **sent)
    assert (status, refused["code"]) == (422, "already_sent")
    assert Idea.objects.get().contribution.channel == "api"
    own = f"ideas/{receipt['contribution']}"
    change = {"district": "islands", "tags": ["water", "piers, water"]}
    assert program.ask("PATCH", own, change)[0] == 200
    newest = IdeaVersion.objects.order_by("-number")[0]
    assert (newest.title, newest.district, newest.tags) == (
        "Fountains",
        "islands",
        ["water", "piers"],
    )
    assert program.ask("PATCH", own, {**change, "version": 1})[0] == 200  # The same again.
    assert program.ask("PATCH", own, {"title": "\u200b", "version": 2})[0] == 422
    for name, wrong in (
        ("district", "nowhere"),
        # London, Shenzhen, and what is no point.
        ("point", "51.5074, -0.1278"),
        ("point", "22.6, 114.05"),
        ("point", "NaN, NaN"),
        ("tags", ["a" * 10_000]),
        ("tags", ["\N{DECIDUOUS TREE}"]),
        ("title", "\u200b\u200d"),
    ):
        status, refused = program.ask("PATCH", own, {name: wrong})
        assert (status, refused["errors"][0]["field"]) == (422, name)
    assert Api(make_citizen()).ask("DELETE", own)[0] == 404
    assert program.ask("DELETE", own)[1]["state"] == "withdrawn"
    public = f"ideas/{key(make_public_idea(contest))}/comments"
    status, refused = program.ask("POST", public, {"text": "No side."})
    assert (status, refused["errors"][0]["field"]) == (422, "side")
    assert program.ask("POST", public, {"text": "Yes.", "side": "for"})[0] == 201
    assert program.ask("POST", f"ideas/{receipt['contribution']}/comments", {"text": "x"})[0] == 404


def test_a_vote_is_cast_changed_and_withdrawn_with_its_receipt():
    _page, vote, ideas = make_voting("stars")
    account = make_citizen()
    program, path = Api(account), f"contests/{vote.ballot.engagement.public_id}/vote"
    choices = {key(ideas[0]): 5, key(ideas[1]): 2}
    assert program.ask("GET", path)[0] == 404
    assert program.ask("PUT", path, {"choices": choices})[0] == 409
    with in_the_vote():
        status, own = program.ask("PUT", path, {"choices": choices})
        assert (status, own["choices"]) == (200, choices)
        written = papers.written(choices.items())
        ballot = vote.ballot.public_id
        assert own["commitment"] == papers.commitment(ballot, own["salt"], written)
        assert program.ask("PUT", path, {"choices": choices})[1] == own
        changed = program.ask("PUT", path, {"choices": {key(ideas[2]): 1}})[1]
        assert (changed["receipt"], changed["choices"]) == (own["receipt"], {key(ideas[2]): 1})
        assert program.ask("GET", path)[1] == changed
        back = program.ask("DELETE", path)[1]
        assert (back["choices"], back["commitment"]) == ({}, None)
        other = make_public_idea(make_contest()[1])
        for refused in (
            {},
            {key(other): 5},
            {"\x00": 1},
            {key(ideas[0]): 6},
            {key(ideas[0]): -1},
            {key(ideas[0]): True},
            {key(ideas[0]): 1.0},
            {key(ideas[0]): "5"},
            {key(ideas[0]): float("nan")},
        ):
            assert program.ask("PUT", path, {"choices": refused})[0] == 422, refused
        assert Api().ask("PUT", path, {"choices": choices})[0] == 401
        assert not VoteChoice.objects.exists()
    with after_the_vote():
        assert program.ask("PUT", path, {"choices": choices})[0] == 409


def test_totals_are_told_when_the_rules_say_and_the_file_with_the_result():
    _page, vote, ideas = make_voting("approval", vote_after_own=True)
    path = f"contests/{vote.ballot.engagement.public_id}"
    voter = make_citizen()
    assert Api().ask("GET", f"{path}/votes")[0] == 404
    with in_the_vote():
        cast(vote, ideas[:2], by=voter)
        cast(vote, ideas[:1])
        count_votes()
        told = Api().ask("GET", f"{path}/votes")[1]
        assert (told["voters"], told["open"], told["told"], told["result"]) == (
            2,
            True,
            False,
            None,
        )
        for sealed in ("standings", "ideas?sort=supported"):
            status, refused = Api().ask("GET", f"{path}/{sealed}")
            assert (status, refused["code"]) == (409, "sealed")
        assert Api(voter).ask("GET", f"{path}/standings")[1]["items"][0]["votes"] == 2
    with after_the_vote():
        assert Api().ask("GET", f"{path}/standings")[0] == 409
        tally_what_closed()
        rows = Api().ask("GET", f"{path}/standings")[1]["items"]
        assert [(row["id"], row["votes"], row["place"]) for row in rows] == [
            (key(ideas[0]), 2, 1),
            (key(ideas[1]), 1, 2),
            (key(ideas[2]), 0, 3),
        ]
        assert [
            one["votes"] for one in Api().ask("GET", f"{path}/ideas?sort=supported")[1]["items"]
        ] == [2, 1, 0]
        result = Api().ask("GET", f"{path}/votes")[1]["result"]
        assert (result["voters"], result["spoiled"]) == (2, 0)
        file = Client().get(local(result["file"]))
        content = b"".join(file.streaming_content)
        assert len(content) == result["size"]
        assert result["digest"].encode() in content.splitlines()[-1]


def test_a_list_takes_as_many_queries_for_fifty_as_for_two(contest):
    author = make_citizen("Mei")

    def queries(path: str) -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            assert Api().ask("GET", f"{path}?limit=100")[0] == 200
        return len(captured)

    paths = ("contests", f"contests/{contest.public_id}/ideas")
    for number in range(2):
        make_public_idea(contest, f"Idea {number}", account=author)
    make_contest(bureau=contest.owner)
    few = [queries(path) for path in paths]
    make_many_ideas(contest, 48)
    for _number in range(3):
        make_contest(bureau=contest.owner)
    assert [queries(path) for path in paths] == few
    assert max(few) <= 12
