"""The register: filters mean what they say, counts are true, any address is answered."""

import datetime as dt

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from consultations.actions.search_text import refresh_search_text
from consultations.register import StateFilter, look_up, read_filters
from core import clock
from participation.models import Engagement, Outcome
from tests.factories.engagements import make_bureau, make_draft, make_engagement
from tests.factories.reports import make_questionnaire

pytestmark = [pytest.mark.django_db]

DAY = dt.timedelta(days=1)


def find(query: str = "", now: dt.datetime | None = None):
    return look_up(read_filters(QueryDict(query)), now or clock.now())


def titles(query: str = "") -> list[str]:
    return [engagement.title["en"] for engagement in find(query).page.object_list]


@pytest.fixture
def papers() -> dict[str, Engagement]:
    epd, lcsd = make_bureau("EPD"), make_bureau("LCSD")
    rows = {
        "open": make_engagement(title="Waste charging", bureau=epd, closes=40 * DAY),
        "soon": make_engagement(title="Library hours", bureau=lcsd, closes=3 * DAY),
        "upcoming": make_engagement(title="Country parks", bureau=epd, opens=5 * DAY),
        "owed": make_engagement(
            title="Taxi fares",
            bureau=epd,
            opens=-90 * DAY,
            closes=-60 * DAY,
            response_due=dt.date(2026, 1, 1),
        ),
        "answered": make_engagement(
            title="Beach signs", bureau=lcsd, opens=-90 * DAY, closes=-30 * DAY
        ),
    }
    Outcome.objects.create(
        engagement=rows["answered"],
        text={"en": "Done."},
        published_at=clock.now(),
        updated_at=clock.now(),
    )
    make_draft(epd, "Secret draft")
    for row in rows.values():
        refresh_search_text(row)
    return rows


def test_open_ones_come_first_soonest_close_first_and_no_draft(papers) -> None:
    assert titles() == [
        "Library hours",
        "Waste charging",
        "Country parks",
        "Beach signs",
        "Taxi fares",
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("state=open", ["Library hours", "Waste charging"]),
        ("state=closing", ["Library hours"]),
        ("state=upcoming", ["Country parks"]),
        ("state=closed", ["Beach signs", "Taxi fares"]),
        ("state=owed", ["Taxi fares"]),
        ("state=outcome", ["Beach signs"]),
        ("state=closing&state=upcoming", ["Library hours", "Country parks"]),
        ("bureau=lcsd", ["Library hours", "Beach signs"]),
        ("bureau=lcsd&state=open", ["Library hours"]),
        ("bureau=lcsd&bureau=epd&state=owed", ["Taxi fares"]),
        ("bureau=nobody", []),
        ("q=waste", ["Waste charging"]),
        ("q=WASTE+charging", ["Waste charging"]),
        ("q=waste+library", []),
        (
            "q=%20%20",
            ["Library hours", "Waste charging", "Country parks", "Beach signs", "Taxi fares"],
        ),
    ],
)
def test_filters(papers, query: str, expected: list[str]) -> None:
    assert titles(query) == expected


def test_counts_of_each_facet_are_what_choosing_it_gives(papers) -> None:
    for base in ("", "bureau=epd", "q=waste"):
        register = find(base)
        for option in register.states:
            assert option.count == find(f"{base}&state={option.value}").total, (base, option)
    for base in ("", "state=open", "state=closed"):
        for option in find(base).bureaux:
            assert option.count == find(f"{base}&bureau={option.value}").total, (base, option)


@pytest.mark.parametrize(
    "query",
    [
        "page=-1",
        "page=0",
        "page=1_0",
        "page=999999999999",
        "page=%D9%A1",
        "state=nonsense",
        "bureau=../../etc",
        "bureau=" + "a" * 500,
        "q=%22quoted",
        "q=%25%5F%27%3B--",
        "q=" + "%E5%9E%83" * 200,
        "q=%00%01",
        "order_by=pg_sleep(9)",
        "owner__name=x",
    ],
)
def test_nonsense_is_dropped_and_never_an_error(papers, query: str) -> None:
    register = find(query)
    assert register.page.number == 1
    assert register.total >= 0


def test_a_page_too_far_shows_the_last_one(papers) -> None:
    assert find("page=99").page.number == 1


@pytest.mark.parametrize("word", ["廢物", "废物", "WASTE"])
def test_a_word_is_found_in_any_script(word: str) -> None:
    paper = make_engagement(title="Waste")
    paper.summary = {"zh-hant": "都市固體廢物收費的安排"}
    paper.save()
    refresh_search_text(paper)
    assert find(f"q={word}").total == 1


@pytest.mark.parametrize("word", ["擺攤", "摆摊", "STALL"])
def test_the_words_of_a_question_and_of_its_options_are_found(word: str) -> None:
    paper = make_engagement(title="Night market")
    questionnaire = make_questionnaire(paper)
    question = questionnaire.questions.get(block_id="one")
    question.title = {"en": "Would you keep a stall?", "zh-hant": "你會參加嗎？"}
    question.save()
    question.options.filter(order=1).update(label={"en": "Yes", "zh-hant": "會來擺攤"})
    refresh_search_text(paper)
    assert find(f"q={word}").total == 1
    questionnaire.questions.update(retired_at=paper.opens_at)
    refresh_search_text(paper)
    assert find(f"q={word}").total == 0


def test_a_hit_in_the_title_comes_before_one_in_the_text() -> None:
    in_text = make_engagement(title="Libraries", closes=1 * DAY)
    in_text.summary = {"en": "Also about parks."}
    in_text.save()
    in_title = make_engagement(title="Parks", closes=90 * DAY)
    for paper in (in_text, in_title):
        refresh_search_text(paper)
    assert titles("q=parks") == ["Parks", "Libraries"]


def test_taking_a_filter_away_keeps_the_others(papers) -> None:
    chosen = find("q=waste&state=open&bureau=epd").chosen
    assert [tag["text"] for tag in chosen] == [
        "waste",
        str(StateFilter.OPEN.label),
        "Department EPD",
    ]
    assert chosen[0]["href"] == "?state=open&bureau=epd"
    assert chosen[1]["href"] == "?q=waste&bureau=epd"
    assert chosen[2]["href"] == "?q=waste&state=open"


def test_as_many_queries_for_one_as_for_fifty() -> None:
    counts = []
    for number in (1, 49):
        for index in range(number):
            make_engagement(title=f"Paper {number} {index}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            register = find("state=open")
            list(register.page.object_list)
        counts.append(len(queries))
    assert counts[0] == counts[1], [query["sql"] for query in queries]
