"""What the box offers around its hits: the same answers on every engine, on the whole way.

Titles while typing, 'did you mean', facets, date, topic and district, and the quotation. The
database's own index on SQLite and PostgreSQL, and Elasticsearch beside PostgreSQL.
"""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client, override_settings

from core import clock
from search import feeding
from search.breaker import breaker
from search.counting import count_tokens
from search.filing import filed
from search.models import SearchDoc, SearchScope
from search.tasks import telling
from search.writing import rebuild
from tests.factories.consultations import chapter, make_paper
from tests.factories.consultations import paragraph as para
from tests.factories.engagements import make_bureau
from tests.factories.ideas import make_contest, make_idea, make_public_idea
from tests.search.conftest import need_elasticsearch

pytestmark = [pytest.mark.db, pytest.mark.django_db, pytest.mark.usefixtures("engine_asked")]


@pytest.fixture(scope="module")
def texts(rows_of_the_module: None) -> None:
    """A paper of two chapters, a contest with public ideas, and one idea that nobody may see."""
    _page, paper = make_paper(
        title="Wombat charging scheme",
        bureau=make_bureau("EPD"),
        body=[
            chapter(
                "c1",
                "Background",
                para("p1", "Everybody pays by the bag. " * 30),
                para("p2", "The wombat levy begins in 2027."),
            ),
            chapter("c2", "垃圾收費的安排", para("p3", "都市固體廢物收費計劃按袋計算。")),
        ],
    )
    _page, contest = make_contest(
        title="Wombat ideas", bureau=make_bureau("LCSD"), moderation_policy="before", closes=3
    )
    make_public_idea(contest, "Wombat bridges", text="重建裕民坊的小巴站。")
    near = make_public_idea(contest, "Wombat benches", text="In the shade.")
    make_idea(contest, "Wombat secretheld", text="秘密的計劃")
    rebuild()
    for engagement, topics, districts in (
        (paper, ["environment"], ["sha-tin", "north"]),
        (contest, ["transport"], ["sha-tin"]),
    ):
        SearchScope.objects.filter(key=engagement.public_id).update(
            topics=filed(topics), districts=filed(districts)
        )
    SearchDoc.objects.filter(kind="idea", object_id=near.pk).update(
        districts=filed(["tai-po"]), at=clock.now() - dt.timedelta(days=20)
    )
    count_tokens()


@pytest.fixture(
    scope="module",
    params=["database", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)],
)
def engine_asked(request: pytest.FixtureRequest, texts: None) -> Iterator[str]:
    """Every question of the module goes to this one."""
    if request.param == "database":
        yield "database"
        return
    need_elasticsearch()
    name = f"kaifong-test-{uuid4().hex}"
    named = {**settings.ELASTICSEARCH, "INDEX": name}
    with override_settings(SEARCH_ENGINE="elasticsearch", ELASTICSEARCH=named):
        breaker.answered()
        telling.answered()
        feeding.build()
        yield "elasticsearch"
        with feeding.connected() as client:
            for index in client.indices.get(index=f"{name}*"):
                client.indices.delete(index=index)


@pytest.fixture(autouse=True)
def none_from_the_reserve(engine_asked: str) -> Iterator[None]:
    yield
    assert breaker.passes(), "Elasticsearch did not answer, the database did."


def page(text: str, language: str = "en", **filters: str) -> str:
    response = Client().get(f"/{language}/search/?{urlencode({'q': text, **filters})}")
    assert response.status_code == 200
    found = response.content.decode()
    assert "Our main search is away" not in found
    return found


def api(text: str, **filters: str) -> Any:
    response = Client().get("/api/v1/search", {"q": text, **filters})
    assert response.status_code == 200
    return response.json()


def titles(found: Any) -> set[str]:
    return {"".join(piece["text"] for piece in hit["title"]) for hit in found["items"]}


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("wom", {"Wombat charging scheme", "Wombat ideas", "Wombat bridges", "Wombat benches"}),
        ("WOMBAT b", {"Wombat bridges", "Wombat benches"}),
        ("wombat bench", {"Wombat benches"}),
        ("垃圾", {"垃圾收費的安排"}),
        ("垃圾收费", {"垃圾收費的安排"}),
        ("收垃", set()),
        ("secreth", set()),
        ("levy", set()),
    ],
)
def test_titles_while_typing(typed, wanted):
    response = Client().get(f"/en/search/complete/?q={quote(typed)}")
    found = {each["text"] for each in json.loads(response.content)["titles"]}
    assert {each.removeprefix("譯：") for each in found} == wanted


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("wombta", "wombat"),
        ("wombat brigdes", "wombat bridges"),
        ("裕文坊", "裕民坊"),
        ("都市固體廢勿收費", "都市固體廢物收費"),
        ("wombat", ""),
        ("secrethled", ""),
        ("秘密的計割", ""),
        ("zzyzxqq", ""),
    ],
)
def test_did_you_mean(typed, wanted):
    text = page(typed)
    found = re.search(r'Did you mean <a[^>]*href="[^"]*">([^<]*)</a>', text)
    assert (html.unescape(found[1]) if found else "") == wanted


def test_facets_count_beside_each_other():
    facets = api("wombat")["facets"]
    assert facets["kind"] == {"consultation": 1, "contest": 1, "idea": 2, "chapter": 1}
    assert facets["state"] == {"open": 5, "closing": 3}
    assert facets["bureau"] == {"epd": 2, "lcsd": 3}
    assert facets["topic"] == {"environment": 2, "transport": 3}
    assert facets["district"] == {"sha-tin": 4, "north": 2, "tai-po": 1}
    assert api("wombat", kind="idea")["facets"]["kind"] == facets["kind"]
    assert api("wombat", kind="idea")["facets"]["bureau"] == {"lcsd": 2}


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        ({"topic": "transport"}, {"Wombat ideas", "Wombat bridges", "Wombat benches"}),
        ({"district": "north"}, {"Wombat charging scheme", "Background"}),
        ({"district": "tai-po"}, {"Wombat benches"}),
        ({"date": "month", "kind": "idea"}, {"Wombat bridges", "Wombat benches"}),
        ({"date": "week", "kind": "idea"}, {"Wombat bridges"}),
        ({"date": "older"}, set()),
        ({"bureau": "epd", "district": "sha-tin"}, {"Wombat charging scheme", "Background"}),
        ({"topic": "transport", "district": "north"}, set()),
    ],
)
def test_date_topic_and_district_narrow(filters, wanted):
    assert titles(api("wombat", **filters)) == wanted


@pytest.mark.parametrize(
    ("asked", "language", "number"),
    [
        ("When does the wombat levy begin?", "en", "1.2"),
        ("都市固体废物怎样收费？", "zh-hant", "2.1"),
        ("都市固體廢物點樣收費？", "zh-hant", "2.1"),
        ("wombat levy", "en", ""),
        ("When is secretheld wombat?", "en", ""),
        ("Where can zzyzx xyzzy plugh?", "en", ""),
    ],
)
def test_a_question_is_answered_by_a_paragraph(asked, language, number):
    found = re.search(r'<figure class="hk-quotation">.*?</figure>', page(asked, language), re.S)
    assert (re.search(r"\d\.\d", found[0])[0] if found else "") == number
