"""The live index on a real Elasticsearch: the database's answers, nothing lost when it fails."""

from __future__ import annotations

import datetime as dt
import socket
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client

from core import clock, jobs
from search import asking, elastic_index, elastic_live, feeding
from search.breaker import breaker
from search.elastic import ElasticsearchFailed, connect
from search.feeding import build, differences, feed, mend_index
from search.live import Narrowing
from search.models import SearchChange, SearchDoc, SearchScope
from search.outbox import KEPT, OFF, note
from search.similar import alike
from search.tasks import catch_up, feed_again
from search.tokens import read
from search.writing import rebuild, take_away
from tests.factories.ideas import make_contest, make_many_ideas, make_public_idea
from tests.search.live_index import look, names, put, put_scope
from tests.search.test_engines import CASES, SAME_CASES, SIGNS

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.elasticsearch,
    pytest.mark.usefixtures("elasticsearch", "filled"),
]

NARROWINGS = [
    Narrowing(),
    Narrowing(kinds=("idea",)),
    Narrowing(kinds=("chapter",), languages=("zh-hant", "en")),
    Narrowing(states=("open",)),
    Narrowing(states=("closed", "closing"), bureaux=("epd", "td")),
    Narrowing(bureaux=("'; --",)),
    Narrowing(topics=("transport",), districts=("sha-tin",)),
    Narrowing(dates=("week", "older")),
]


def away(settings, address: str = "http://127.0.0.1:1") -> None:
    settings.ELASTICSEARCH = {**settings.ELASTICSEARCH, "URL": address}


def remote_hits(text: str, **more) -> list[str]:
    found = look(text, **more)
    assert not found.reserve
    return names(found)


class TestTheSameAnswers:
    def same(self, settings, asked: list[str], narrowing: Narrowing) -> None:
        for text in asked:
            settings.SEARCH_ENGINE = "elasticsearch"
            there = look(text, narrowing)
            assert not there.reserve
            settings.SEARCH_ENGINE = "database"
            assert there == look(text, narrowing), (text, narrowing)

    def test_as_the_database_s_own_index_gives(self, built, settings):
        asked = [query for query, _expected in [*CASES, *SAME_CASES]] + SIGNS
        asked += ["政府點解要收垃圾費？", "waste fares", "垃圾徵費", "垃桶", "垃" * 2_000]
        self.same(settings, asked, Narrowing())

    @pytest.mark.parametrize("narrowing", NARROWINGS)
    def test_narrowed_where_not_all_are_counted(self, built, settings, monkeypatch, narrowing):
        """Only there is Elasticsearch asked for what the reader chose."""
        put(700, "垃圾車", "垃圾收費", scope="closed", kind="idea")
        put(701, "垃圾站", "垃圾收費", scope="soon", language="en")
        note(SearchDoc.objects.filter(object_id__in=(700, 701)).values_list("pk", flat=True))
        feed()
        with connect(seconds=30) as elastic:
            elastic.indices.refresh(index=built)
        monkeypatch.setattr(asking, "COUNTED", 2)
        monkeypatch.setattr(asking, "RANKED", 2)
        self.same(settings, ["垃圾", "垃圾收費", "政府點解要收垃圾費？"], narrowing)

    def test_where_proposals_come_in_pages(self, built, monkeypatch):
        before = remote_hits("垃圾"), remote_hits("收費")
        monkeypatch.setattr(elastic_live, "PAGE", 2)
        assert (remote_hits("垃圾"), remote_hits("收費")) == before

    def test_texts_that_read_alike(self, built, settings, monkeypatch):
        asked = []
        propose = elastic_live.ElasticIndex._proposed

        def noted(index, *words):
            asked.append(words)
            return propose(index, *words)

        monkeypatch.setattr(elastic_live.ElasticIndex, "_proposed", noted)
        for narrowed in ({}, {"scope": "open"}, {"scope": "closed"}):
            settings.SEARCH_ENGINE = "elasticsearch"
            there = alike("垃圾收費的諮詢", kinds=["chapter"], limit=5, least=0.1, **narrowed)
            settings.SEARCH_ENGINE = "database"
            here = alike("垃圾收費的諮詢", kinds=["chapter"], limit=5, least=0.1, **narrowed)
            assert there == here
            assert there or narrowed
        assert len(asked) == 3

    def test_what_was_hidden_a_moment_ago_is_not_found_though_nobody_told_it(self, built):
        assert remote_hits("票價")
        SearchScope.objects.filter(key="open").update(visible=False)
        assert remote_hits("票價") == []


