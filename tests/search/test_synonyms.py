"""Synonyms: in the index that people search, and the table that administrators keep."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Account
from core import audit, clock
from core.exceptions import Invalid, Refused
from core.models import AuditEntry
from search import asking, synonyms
from search.actions import synonyms as acts
from search.analysis import segments
from search.counting import count_tokens
from search.models import SynonymGroup
from search.starting import STARTING
from tests.factories.accounts import make_administrator, make_officer
from tests.search.live_index import look, put, put_scope
from tests.search.test_engines import SAID, SAID_IDS, SAME, SAME_CASES

BACKEND = "accounts.backends.AccountBackend"


def same(*groups: tuple[str, ...]) -> None:
    SynonymGroup.objects.all().delete()
    for group in groups:
        SynonymGroup.objects.create(words="\n".join(group), changed_at=clock.now())


@pytest.mark.db
@pytest.mark.django_db
class TestSynonyms:
    def test_what_is_said_another_way_is_found_as_well(self):
        put_scope("open")
        same(*SAME)
        for number, name in enumerate(SAID_IDS):
            put(number, *SAID[name])
        for counted in (False, True):
            if counted:
                count_tokens()
            found = {}
            for query, _expected in SAME_CASES:
                answer = look(query)
                found[query] = {SAID_IDS[hit.object_id] for hit in answer.hits if answer.whole}
            assert found == dict(SAME_CASES), counted
        assert SAID_IDS[look("電梯").hits[0].object_id] == "lift-tw"
        assert SAID_IDS[look("怎樣保養升降機？").hits[0].object_id] == "lift-tw"

    def test_a_new_platform_knows_a_few(self):
        put_scope("open")
        put(1, "地鐵站", "電梯")
        for query in ("港鐵", "MTR", "mtr lift", "𨋢"):
            assert look(query).hits, query

    def test_a_change_counts_at_once_and_what_stands_costs_one_question(
        self, django_assert_num_queries
    ):
        put_scope("open")
        put(1, "渡輪", "渡輪")
        same(("小輪", "渡輪"))
        assert look("小輪").whole
        with django_assert_num_queries(1):
            assert synonyms.current().expand(segments("小輪"))
        row = SynonymGroup.objects.get()
        SynonymGroup.objects.filter(pk=row.pk).update(words="小輪\n街渡", version=2)
        assert not look("小輪").whole
        SynonymGroup.objects.all().delete()
        assert not synonyms.current().expand(segments("小輪"))

    def test_it_is_held_for_a_moment_and_a_change_counts_at_once_where_it_was_made(
        self, settings, django_assert_num_queries, django_capture_on_commit_callbacks
    ):
        settings.SYNONYMS_SECONDS = 60.0
        same(("小輪", "渡輪"))
        synonyms.look_again()
        assert synonyms.current().expand(segments("小輪"))
        with django_assert_num_queries(0):
            assert not synonyms.current().expand(segments("街渡"))
        with django_capture_on_commit_callbacks(execute=True):
            acts.add_synonyms(words="街渡\n渡船", by=make_administrator())
        assert synonyms.current().expand(segments("街渡"))
        # Another process's change is looked for when the moment is over.
        SynonymGroup.objects.all().delete()
        assert synonyms.current().expand(segments("街渡"))
        settings.SYNONYMS_SECONDS = 0.0
        synonyms.look_again()
        assert not synonyms.current().expand(segments("街渡"))

    def test_many_are_narrowed_to_titles_in_every_way_of_saying_it(self, monkeypatch):
        monkeypatch.setattr(asking, "COUNTED", 6)
        monkeypatch.setattr(asking, "RANKED", 3)
        put_scope("open")
        same(("小輪", "渡輪", "ferry service"))
        put(1, "Ferry services", "")
        for number in range(2, 12):
            put(number, "其他", "渡輪")
        found = look("小輪")
        assert found.more
        assert found.hits[0].object_id == 1

    def test_a_query_full_of_them_is_answered(self):
        put_scope("open")
        same(*SAME)
        look("港鐵升降機垃圾徵費" * 100)
        look("lift MTR " * 100)
        put(1, "港鐵", "升降機")
        assert look("MTR lift " * 50).hits


@pytest.fixture
def administrator(db: None) -> Account:
    return make_administrator()


def _page(client: Client, name: str, *args: str, **typed: str) -> Any:
    address = reverse(f"synonyms:{name}", args=args)
    return client.post(address, typed) if typed or name == "remove" else client.get(address)


@pytest.mark.django_db
class TestTheTable:
    def test_an_administrator_adds_changes_and_removes_and_each_is_in_the_trail(
        self, client, administrator
    ):
        SynonymGroup.objects.all().delete()
        put_scope("open")
        put(1, "渡輪", "渡輪")
        client.force_login(administrator, backend=BACKEND)
        assert _page(client, "new", words="小輪\r\n 渡輪 \r\n\r\n渡轮\r\nFERRY").status_code == 302
        row = SynonymGroup.objects.get()
        assert row.words == "小輪\n渡輪\nFERRY"
        assert look("ferries").whole
        shown = _page(client, "table").content.decode()
        assert "小輪 / 渡輪 / FERRY" in shown
        assert _page(client, "edit", row.public_id, words="街渡\n渡輪").status_code == 302
        assert not look("ferries").whole
        assert look("街渡").whole
        for _twice in range(2):
            answer = _page(client, "remove", row.public_id)
        assert answer.status_code == 404
        assert not look("街渡").whole
        assert "No words have been added yet." in _page(client, "table").content.decode()
        verbs = AuditEntry.objects.filter(verb__startswith="synonyms.").order_by("pk")
        assert [each.verb for each in verbs][-3:] == [
            "synonyms.add",
            "synonyms.change",
            "synonyms.erase",
        ]

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            ("", "Enter at least two different words"),
            ("渡輪", "Enter at least two different words"),
            ("渡輪\n渡轮\nFerry\nferries", ""),
            ("港鐵\n港铁\n「港鐵」", "Enter at least two different words"),
            ("渡輪\n……", "Each line needs a letter"),
            ("渡輪\n" + "長" * 61, "at most 60 characters"),
            ("\n".join(f"word{at}" for at in range(13)), "at most 12 words"),
            ("長\n" * 2000, "at most"),
            ("渡輪\n\x00", "There is a problem"),
            ("<script>alert(1)</script>\n'; DROP TABLE", ""),
        ],
    )
    def test_what_cannot_be_kept_is_said_and_stays_typed(self, client, administrator, words, said):
        client.force_login(administrator, backend=BACKEND)
        before = SynonymGroup.objects.count()
        answer = _page(client, "new", words=words)
        text = answer.content.decode()
        assert SynonymGroup.objects.count() == before + (not said)
        assert answer.status_code == (422 if said else 302)
        assert said in text
        assert "<script>alert" not in _page(client, "table").content.decode()

    def test_the_table_has_an_end(self, administrator, monkeypatch):
        monkeypatch.setattr(acts, "GROUPS_MAXIMUM", SynonymGroup.objects.count())
        with pytest.raises(Invalid):
            acts.add_synonyms(words="小輪\n渡輪", by=administrator)

    def test_nobody_else_writes_it(self):
        officer = make_officer()
        with pytest.raises(Refused):
            acts.add_synonyms(words="小輪\n渡輪", by=officer)
        row = SynonymGroup.objects.first()
        assert row is not None
        with pytest.raises(Refused):
            acts.change_synonyms(group=row, words="小輪\n渡輪", by=officer)
        with pytest.raises(Refused):
            acts.remove_synonyms(group=row, by=officer)

    def test_as_many_queries_for_fifty_lines_as_for_one(
        self, client, administrator, django_assert_max_num_queries
    ):
        client.force_login(administrator, backend=BACKEND)
        SynonymGroup.objects.all().delete()
        counts = []
        for number in (1, 50):
            for at in range(number):
                SynonymGroup.objects.create(words=f"w{at}\nv{at}", changed_at=clock.now())
            with django_assert_max_num_queries(40) as caught:
                _page(client, "table")
            counts.append(len(caught))
        assert counts[0] == counts[1]


@pytest.mark.db
@pytest.mark.django_db
def test_the_first_lines_are_proved_by_the_trail():
    assert SynonymGroup.objects.count() == len(STARTING)
    assert audit.verify().ok
