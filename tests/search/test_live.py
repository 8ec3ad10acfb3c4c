"""The index that people search: the cases of every engine, filters, bounds, and what is counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from core import clock
from core.exceptions import Unavailable
from search import asking, live
from search.counting import count_tokens
from search.filing import filed
from search.live import Narrowing
from search.models import SearchDoc, SearchScope, SearchToken
from search.states import NARROWING, states
from search.tokens import read
from tests.search.live_index import DAY, look, names, put, put_scope
from tests.search.test_engines import CASES, SIGNS


@pytest.mark.db
@pytest.mark.django_db
@pytest.mark.usefixtures("filled")
class TestTheSameHits:
    """The cases that every engine is held to, on the index of the platform's own database."""

    def test_hits_are_exactly_the_public_documents_that_hold_it(self):
        found = {}
        for query, _expected in CASES:
            answer = look(query)
            found[query] = set(names(answer)) if answer.whole else set()
        assert found == dict(CASES)

    @pytest.mark.parametrize("signs", SIGNS)
    def test_no_sign_is_an_operator_and_none_raises(self, signs):
        found = look(signs)
        assert any(each.isalnum() for each in signs) or found.hits == []

    def test_long_queries_are_answered(self):
        far = "".join(chr(0x4E00 + at % 5000) for at in range(10_000))
        for query in (far, "垃" * 10_000, "word " * 5_000, "'\"" * 100_000, "(" * 10_000):
            look(query)
        assert names(look("垃圾收費" + "！" * 10_000))[:2] == ["waste-simplified", "waste"]

    def test_nothing_of_a_hidden_or_absent_scope_is_found_counted_or_a_facet(self):
        for query in ("垃圾", "consultation", "政府點解要收垃圾費？"):
            found = look(query)
            assert found.hits
            assert all(hit.object_id < 1000 for hit in found.hits)
            assert set(found.facets["kind"]) == {"chapter"}
            assert found.facets["kind"]["chapter"] == len(found.hits)

    def test_what_holds_all_comes_before_what_is_only_near(self):
        near = look("垃圾稅")
        assert not near.whole
        assert {"waste", "waste-simplified", "apart"} == set(names(near))
        assert names(look("政府怎樣應用人工智能？"))[0] == "ai"

    def test_a_word_that_nobody_counted_yet_is_found(self):
        SearchToken.objects.all().delete()
        assert names(look("票價"))[0] == "fares"
        assert "waste" in names(look("垃圾稅"))

    def test_counting_again_writes_nothing(self):
        assert count_tokens() == 0
        put(50, "票價再檢討", "票價")
        count_tokens()
        # Three copies above, two of them where nobody sees them, and this one.
        assert SearchToken.objects.get(token="票价").documents == 4


