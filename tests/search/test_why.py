"""Why a hit ranks: the page's numbers are the ranking's own."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from ideas.models import Idea
from search.asking import BANDS, Watch, ask
from search.counting import count_tokens
from search.insight.why import explain
from search.live import Narrowing
from search.models import SearchAsked, SearchDoc
from tests.factories.accounts import make_administrator
from tests.factories.ideas import make_contest, make_public_idea

pytestmark = pytest.mark.django_db
DESK = "/cms/searches/why/"


@pytest.fixture(scope="module")
def ideas(rows_of_the_module: None) -> list[Idea]:
    _page, contest = make_contest(title="Contest", moderation_policy="after")
    texts = [
        ("垃圾收費", "垃圾收費。" * 3),
        ("Bins", "垃圾收費 and bins."),
        ("Roads", "A 垃圾 road."),
    ]
    made = [make_public_idea(contest, title, text=text) for title, text in texts]
    count_tokens()
    return made


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(make_administrator())
    return client


@pytest.mark.usefixtures("ideas")
class TestTheNumbers:
    def test_they_are_those_of_the_order(self):
        now = clock.now()
        w = Watch()
        watched = ask("垃圾收費", Narrowing(), sort="relevance", language="en", now=now, watch=w)
        plain = ask("垃圾收費", Narrowing(), sort="relevance", language="en", now=now)
        assert [hit.number for hit in watched.hits] == [hit.number for hit in plain.hits]
        why = explain("垃圾收費", language="en", now=now)
        assert [hit.position for hit in why.hits] == [1, 2]
        for hit in why.hits:
            account = hit.account
            assert account is not None
            points = sum(part.points for part in account.parts)
            assert account.score == pytest.approx(points * account.share)
            best = max(each.score for each in w.ledger.accounts.values())
            assert hit.band == int(account.score / best * BANDS)
        assert why.hits[0].account.score > why.hits[1].account.score
        for number, account in w.ledger.accounts.items():
            row = SearchDoc.objects.get(pk=number)
            for part in account.parts:
                assert part.in_title == row.title_plain.count(part.text)
                assert part.in_body == row.body_plain.count(part.text)

    def test_what_is_looked_up_and_what_is_left_out(self):
        now = clock.now()
        why = explain("what is the 垃圾收费 road", language="en", now=now)
        assert why.needed == ["垃圾收费", "road"]
        assert why.left_out == ["what", "is", "the"]
        assert not why.whole
        assert {token.text for token in why.tokens} <= {"垃圾", "圾收", "收费", "road"}
        assert {token.text: token.documents for token in why.tokens}["收费"] == 2
        nothing = explain("…", language="en", now=now)
        assert (nothing.needed, nothing.hits, nothing.tokens) == ([], [], [])


class TestThePage:
    def test_it_explains_and_counts_nothing(self, admin, ideas):
        text = admin.get(DESK, {"q": "垃圾收費"}).content.decode()
        assert "<mark>垃圾收費</mark>" in text
        shown = re.findall(r"<dt>Score</dt><dd>([\d.]+)</dd>", text)
        now = clock.now()
        hits = explain("垃圾收費", language="en", now=now).hits
        assert shown == [f"{hit.account.score:.3f}" for hit in hits if hit.account]
        Idea.objects.filter(pk=ideas[0].pk).update(is_public=False)
        text = admin.get(DESK, {"q": "垃圾收費"}).content.decode()
        assert "1 of the first is not shown" in text
        assert len(re.findall("<dt>Score</dt>", text)) == 1
        assert not SearchAsked.objects.exists()

    @pytest.mark.parametrize(
        "query", ["q=", "q=%00x", "q=x&language=xx", "q=" + "x" * 3000, "q=" + "%22" * 900, "q=…"]
    )
    def test_any_query_is_answered(self, admin, query):
        assert admin.get(f"{DESK}?{query}").status_code in {200, 400}

    def test_as_many_queries_for_ten_hits_as_for_one(self, admin, ideas):
        counts = []
        for query in ("bins", "垃圾"):
            admin.get(DESK, {"q": query})
            with CaptureQueriesContext(connection) as caught:
                admin.get(DESK, {"q": query})
            counts.append(len(caught))
        assert counts[0] == counts[1]