class TestFromTheCommitOn:
    """What Elasticsearch was not told yet is searched too, as it is now."""

    def test_a_new_document_and_a_changed_one(self, built, elastic):
        row = put(501, "回收桶", "回收")
        note([row.pk])
        assert [hit.object_id for hit in look("回收桶").hits] == [501]
        feed()
        assert [hit.object_id for hit in look("回收桶").hits] == [501]
        found = read("避雨亭", "")
        SearchDoc.objects.filter(pk=row.pk).update(
            title_plain=found.title_plain, body_plain="", tokens=found.tokens, digest="new"
        )
        note([row.pk])
        for _told in (False, True):
            answers = look("回收桶"), look("避雨亭")
            assert [answer.reserve for answer in answers] == [False, False]
            assert not answers[0].whole
            assert [hit.object_id for hit in answers[1].hits] == [501]
            feed()

    def test_where_too_many_wait_the_database_answers(self, built, monkeypatch):
        monkeypatch.setattr(elastic_live, "MANY", 1)
        note([1])
        assert not look("垃圾收費").reserve
        note([2])
        assert look("垃圾收費").reserve


class TestTelling:
    def test_written_and_taken_away(self, built, elastic):
        before = elastic.count(index=built)["count"]
        put_scope("own")
        row = put(501, "回收桶", "回收", scope="own")
        note([row.pk])
        assert jobs.drain() == 1
        elastic.indices.refresh(index=built)
        assert [hit.object_id for hit in look("回收桶").hits] == [501]
        assert not SearchChange.objects.exists()
        assert differences() == []
        with transaction.atomic():
            take_away(SearchDoc.objects.filter(pk=row.pk))
        jobs.drain()
        elastic.indices.refresh(index=built)
        assert elastic.count(index=built)["count"] == before
        assert differences() == []

    def test_what_acts_write_is_told_and_a_second_telling_changes_nothing(self, built):
        _page, contest = make_contest(title="Wombat ideas", moderation_policy="before")
        make_public_idea(contest, "Wombat bridges", text="Over every road.")
        make_many_ideas(contest, 5)
        rebuild()
        assert SearchChange.objects.count() >= SearchDoc.objects.count() > 0
        told = list(SearchChange.objects.values("pk", "document", "at"))
        jobs.drain()
        assert not SearchChange.objects.exists()
        assert differences() == []
        SearchChange.objects.bulk_create([SearchChange(**each) for each in told])
        feed()
        assert differences() == []
        make_public_idea(contest, "Quokka tunnels", text="Under every road.")
        assert SearchChange.objects.exists()
        jobs.drain()
        assert differences() == []

    def test_an_older_telling_that_comes_late_is_refused(self, built, elastic):
        put_scope("own")
        row = put(501, "回收桶", "回收", scope="own")
        (index,) = elastic_index.indexes(elastic)
        old = next(feeding._rows([row.pk]))
        SearchDoc.objects.filter(pk=row.pk).update(digest="new")
        new = next(feeding._rows([row.pk]))
        send = feeding._send
        assert send(elastic, index, [feeding._action(index, row.pk, new, 9)]) == {}
        assert send(elastic, index, [feeding._action(index, row.pk, old, 8)]) == {}
        assert differences() == []
        # Of something that was deleted too.
        SearchDoc.objects.filter(pk=row.pk).delete()
        assert send(elastic, index, [feeding._action(index, row.pk, None, 11)]) == {}
        assert send(elastic, index, [feeding._action(index, row.pk, old, 10)]) == {}
        assert differences() == []

    def test_what_is_rolled_back_is_not_told(self, built):
        with transaction.atomic():
            row = put(501, "回收桶", "回收", scope="own")
            note([row.pk])
            transaction.set_rollback(True)
        assert not SearchChange.objects.exists()
        assert feed() == 0
        assert differences() == []

    def test_an_index_that_is_being_built_is_told_too(self, built, elastic):
        fresh, before = elastic_index.create(elastic), elastic.count(index=built)["count"]
        row = put(501, "回收桶", "回收", scope="own")
        note([row.pk])
        feed()
        elastic.indices.refresh(index=f"{built}-*")
        assert elastic.count(index=fresh)["count"] == 1
        assert elastic.count(index=built)["count"] == before + 1
        # Left by a build that was killed: it goes with the next.
        build()
        assert fresh not in elastic_index.indexes(elastic)
        assert len(elastic.indices.get(index=f"{built}*")) == 1

    def test_nothing_is_noted_where_the_database_s_own_index_is_searched(self, settings):
        assert settings.SEARCH_ENGINE == "database"
        note([1, 2])
        assert not SearchChange.objects.exists()

    def test_what_was_noted_before_it_was_switched_off_is_forgotten(self, mirror, settings):
        note([1])
        settings.SEARCH_ENGINE = "database"
        feed_again()
        # Not at once: this may be the last turn of a process that is about to be ended.
        assert set(SearchChange.objects.values_list("document", flat=True)) == {1, OFF}
        with clock.freeze(clock.now() + KEPT * 2):
            feed_again()
        assert list(SearchChange.objects.values_list("document", flat=True)) == [OFF]

    def test_switched_on_again_it_is_built_anew_before_it_is_asked(self, built, settings):
        settings.SEARCH_ENGINE = "database"
        feed_again()
        put(600, "回收桶", "回收")
        settings.SEARCH_ENGINE = "elasticsearch"
        with clock.freeze(clock.now() + elastic_live.LATE * 2):
            assert look("回收桶").reserve
        # A job of an act does not take the mark away.
        feed()
        assert SearchChange.objects.exists()
        feed_again()
        jobs.drain()
        assert not SearchChange.objects.exists()
        found = look("回收桶")
        assert [hit.object_id for hit in found.hits] == [600]
        assert not found.reserve
        assert differences() == []