@pytest.mark.db
@pytest.mark.django_db
@pytest.mark.usefixtures("filled")
class TestFilters:
    def test_facets_count_beside_each_other_and_narrow(self):
        put(60, "渡輪服務", "渡輪", scope="open")
        put(61, "渡輪碼頭", "渡輪", scope="closed", kind="idea")
        put(62, "渡輪班次", "渡輪", scope="soon", kind="idea", language="en")
        found = look("渡輪")
        assert {hit.object_id for hit in found.hits} == {60, 61, 62}
        assert found.facets == {
            "kind": {"chapter": 1, "idea": 2},
            "state": {"open": 2, "closing": 1, "closed": 1, "outcome": 1},
            "bureau": {"epd": 1, "lcsd": 1, "td": 1},
            "topic": {},
            "district": {},
            "date": {"week": 3, "month": 3, "year": 3},
            "language": {"zh-hant": 2, "en": 1},
        }
        narrowed = look("渡輪", Narrowing(kinds=("idea",), states=("open",)))
        assert [hit.object_id for hit in narrowed.hits] == [62]
        assert narrowed.facets["kind"] == {"chapter": 1, "idea": 1}
        assert narrowed.facets["state"] == {"open": 1, "closing": 1, "closed": 1, "outcome": 1}
        assert [hit.object_id for hit in look("渡輪", Narrowing(bureaux=("lcsd",))).hits] == [61]
        assert [hit.object_id for hit in look("渡輪", Narrowing(languages=("en",))).hits] == [62]
        assert look("渡輪", Narrowing(bureaux=("'; --",))).hits == []

    def test_topic_district_and_date_count_and_narrow(self, monkeypatch):
        now = clock.now()
        put_scope("filed", topics=filed(["transport", "housing"]), districts=filed(["sha-tin"]))
        put_scope("other", topics=filed(["house"]), districts=filed(["sha-tin", "north"]))
        put(100, "纜車站", "纜車", scope="filed", at=now - 3 * DAY)
        put(101, "纜車徑", "纜車", scope="other", at=now - 20 * DAY)
        put(102, "纜車票", "纜車", scope="other", at=now - 500 * DAY)
        SearchDoc.objects.filter(object_id=102).update(districts=filed(["tai-po"]))
        cases = [
            (Narrowing(topics=("transport",)), {100}),
            (Narrowing(topics=("hous",)), set()),
            (Narrowing(topics=("housing", "house")), {100, 101, 102}),
            (Narrowing(districts=("sha-tin",)), {100, 101}),
            # Its own place, not those of what it belongs to.
            (Narrowing(districts=("tai-po",)), {102}),
            (Narrowing(districts=("north", "tai-po"), topics=("house",)), {101, 102}),
            (Narrowing(dates=("week",)), {100}),
            (Narrowing(dates=("month",)), {100, 101}),
            (Narrowing(dates=("older",)), {102}),
            (Narrowing(dates=("week", "older")), {100, 102}),
            (Narrowing(districts=("'; --",)), set()),
        ]
        for counted in (1200, 2):
            # Few: counted in Python. Many: narrowed by the database.
            monkeypatch.setattr(asking, "COUNTED", counted)
            for narrowing, wanted in cases:
                found = look("纜車", narrowing)
                assert {hit.object_id for hit in found.hits if found.whole} == wanted, narrowing
        monkeypatch.setattr(asking, "COUNTED", 1200)
        facets = look("纜車", Narrowing(topics=("house",))).facets
        assert facets["topic"] == {"transport": 1, "housing": 1, "house": 2}
        assert facets["district"] == {"sha-tin": 1, "north": 1, "tai-po": 1}
        assert facets["date"] == {"month": 1, "year": 1, "older": 1}

    def test_an_object_in_three_languages_is_one_hit_in_the_reader_s(self):
        for language in ("zh-hans", "zh-hant", "en"):
            put(63, "MTR 纜車", "MTR", language=language)
        for language in ("en", "zh-hans", "zh-hant"):
            hits = look("mtr 纜車", language=language).hits
            assert [(hit.object_id, hit.language) for hit in hits] == [(63, language)]

    def test_open_ones_come_before_closed_ones_at_equal_relevance(self):
        put(64, "海濱長廊", "海濱", scope="closed")
        put(65, "海濱長廊", "海濱", scope="open")
        put(66, "海濱長廊", "海濱", scope="closed")
        assert look("海濱長廊").hits[0].object_id == 65

    def test_orders(self):
        now = clock.now()
        put(70, "天橋一", "天橋", scope="open", at=now - 3 * DAY)
        put(71, "天橋二", "天橋", scope="closed", at=now - DAY)
        put(72, "天橋三", "天橋", scope="soon", at=now - 2 * DAY)
        assert [hit.object_id for hit in look("天橋", sort="newest").hits] == [71, 72, 70]
        assert [hit.object_id for hit in look("天橋", sort="closing").hits] == [72, 70, 71]

    def test_states_in_the_database_are_those_in_python(self):
        now = clock.now()
        for number, days in enumerate((-40, -8, -1, 0, 1, 6, 7, 8, 40)):
            for span in (1, 7, 8, 30):
                put_scope(
                    f"s{number}-{span}",
                    opens=days,
                    closes=days + span,
                    answered_at=now + days * DAY if span == 30 else None,
                )
        for state, condition in NARROWING.items():
            sql, values = condition(now)
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT s.key FROM search_searchscope s WHERE {sql}",
                    [connection.ops.adapt_datetimefield_value(value) for value in values],
                )
                held = {key for (key,) in cursor.fetchall()}
            wanted = {row.key for row in SearchScope.objects.all() if state in states(row, now)}
            assert held == wanted, state


