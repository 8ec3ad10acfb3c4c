"""S1 to S10 of the list of bad input, at every way to search: page, API, feed, description."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.test import Client

from core import limits
from core.exceptions import TooMany
from ideas.models import Idea
from search.models import SearchOpened
from search.turns import AT_ONCE, LONGEST
from tests.factories.ideas import make_contest, make_idea, make_public_idea
from tests.factories.participation import decide

pytestmark = pytest.mark.django_db

PAGE, FEED, API = "/en/search/", "/en/search/feed/", "/api/v1/search"
DESCRIPTION = "/en/search/opensearch.xml"
LONG = (
    "the quick numbat leaps over lazy wombats beside seven rivers while nobody counts bags today "
    "since eleven drivers carried forty heavy boxes"
)
#: What of the list a query is, the query, and what page, API and feed answer.
TABLE: list[tuple[str, str, int, int, int]] = [
    ("S1 quotes", "q=" + quote('"' * 3000), 200, 422, 200),
    ("S1 brackets", "q=" + quote("(" * 900 + "numbat"), 200, 200, 200),
    ("S1 stars", "q=" + quote("* a*b*c*"), 200, 200, 200),
    ("S1 expression", "q=" + quote("/.*.*x/"), 200, 200, 200),
    ("S1 field", "q=" + quote("field:secret _exists_:a"), 200, 200, 200),
    (
        "S1 engines",
        "q=" + quote("numbat AND (NOT x) NEAR/2 ^t & | <-> :* {!x}"),
        200,
        200,
        200,
    ),
    ("S1 short", "q=" + quote('"numbat'), 200, 200, 200),
    ("S2 minus", "q=numbat&page=-1", 200, 422, 200),
    ("S2 huge", "q=numbat&page=1000000000", 200, 422, 200),
    ("S2 deep", "q=numbat&page=9999", 200, 404, 200),
    ("S2 word", "q=numbat&page=abc", 200, 422, 200),
    ("S2 script", "q=numbat&page=%3Cscript%3E&limit=%3Cscript%3E", 200, 422, 200),
    ("S2 rows", "q=numbat&limit=1000000", 200, 422, 200),
    ("S3 sort", "q=numbat&sort=pg_sleep(5)", 200, 422, 200),
    ("S3 column", "q=numbat&sort=scope__key", 200, 422, 200),
    ("S3 order", "q=numbat&order_by=pg_sleep(5)&scope__visible=0&body__regex=.", 200, 200, 200),
    ("S3 kind", "q=numbat&kind=secret", 200, 422, 200),
    ("S3 state", "q=numbat&state=hidden", 200, 422, 200),
    ("S3 bureau", "q=numbat&bureau=%27;--", 200, 422, 200),
    ("S3 topic", "q=numbat&topic=Transport", 200, 422, 200),
    ("S3 district", "q=numbat&district=%27--", 200, 422, 200),
    ("S3 language", "q=numbat&language=xx-y__z", 200, 422, 200),
    ("S3 many", "q=numbat" + "&kind=idea" * 900, 200, 422, 200),
    ("S6 one", "q=" + quote("諮"), 200, 200, 200),
    ("S6 mixed", "q=" + quote("😀🎉 numbat 𨋢 諮詢咨询 ＡＩ"), 200, 200, 200),
    ("S6 signs", "q=" + quote("……！？，。"), 200, 200, 200),
    ("S6 marks", "q=" + quote("\u202enumbat\u200f\u2066"), 200, 200, 200),
    ("S7 NUL", "q=numbat%00", 400, 400, 400),
    ("S7 not UTF-8", "q=%ff%fenumbat%c0%80", 200, 200, 200),
    ("S7 surrogate", "q=%ed%a0%80numbat", 200, 200, 200),
    ("S10 number", "q=1e1000000&page=1e1000000", 200, 422, 200),
    ("S10 injection", "q=" + quote("'; DROP TABLE search_searchdoc; -- %s {0}"), 200, 200, 200),
    ("long words", "q=" + "+".join(["word"] * 190), 200, 200, 200),
    ("5,000 terms", "q=" + "+".join(["word"] * 5000), 200, 422, 200),
    ("10,000 letters", "q=" + quote("垃" * 10_000), 200, 422, 200),
    ("1,200 fields", "q=numbat" + "&a=1" * 1200, 400, 400, 400),
    ("nothing", "", 200, 422, 200),
]


@pytest.fixture(scope="module")
def world(rows_of_the_module: None) -> dict[str, Any]:
    _page, contest = make_contest(title="Numbat ideas", moderation_policy="before")
    idea = make_public_idea(contest, "Numbat bridges", text=LONG)
    make_idea(contest, "Numbat secretheld", text="secretheld")
    withheld = make_idea(contest, "Numbat secretwithheld", text="secretwithheld")
    decide(withheld.contribution, "withhold")
    return {"idea": idea, "contest": contest}


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("door", "column"), [(PAGE, 0), (API, 1), (FEED, 2)], ids=["page", "api", "feed"]
)
def test_whatever_is_asked_is_answered(door: str, column: int) -> None:
    client = Client()
    for name, query, *expected in TABLE:
        cache.clear()
        response = client.get(f"{door}?{query}")
        assert response.status_code == expected[column], (name, response.content[:300])
        text = response.content.decode()
        # What was asked may be repeated; nothing of it is ever a tag.
        assert "<script>" not in text, name
        assert "secretheld" not in text, name
        assert "secretwithheld" not in text, name
        if door == FEED and response.status_code == 200:
            ElementTree.fromstring(text)


def test_the_description_reads_nothing() -> None:
    for name, query, *_expected in TABLE:
        response = Client().get(f"{DESCRIPTION}?{query}")
        assert response.status_code == (400 if name in {"S7 NUL", "1,200 fields"} else 200), name


def found(door: str, query: str) -> str:
    response = Client().get(f"{door}?{query}")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.usefixtures("world")
class TestNothingHidden:
    """S4, S5."""

    @pytest.mark.parametrize("door", [PAGE, API, FEED])
    def test_what_is_held_or_withheld_is_neither_hit_nor_count(self, door):
        text = found(door, "q=numbat")
        assert "secret" not in text
        assert "bridges" in text
        for secret in ("secretheld", "secretwithheld"):
            assert "Numbat" not in found(door, f"q={secret}").replace("Numbat ideas", "")
        kinds = Client().get(API, {"q": "numbat"}).json()["facets"]["kind"]
        assert kinds == {"contest": 1, "idea": 1}

    @pytest.mark.parametrize("door", [PAGE, API, FEED])
    def test_a_stale_index_shows_nothing(self, world, door):
        Idea.objects.filter(pk=world["idea"].pk).update(is_public=False)
        assert "bridges</mark>" not in found(door, "q=numbat+bridges")
        assert world["idea"].contribution.public_id not in found(door, "q=numbat")


@pytest.mark.usefixtures("world")
class TestManyAtOnce:
    """S8: two long questions of one address at the same time; short ones do not wait."""

    def busy(self, places: int = AT_ONCE) -> ExitStack:
        stack = ExitStack()
        for _place in range(places):
            stack.enter_context(
                limits.at_once("search_at_once", "address:127.0.0.1", most=AT_ONCE, seconds=LONGEST)
            )
        return stack

    @pytest.mark.parametrize("door", [PAGE, API, FEED])
    def test_a_third_long_question_is_told_to_wait(self, door):
        client = Client()
        with self.busy():
            refused = client.get(door, {"q": LONG})
            assert refused.status_code == 429
            assert int(refused["Retry-After"]) >= 1
            assert "still running" in refused.content.decode()
            assert client.get(door, {"q": "numbat bridges"}).status_code == 200
            assert Client(REMOTE_ADDR="10.9.9.9").get(door, {"q": LONG}).status_code == 200
        with self.busy(AT_ONCE - 1):
            # Its place is given back each time.
            for _again in range(3):
                assert client.get(door, {"q": LONG}).status_code == 200

    def test_a_place_is_given_back_when_it_fails_and_ends_by_itself(self):
        def hold() -> Any:
            return limits.at_once("some", "key", most=1, seconds=60)

        with pytest.raises(ValueError, match="failed"), hold():
            raise ValueError("failed")
        with hold(), pytest.raises(TooMany), hold():
            pass
        with hold():
            cache.clear()
            with hold():
                pass

    def test_a_store_that_is_away_refuses_nobody(self, monkeypatch):
        def away(*_args: object, **_options: object) -> None:
            raise ConnectionError("away")

        for name in ("add", "delete", "incr"):
            monkeypatch.setattr(type(cache._connections["default"]), name, away)
        assert Client().get(PAGE, {"q": LONG}).status_code == 200


@pytest.mark.usefixtures("world")
class TestWhereFrom:
    """S9: whose page a reader comes from is compared whole, not by its end."""

    @pytest.mark.parametrize(
        "host", ["eviltestserver", "testserver.evil.example", "testserver:81", "a@testserver", ""]
    )
    def test_another_s_page_of_hits_is_none(self, world, host):
        path = f"/en/ideas/{world['idea'].contribution.public_id}/"
        for number in range(5):
            client = Client(REMOTE_ADDR=f"10.0.0.{number}")
            client.get(PAGE, {"q": "numbat"})
            client.get(path, headers={"Referer": f"http://{host}{PAGE}?q=numbat"})
        from search.insight.gathering import gather

        gather()
        assert not SearchOpened.objects.exists()


def test_feeds_of_one_question_say_which_filters_they_have(world) -> None:
    bureau = world["contest"].owner.slug
    titles = []
    for query in ("q=numbat", "q=numbat&kind=idea", f"q=numbat&kind=idea&bureau={bureau}"):
        root = ElementTree.fromstring(found(FEED, query))
        titles.append(root.find("{http://www.w3.org/2005/Atom}title").text)
    assert len(set(titles)) == 3
    assert titles[0].startswith("Search: numbat – ")
    assert titles[1].startswith("Search: numbat (Idea) – ")
    assert f"Idea · {world['contest'].owner}" in titles[2]