class TestFaults:
    """Each is answered by the database's own index, and mended without a word of anybody."""

    def test_it_is_away(self, built, settings):
        before = remote_hits("垃圾收費")
        away(settings)
        found = look("垃圾收費")
        assert found.reserve
        assert names(found) == before
        page = Client().get("/en/search/?q=consultation")
        assert page.status_code == 200
        assert b"Our main search is away for a moment" in page.content
        # What is written meanwhile waits, and no job fails.
        put(600, "回收桶", "回收")
        note(SearchDoc.objects.filter(object_id=600).values_list("pk", flat=True))
        jobs.drain()
        assert SearchChange.objects.exists()

    def test_what_the_database_answers_sooner_tells_nothing_of_the_server(self, built, monkeypatch):
        before = remote_hits("垃圾收費")
        monkeypatch.setattr(elastic_live, "PAGE", 1)
        monkeypatch.setattr(elastic_live, "PAGES", 1)
        found = look("垃圾收費")
        assert names(found) == before
        assert not found.reserve
        monkeypatch.undo()
        assert remote_hits("垃圾收費") == before

    def test_nobody_waits_for_it_twice(self, built, settings):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            away(settings, f"http://127.0.0.1:{silent.getsockname()[1]}")
            assert look("垃圾收費").reserve
            silent.accept()[0].close()
            silent.settimeout(0.2)
            assert look("垃圾收費").reserve
            assert look("諮詢").reserve
            with pytest.raises(TimeoutError):
                silent.accept()

    def test_its_index_was_deleted(self, built, elastic, caplog):
        for index in elastic_index.indexes(elastic):
            elastic.indices.delete(index=index)
        elastic_live._looked_at.clear()
        put(600, "回收桶", "回收")
        note(SearchDoc.objects.filter(object_id=600).values_list("pk", flat=True))
        assert look("垃圾收費").reserve
        with pytest.raises(ElasticsearchFailed, match="no index"):
            feed()
        # Nothing is wrong with the server: what is written next is told, once there is one.
        jobs.drain()
        assert SearchChange.objects.exists()
        assert "Telling goes on without" not in caplog.text
        catch_up()
        breaker.answered()
        assert remote_hits("垃圾收費")
        assert differences() == []

    def test_its_mapping_is_another(self, built, elastic):
        for index in elastic_index.indexes(elastic):
            elastic.indices.delete(index=index)
        elastic.indices.create(index=f"{built}-foreign", aliases={built: {}})
        elastic.index(index=f"{built}-foreign", document={"number": "a", "tokens": 5})
        elastic.indices.create(index=f"{built}-other-{'0' * 32}")
        elastic_live._looked_at.clear()
        assert look("垃圾收費").reserve
        assert mend_index()
        breaker.answered()
        assert remote_hits("垃圾收費")
        assert not mend_index()
        # What is not ours is left as it is, without our name.
        left = elastic.indices.get_alias(index=f"{built}-*")
        assert left[f"{built}-foreign"]["aliases"] == {}
        assert f"{built}-other-{'0' * 32}" in left

    def test_its_name_was_taken_by_an_index(self, mirror, elastic):
        elastic.index(index=mirror, document={"number": 1})
        elastic_live._looked_at.clear()
        assert look("垃圾收費").reserve
        assert mend_index()
        breaker.answered()
        assert remote_hits("垃圾收費")

    def test_it_is_read_only(self, built, elastic):
        (index,) = elastic_index.indexes(elastic)
        elastic.indices.put_settings(index=index, settings={"index.blocks.write": True})
        row = put(600, "回收桶", "回收")
        note([row.pk])
        with pytest.raises(ElasticsearchFailed, match="403"):
            feed()
        assert SearchChange.objects.count() == 1
        elastic.indices.put_settings(index=index, settings={"index.blocks.write": None})
        assert feed() == 1
        assert differences() == []

    def test_it_was_not_told_for_a_minute(self, built):
        row = put(600, "回收桶", "回收")
        note([row.pk])
        assert not look("垃圾收費").reserve
        with clock.travel(dt.timedelta(minutes=2)):
            found = look("回收桶")
        assert found.reserve
        assert found.hits
        feed()
        assert not look("垃圾收費").reserve


