"""'Did you mean' and titles under the box: what is put right, what is offered, nothing hidden."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from ideas.models import Idea
from search.asking import ask, opened
from search.completing import complete
from search.counting import count_tokens
from search.live import Narrowing
from search.models import SearchScope
from search.suggesting import suggest
from search.writing import rebuild
from tests.factories.ideas import make_contest, make_many_ideas, make_public_idea
from tests.search.counted import number_of_queries
from tests.search.live_index import put, put_scope

#: What stands in the index, by its number: language, title, body.
TEXTS = {
    1: ("zh-hant", "都市固體廢物收費", "都市固體廢物收費計劃按袋計算。"),
    2: ("zh-hans", "都市固体废物收费", "都市固体废物收费计划按袋计算。"),
    3: ("en", "Municipal solid waste charging", "Consultation on the charging scheme."),
    4: ("zh-hant", "重建觀塘裕民坊", "市區重建局重建裕民坊的小巴站。"),
    5: ("en", "Lifts for footbridges", "Barrier-free access; environment and government."),
    6: ("en", "Environment report", "The government's report on the environment."),
    7: ("zh-hant", "九龍城衞生情況", "街市的衞生情況。"),
}
#: What was typed, and what was meant.
SLIPS = [
    ("consultatoin", "consultation"),
    ("enviroment", "environment"),
    ("Goverment report", "Government report"),
    ("FOOTBRIGDES", "FOOTBRIDGES"),
    ("municipall solid waste", "municipal solid waste"),
    ("都市固體廢勿收費", "都市固體廢物收費"),
    ("都市固体废勿收费", "都市固体废物收费"),
    ("裕文坊", "裕民坊"),
    ("九龍城衛星情況", "九龍城衛生情況"),
    ("街市衞生情形", ""),
    ("charging scheem", "charging scheme"),
    # Right, or too far, or too short to tell.
    ("consultation", ""),
    ("垃圾", ""),
    ("zzyzxqq", ""),
    ("lfit", "lift"),
    ("lif", ""),
    ("裕文", ""),
    ("secretwrod", ""),
    ("秘密的計割", ""),
    ("…？！", ""),
    ("", ""),
]


@pytest.fixture
def texts(db: None) -> None:
    put_scope("open")
    put_scope("hidden", visible=False)
    for number, (language, title, body) in TEXTS.items():
        put(number, title, body, language=language)
    put(50, "Secretword of a plan", "秘密的計劃", scope="hidden", kind="idea", language="en")
    put(51, "Secretword of a plan", "秘密的計劃", scope="absent", kind="idea", language="en")
    count_tokens()


def meant(text: str, *, language: str = "zh-hant", shown: bool = True) -> str:
    now = clock.now()
    with opened() as index:
        found = ask(text, Narrowing(), sort="relevance", language=language, now=now, index=index)
        return suggest(
            text, found, language=language, now=now, index=index, is_shown=lambda _answer: shown
        )


def offered(text: str, *, language: str = "zh-hant") -> list[str]:
    """Titles under the box, past what their own app says of them."""
    return [each.text for each in complete(text, language=language, now=clock.now())]


@pytest.mark.db
@pytest.mark.django_db
@pytest.mark.usefixtures("texts")
class TestDidYouMean:
    def test_one_slip_is_put_right_by_what_public_texts_say(self):
        found = {text: meant(text) for text, _wanted in SLIPS}
        assert found == dict(SLIPS)

    def test_in_simplified_for_who_reads_it(self):
        assert meant("都市固体废勿收费", language="zh-hans") == "都市固体废物收费"

    def test_what_its_app_does_not_show_is_not_suggested(self):
        assert meant("enviroment", shown=False) == ""

    def test_what_becomes_hidden_is_suggested_no_more(self):
        assert meant("裕文坊") == "裕民坊"
        SearchScope.objects.filter(key="open").update(visible=False)
        assert {meant(text) for text, _wanted in SLIPS} == {""}

    @pytest.mark.parametrize(
        "text", ["x" * 5000, "abcd " * 900, "字" * 3000, "'\"%s*\\", "a\ud800b"]
    )
    def test_any_text_is_answered(self, text):
        assert meant(text) == ""


@pytest.fixture(scope="module")
def rooms(rows_of_the_module: None) -> dict[str, Any]:
    _page, contest = make_contest(title="Harbour ideas", moderation_policy="after")
    idea = make_public_idea(contest, "Harbour <b>cycling</b> track", text="By the promenade.")
    make_public_idea(contest, "單車徑在海濱", text="海濱的單車徑。")
    other = make_public_idea(contest, "Harbour bridges", text="Over water.")
    Idea.objects.filter(pk=other.pk).update(is_public=False)
    count_tokens()
    return {"contest": contest, "idea": idea}


def titles(text: str, language: str = "en") -> list[str]:
    response = Client().get(f"/{language}/search/complete/?q={quote(text)}")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    return [each["text"] for each in json.loads(response.content)["titles"]]


@pytest.mark.django_db
@pytest.mark.usefixtures("rooms")
class TestTitles:
    @pytest.mark.db
    @pytest.mark.parametrize(
        ("typed", "wanted"),
        [
            ("har", {"Harbour ideas", "Harbour <b>cycling</b> track"}),
            ("HARBOUR c", {"Harbour <b>cycling</b> track"}),
            ("harbour cycl", {"Harbour <b>cycling</b> track"}),
            ("cyclin", {"Harbour <b>cycling</b> track"}),
            ("cycling", {"Harbour <b>cycling</b> track"}),
            ("cycling ", {"Harbour <b>cycling</b> track"}),
            ("cyclings", set()),
            ("idea", {"Harbour ideas"}),
            ("單", {"單車徑在海濱"}),
            ("单车", {"單車徑在海濱"}),
            ("海濱 單車徑", {"單車徑在海濱"}),
            ("車海", set()),
            ("promenade", set()),
            ("h", set()),
            ("", set()),
            ("……'\"*%s", set()),
            ("\u202e", set()),
            ("secret", set()),
            # Its app does not show it any more, whatever the index says.
            ("bridg", set()),
        ],
    )
    def test_titles_go_on_as_what_is_typed(self, typed, wanted):
        found = titles(typed)
        assert set(found) == wanted
        assert len(found) == len(set(found))

    def test_the_reader_s_language_comes_first_and_an_object_once(self, rooms):
        assert titles("harbour i") == ["Harbour ideas"]
        assert titles("harbour i", "zh-hant") == ["譯：Harbour ideas"]

    def test_any_address_is_answered_and_nobody_keeps_it_for_others(self):
        for query in ("", "q=", "q=" + "x" * 9000, "q[]=har", "q=%ed%a0%80", "q=%27%22%5C%25s*"):
            response = Client().get(f"/en/search/complete/?{query}")
            assert response.status_code == 200, query
            assert response["Cache-Control"] == "private, max-age=30"
            assert "Set-Cookie" not in response
        assert Client().get("/en/search/complete/?q=%00har").status_code == 400
        assert Client().post("/en/search/complete/?q=har").status_code == 405

    def test_who_asks_too_often_waits(self, settings):
        settings.KAIFONG_LIMITS = {**settings.KAIFONG_LIMITS, "complete": ((2, 60),)}
        client = Client()
        address = "/en/search/complete/?q=har"
        assert [client.get(address).status_code for _again in range(3)] == [200, 200, 429]

    def test_the_page_asks_what_was_meant_and_never_by_what_its_app_hides(self):
        def asked(text: str) -> str:
            page = Client().get(f"/en/search/?q={quote(text)}").content.decode()
            found = re.search(r'Did you mean <a[^>]*href="([^"]*)">([^<]*)</a>', page)
            return f"{found[2]} {found[1]}" if found else ""

        assert asked("promenaed") == "promenade ?q=promenade"
        assert asked("cyclnig track") == "cycling track ?q=cycling+track"
        assert asked("harbour bridgse") == ""
        assert asked("cycling") == ""
        assert asked("<script>promenaed") == ""


@pytest.mark.db
@pytest.mark.django_db
def test_as_many_queries_for_fifty_titles_as_for_one_and_the_page_at_most_twelve(settings):
    settings.SYNONYMS_SECONDS = 60.0
    _page, contest = make_contest(moderation_policy="after", title="Text of a contest")
    rebuild()
    # The table of synonyms is read now, once for all.
    Client().get("/en/search/?q=text")
    counts = []
    for number in (1, 50):
        make_many_ideas(contest, number)
        rebuild()
        for path in ("complete/?q=tex", "?q=textt"):
            with CaptureQueriesContext(connection) as caught:
                Client().get(f"/en/search/{path}")
            counts.append(number_of_queries(caught))
            assert counts[-1] <= 12, "\n".join(each["sql"] for each in caught)
    assert counts[:2] == counts[2:]
