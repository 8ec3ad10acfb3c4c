"""What is looked for: counted by visitors and days, small counts nowhere, nobody in it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import pickle
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock, schedule
from core.disclosure import LEAST
from ideas.models import Idea
from search.insight import counting
from search.insight.gathering import KEPT, forget, gather
from search.insight.personal import countable
from search.models import SearchAsked, SearchOpened
from tests.factories.accounts import make_administrator
from tests.factories.consultations import chapter, make_paper
from tests.factories.consultations import paragraph as para
from tests.factories.ideas import make_contest, make_public_idea

pytestmark = [pytest.mark.django_db]

NOON = dt.datetime(2026, 12, 1, 4, tzinfo=dt.UTC)
DAY = dt.date(2026, 12, 1)
PAGE = "/en/search/"
DESK = "/cms/searches/"


@pytest.fixture(scope="module")
def world(rows_of_the_module: None) -> dict[str, Any]:
    with clock.freeze(NOON - dt.timedelta(days=3)):
        make_paper(
            title="Numbat charging scheme",
            body=[chapter("c1", "Background", para("p1", "The numbat pays 諮詢."))],
        )
        _page, contest = make_contest(title="Numbat ideas", moderation_policy="after")
        idea = make_public_idea(contest, "Numbat bridges", text="Over every road.")
    return {"idea": idea}


@pytest.fixture(autouse=True)
def at_noon():
    with clock.freeze(NOON):
        yield


def ask(text: str, visitors: int, *, page: str = PAGE, begin: int = 1) -> None:
    for number in range(begin, begin + visitors):
        found = Client(REMOTE_ADDR=f"10.0.0.{number}").get(page, {"q": text})
        assert found.status_code == 200


def follow(path: str, query: str, visitors: int, *, page: str = PAGE, begin: int = 1) -> None:
    for number in range(begin, begin + visitors):
        came = {"Referer": f"http://testserver{page}?{query}"}
        Client(REMOTE_ADDR=f"10.0.0.{number}").get(path, headers=came)


def kept() -> dict[str, tuple[int, int, int]]:
    gather()
    rows = SearchAsked.objects.values_list("words", "asked", "near", "nothing")
    return {words: (asked, near, nothing) for words, asked, near, nothing in rows}


@pytest.mark.usefixtures("world")
class TestWhatIsCounted:
    def test_a_question_is_kept_from_the_fifth_visitor_on(self):
        ask("numbat", LEAST - 1)
        assert kept() == {}
        ask("Numbat ", 1, begin=LEAST)
        assert kept() == {"numbat": (5, 0, 0), "": (5, 0, 0)}
        ask("numbat", 2, begin=LEAST + 1)
        assert kept()["numbat"] == (7, 0, 0)

    def test_reloading_counts_once_and_so_does_any_script(self):
        for _again in range(3):
            ask("諮詢", LEAST - 1)
            ask("咨询", LEAST - 1)
        assert kept() == {}
        ask("咨询", 1, begin=LEAST)
        assert set(kept()) == {"咨询", ""}

    def test_a_new_day_counts_anew(self):
        ask("numbat", LEAST - 1)
        with clock.freeze(NOON + dt.timedelta(days=1)):
            ask("numbat", LEAST - 1)
            gather()
        assert not SearchAsked.objects.exists()
        ask("numbat", 1, begin=LEAST)
        with clock.freeze(dt.datetime(2026, 12, 1, 17, tzinfo=dt.UTC)):
            # One in the morning: what was counted yesterday is still written down.
            gather()
        assert [row.day for row in SearchAsked.objects.filter(words="numbat")] == [DAY]

    def test_found_in_part_and_not_at_all(self):
        ask("numbat zzyzx", LEAST)
        ask("zzyzx", LEAST + 1)
        found = kept()
        assert found["numbat zzyzx"] == (5, 5, 0)
        assert found["zzyzx"] == (6, 0, 6)
        assert found[""] == (11, 5, 6)

    def test_only_whole_pages_that_people_ask_for(self):
        ask("numbat&kind=idea", LEAST)  # A question like any other: the address quotes it.
        for number in range(LEAST):
            client = Client(REMOTE_ADDR=f"10.0.1.{number}")
            client.get(f"{PAGE}?q=numbat&kind=idea")
            client.get(f"{PAGE}?q=numbat&page=2")
            client.head(f"{PAGE}?q=numbat")
            client.get(f"{PAGE}?q=numbat", headers={"Sec-Purpose": "prefetch;prerender"})
            client.get("/api/v1/search?q=numbat")
            client.get("/en/search/feed/?q=numbat")
        assert "numbat" not in kept()

    def test_nobody_fills_the_table(self, monkeypatch):
        monkeypatch.setattr(counting, "MOST_A_VISITOR", 3)
        for number in range(5):
            ask(f"numbat {'x' * number}", LEAST)
        assert len([words for words in kept() if words]) == 3
        monkeypatch.setattr(counting, "MOST_A_DAY", 0)
        ask("bridges", LEAST, begin=50)
        assert "bridges" not in kept()

    def test_a_cache_that_was_emptied_lowers_nothing(self):
        ask("numbat", 8)
        kept()
        cache.clear()
        ask("numbat", 6)
        assert kept()["numbat"][0] == 8

    def test_nothing_stored_leads_to_anybody(self):
        """Neither words of few nor an address stand anywhere in the cache or the database."""
        ask("zzyzx", LEAST - 1)
        ask("me@example.com", LEAST)
        store = pickle.dumps([cache._cache, list(cache._cache)])  # type: ignore[attr-defined]
        for secret in (b"zzyzx", b"10.0.0.", b"example.com"):
            assert secret not in store
        fields = {
            field.name
            for model in (SearchAsked, SearchOpened)
            for field in model._meta.get_fields()
        }
        assert fields == {
            *("id", "day", "language", "folded", "words", "asked", "near", "nothing"),
            *("kind", "object_id", "opened"),
        }

    def test_a_cache_that_is_away_leaves_the_page(self, monkeypatch):
        def away(*_args: object, **_options: object) -> None:
            raise ConnectionError("away")

        for name in ("get", "add", "set", "incr", "get_many"):
            monkeypatch.setattr(type(cache._connections["default"]), name, away)
        ask("numbat", 1)
        follow("/en/consultations/", "q=numbat", 1)

    def test_counting_asks_the_database_nothing(self, monkeypatch, settings):
        settings.SYNONYMS_SECONDS = 60.0
        Client().get(PAGE, {"q": "numbat"})
        with CaptureQueriesContext(connection) as counted:
            Client(REMOTE_ADDR="10.0.0.77").get(PAGE, {"q": "numbat"})
        monkeypatch.setattr("search.views.note_asked", lambda *_args, **_options: None)
        with CaptureQueriesContext(connection) as without:
            Client(REMOTE_ADDR="10.0.0.78").get(PAGE, {"q": "numbat"})
        assert len(counted) == len(without) <= 12


class TestWhatMayNameSomebody:
    @pytest.mark.parametrize(
        "text",
        [
            *("me@example.com", "me＠example.com", "chan tai man gmail.com", "@chantaiman"),
            *("https://example.com/x", "www example", "23456789", "2345 6789", "+852 2345-6789"),
            *("２３４５６７８９", "9 8 7 6 5 4", "A123456(7)", "a1234567", "AB123456", "٢٣٤٥٦٧٨٩"),
            *("二三四五六七八九", "電話 二三四五 六七八九", "4111 1111 1111 1111", "12/03/1985"),
            *("2024 2025", "2025-27", "12025-26", "kf-7h3m-9qx2", "x" * 61, "垃" * 61),
            *("…", "", "\u200b"),
        ],
    )
    def test_it_is_never_counted(self, text):
        assert countable(text) is None

    @pytest.mark.parametrize(
        "text",
        [
            *("垃圾收費", "MTR 票價", "2025-26 budget", "2025/26 施政報告", "policy address 2026"),
            *("covid-19", "5g", "10,000 flats", "第二十條", "區議會", "Flat B", "三隧分流"),
        ],
    )
    def test_what_many_look_for_is(self, text):
        assert countable(text) is not None

    @pytest.mark.usefixtures("world")
    def test_it_is_in_the_day_s_sum_alone(self):
        ask("A123456(7)", LEAST)
        assert kept() == {"": (5, 0, 5)}


class TestWhatIsOpened:
    def test_a_hit_opened_from_its_page_counts_once_a_visitor(self, world):
        path = f"/en/ideas/{world['idea'].contribution.public_id}/"
        ask("numbat", LEAST)
        for _again in range(2):
            follow(path, "q=numbat", LEAST)
        gather()
        (row,) = SearchOpened.objects.all()
        assert (row.words, row.kind, row.object_id, row.opened) == (
            "numbat",
            "idea",
            world["idea"].pk,
            5,
        )

    def test_the_words_of_few_and_places_that_are_no_hits_count_nowhere(self, world):
        path = f"/en/ideas/{world['idea'].contribution.public_id}/"
        ask("numbat", LEAST)
        follow(path, "q=numbat", LEAST - 1)
        # Not this question's, not asked at all, another site's, nonsense.
        follow("/en/consultations/", "q=numbat", LEAST)
        follow(path, "q=bridges", LEAST)
        follow(path, "q=" + "&q=" * 2000, 1)
        for number in range(LEAST):
            came = {"Referer": f"https://elsewhere.example{PAGE}?q=numbat"}
            Client(REMOTE_ADDR=f"10.0.2.{number}").get(path, headers=came)
            came = {"Referer": f"http://[bad{PAGE}?q=numbat"}
            Client(REMOTE_ADDR=f"10.0.2.{number}").get(path, headers=came)
        gather()
        assert not SearchOpened.objects.exists()

    def test_a_page_that_is_kept_counts_too(self, world):
        ask("numbat charging scheme", 1)
        text = Client().get(PAGE, {"q": "numbat charging scheme"}).content.decode()
        path = text.split('hk-card__title"><a class="govuk-link" href="')[1].split('"')[0]
        Client().get(path)
        follow(path, "q=numbat+charging+scheme", LEAST)
        gather()
        assert SearchOpened.objects.get().opened == LEAST


class TestThePages:
    @pytest.fixture
    def admin(self) -> Client:
        client = Client()
        client.force_login(make_administrator())
        return client

    @pytest.fixture
    def counted(self, world: dict[str, Any]) -> None:
        """As the job writes them, which the tests above look at."""
        for language, words, asked, nothing in (
            *(("en", "numbat", 6, 0), ("en", "zzyzx", 5, 5), ("en", "=cmd|' /c calc'!a1", 5, 5)),
            *(("zh-hant", "numbat", 5, 0), ("en", "", 16, 10), ("zh-hant", "", 5, 0)),
        ):
            SearchAsked.objects.create(
                day=DAY,
                language=language,
                folded=words,
                words=words,
                asked=asked,
                nothing=nothing,
            )
        SearchOpened.objects.create(
            day=DAY,
            language="en",
            folded="numbat",
            words="numbat",
            kind="idea",
            object_id=world["idea"].pk,
            opened=5,
        )

    @pytest.mark.usefixtures("counted")
    def test_what_was_asked_not_found_and_opened(self, admin):
        text = admin.get(DESK).content.decode()
        for words in ("Asked most", "numbat", "zzyzx", "Numbat bridges", "Found nothing"):
            assert words in text, words
        assert '<td data-label="Asked">11</td>' in text
        assert "<dd>21</dd>" in text
        hant = admin.get(f"{DESK}?language=zh-hant").content.decode()
        assert '<td data-label="Asked">5</td>' in hant
        assert "zzyzx" not in hant
        before = admin.get(f"{DESK}?since=2026-11-01&until=2026-11-30").content.decode()
        assert "numbat" not in before

    @pytest.mark.usefixtures("counted")
    def test_what_is_withheld_since_has_no_title(self, admin, world):
        Idea.objects.filter(pk=world["idea"].pk).update(is_public=False)
        text = admin.get(DESK).content.decode()
        assert "Numbat bridges" not in text
        assert "Not public any more" in text

    @pytest.mark.parametrize(
        "query",
        [
            "since=yesterday",
            "since=2026-13-01&until=",
            "since=2026-12-02&until=2026-12-01",
            "language=xx",
            "since=9999-99-99",
            "until=0001-01-01",
            "since=%F0%9F%98%80&language=%3Cscript%3E",
        ],
    )
    def test_a_period_that_is_none_is_said(self, admin, query):
        text = admin.get(f"{DESK}?{query}").content.decode()
        assert "There is a problem" in text
        assert "<title>" in text
        assert "Error:" in text.split("</title>")[0]
        assert admin.get(f"{DESK}files/asked.csv?{query}").status_code == 422

    @pytest.mark.usefixtures("counted")
    def test_files_that_no_spreadsheet_runs(self, admin):
        def rows(table: str) -> list[list[str]]:
            answer = admin.get(f"{DESK}files/{table}.csv?language=en")
            assert answer["Content-Type"].startswith("text/csv")
            assert "attachment" in answer["Content-Disposition"]
            return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))

        asked = rows("asked")
        assert asked[0] == ["Question", "Asked", "Found only in part", "Found nothing", "Opened"]
        assert ["numbat", "6", "0", "0", "5"] in asked
        assert any(row[0].startswith("'=cmd") for row in asked)
        assert [row[0] for row in rows("unanswered")[1:]][-1] == "zzyzx"
        (opened,) = rows("opened")[1:]
        assert (opened[0], opened[2], opened[4]) == ("numbat", "Numbat bridges", "5")
        assert admin.get(f"{DESK}files/secrets.csv").status_code == 404

    def test_as_many_queries_for_fifty_questions_as_for_one(self, admin, world):
        counts = []
        for number in (1, 50):
            SearchAsked.objects.all().delete()
            SearchOpened.objects.all().delete()
            for place in range(number):
                words = {"folded": f"word{place}", "words": f"word{place}"}
                SearchAsked.objects.create(day=DAY, language="en", asked=9, **words)
                SearchOpened.objects.create(
                    day=DAY,
                    language="en",
                    kind="idea",
                    object_id=world["idea"].pk,
                    opened=5,
                    **words,
                )
            admin.get(DESK)
            with CaptureQueriesContext(connection) as caught:
                assert f"word{number - 1}" in admin.get(DESK).content.decode()
            counts.append(len(caught))
        assert counts[0] == counts[1]

    @pytest.mark.usefixtures("counted")
    def test_in_the_administrator_s_language(self):
        for language, words in (("zh-hant", "搜尋紀錄"), ("zh-hans", "搜寻纪录")):
            client = Client()
            client.force_login(make_administrator())
            client.cookies["kaifong_language"] = language
            assert words in client.get(DESK).content.decode()


def test_what_is_old_is_deleted_every_night():
    for days in (0, KEPT.days, KEPT.days + 1):
        day = DAY - dt.timedelta(days=days)
        SearchAsked.objects.create(day=day, language="en", words="x", folded="x", asked=5)
        SearchOpened.objects.create(
            day=day, language="en", words="x", folded="x", kind="idea", object_id=1, opened=5
        )
    assert forget() == 2
    assert forget() == 0
    assert {SearchAsked.objects.count(), SearchOpened.objects.count()} == {2}
    every = {one.name: one.every for one in schedule.registered()}
    assert every["search.forget_insight"] <= dt.timedelta(days=1)
    assert every["search.gather_insight"] <= counting.AFTER / 2