class TestReconciling:
    def test_differences_are_told_and_mended(self, built, elastic):
        first, second, third = SearchDoc.objects.order_by("pk")[:3]
        (index,) = elastic_index.indexes(elastic)
        elastic.delete(index=index, id=str(first.pk))
        SearchDoc.objects.filter(pk=second.pk).update(digest="other")
        SearchDoc.objects.filter(pk=third.pk).delete()
        assert [str(each) for each in differences()] == [
            f"{first.pk} is not in the index.",
            f"{second.pk} is another text in the index.",
            f"{third.pk} is in the index and is no more.",
        ]
        out = StringIO()
        with pytest.raises(CommandError, match="differs"):
            call_command("search_reconcile", "--check", stdout=out)
        assert "3 differences." in out.getvalue()
        out = StringIO()
        call_command("search_reconcile", stdout=out)
        assert out.getvalue().splitlines()[-1] == "0 differences."

    def test_in_pieces(self, built, monkeypatch):
        monkeypatch.setattr(feeding, "BATCH", 1)
        SearchDoc.objects.order_by("-pk").first().delete()
        assert len(differences()) == 1

    def test_a_server_that_is_away_is_a_sentence(self, mirror, settings):
        away(settings)
        with pytest.raises(CommandError, match="does not answer"):
            call_command("search_reconcile", stdout=StringIO())

    def test_a_rebuild_puts_a_new_index_in_the_place_of_the_old(self, built, elastic):
        (old,) = elastic_index.indexes(elastic)
        out = StringIO()
        call_command("search_rebuild", stdout=out)
        assert "documents in a new index of Elasticsearch." in out.getvalue()
        (new,) = elastic_index.indexes(elastic)
        assert new != old
        assert differences() == []