@pytest.mark.db
@pytest.mark.django_db
@pytest.mark.usefixtures("filled")
class TestBounds:
    def test_more_than_are_counted_is_said_and_the_title_still_comes_first(self, monkeypatch):
        monkeypatch.setattr(asking, "COUNTED", 6)
        monkeypatch.setattr(asking, "RANKED", 3)
        put(80, "單車徑", "單車徑的安排。")
        for number in range(81, 90):
            put(number, "其他事項", f"單車徑 {number}", scope="closed")
        found = look("單車徑")
        assert found.more
        assert found.hits[0].object_id == 80
        assert len(found.hits) >= 6
        narrowed = look("單車徑", Narrowing(states=("open",)))
        assert [hit.object_id for hit in narrowed.hits] == [80]
        assert not narrowed.more

    def test_the_same_in_every_order_of_writing(self):
        put(90, "甲乙丙", "甲乙丙丁")
        put(91, "丁", "甲乙，乙丙")
        assert [hit.object_id for hit in look("甲乙丙").hits] == [90]


@pytest.mark.db
@pytest.mark.django_db
class TestTheTables:
    def test_what_is_rolled_back_leaves_nothing_to_be_found(self):
        put_scope("own")
        with transaction.atomic():
            put(501, "回收桶", "回收", scope="own")
            assert look("回收桶").whole
            transaction.set_rollback(True)
        assert not look("回收桶").whole

    def test_a_changed_or_deleted_row_is_found_by_its_new_words_alone(self):
        put_scope("own")
        row = put(501, "回收桶", "回收", scope="own")
        found = read("避雨亭", "")
        row.title, row.tokens = "避雨亭", found.tokens
        row.title_plain, row.body_plain = found.title_plain, ""
        row.save()
        assert not look("回收桶").whole
        assert [hit.object_id for hit in look("避雨亭").hits] == [501]
        SearchDoc.objects.all().delete()
        assert not look("避雨亭").hits
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO search_index(search_index) VALUES ('integrity-check')")
                cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                assert {"search_added", "search_changed", "search_gone"} <= {
                    name for (name,) in cursor.fetchall()
                }

    def test_a_text_of_a_hundred_thousand_different_pairs_is_written(self):
        put_scope("own")
        body = "".join(chr(0x20000 + at * 7919 % 40_000) for at in range(100_000))
        put(501, "長", "開頭一句。" + body, scope="own")
        assert [hit.object_id for hit in look("開頭一句").hits] == [501]


_MANY = """
INSERT INTO search_searchdoc
    (kind, object_id, language, scope, at, length, digest, title, body, title_plain, body_plain,
     tokens)
SELECT 'idea', at, 'en', 'own', now(), 1, '-', '', '', '', ' w' || at || ' ', 'w' || at
FROM generate_series(1, 3000) AS at
"""


@pytest.mark.django_db
@pytest.mark.only_on("postgresql", reason="SQLite reads as it is told.")
class TestThePlanner:
    def test_what_few_hold_is_looked_up_and_the_newest_are_not_read_for_it(self, monkeypatch):
        monkeypatch.setattr(asking, "COUNTED", 20)
        put_scope("own")
        with connection.cursor() as cursor:
            cursor.execute(_MANY)
            cursor.execute("ANALYZE search_searchdoc, search_searchscope")
        plans = []

        def explain(execute: Callable[..., Any], sql: str, params: Any, *rest: Any) -> Any:
            if "vector @@" in sql and not sql.startswith("EXPLAIN"):
                with connection.cursor() as cursor:
                    cursor.execute(f"EXPLAIN {sql}", params)
                    plans.append("\n".join(line for (line,) in cursor.fetchall()))
            return execute(sql, params, *rest)

        asked = " ".join(f"w{number}" for number in range(7, 3000, 200))
        with connection.execute_wrapper(explain):
            found = look(asked, language="en")
        assert len(found.hits) == 15
        assert len(plans) == 2
        for plan in plans:
            assert "on search_vector" in plan, plan

    def test_what_takes_too_long_is_ended_and_said(self, monkeypatch):
        monkeypatch.setattr(live, "LONGEST", "100ms")
        put_scope("own")
        put(501, "回收桶", "回收", scope="own")

        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout'), current_setting('jit')")
            before = cursor.fetchone()

        def slowly(execute: Callable[..., Any], sql: str, params: Any, *rest: Any) -> Any:
            if "vector @@" in sql:
                return execute("SELECT pg_sleep(20)", None, *rest)
            return execute(sql, params, *rest)

        with connection.execute_wrapper(slowly), pytest.raises(Unavailable):
            look("回收桶")
        # Nothing of it is left for what comes after in the same transaction.
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout'), current_setting('jit')")
            assert cursor.fetchone() == before
        assert [hit.object_id for hit in look("回收桶").hits] == [501]
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout'), current_setting('jit')")
            assert cursor.fetchone() == before
