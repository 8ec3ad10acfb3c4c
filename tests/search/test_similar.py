"""Texts that read alike: found in any script, nothing of it hidden, bounded, on each database."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from ideas.models import Idea
from ideas.search_index import KIND
from ideas.similar import SHOWN, similar_ideas
from participation.actions.contributions import withdraw_contribution
from participation.models import Engagement
from search import live, similar
from search.counting import count_tokens
from search.models import SearchScope
from search.more import likes
from search.similar import LEAST, Reading, alike, most_alike
from search.writing import rebuild
from tests.factories.ideas import make_contest, make_idea, make_many_ideas, make_public_idea
from tests.factories.participation import decide

pytestmark = [pytest.mark.django_db, pytest.mark.db]


@pytest.fixture
def contest() -> Engagement:
    return make_contest()[1]


def like(text: str, **options: object) -> list[int]:
    found = alike(text, kinds=[KIND], limit=10, **options)
    return [each.object_id for each in found]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("夜間電車服務", "夜间电车"),
        ("每個屋苑都應該設有回收點。", "每个屋苑应该设有回收点"),
        ("應該增加街上嘅垃圾桶", "应该增加街上的垃圾桶！"),
        ("𨋢要有扶手", "每部𨋢要有扶手"),
        ("More trees in Sha Tin", "more TREES for Sha Tin!"),
        ("Drinking fountains by the pier", "A drinking fountain at the pier"),
        ("The map of seats is empty after I sign in", "After signing in the seat map is empty"),
        ("ＭＴＲ票價減半", "MTR 票價應減半"),
        ("Bench", "Benches"),
    ],
)
def test_what_says_the_same_in_any_script_is_alike_both_ways(one: str, other: str) -> None:
    forth, back = Reading.of(one), Reading.of(other)
    assert forth.likeness(back) == back.likeness(forth) >= LEAST
    assert forth.likeness(forth) == 1.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("夜間電車服務", "多種樹木"),
        ("我覺得收費太高", "我覺得巴士太少"),
        ("I think it is cool", "I think the lifts in the library are too small for wheelchairs"),
        ("More trees in Sha Tin", "Later library hours in Yuen Long"),
        ("", "Anything"),
        ("！？", "Anything"),
        ("🌳", "🌳"),
    ],
)
def test_what_says_something_else_is_not(one: str, other: str) -> None:
    assert Reading.of(one).likeness(Reading.of(other)) < LEAST


def test_public_documents_of_the_scope_are_found_best_first(contest: Engagement) -> None:
    near = make_public_idea(contest, "Drinking fountains at every pier")
    same = make_public_idea(contest, "Drinking fountains by the pier")
    make_public_idea(contest, "Quiet carriages")
    elsewhere = make_public_idea(make_contest()[1], "Drinking fountains by the pier")
    asked = "Drinking fountains by piers"
    assert like(asked, scope=contest.public_id) == [same.pk, near.pk]
    assert set(like(asked)) == {same.pk, near.pk, elsewhere.pk}
    assert like(asked, scope="nothing") == []
    assert alike(asked, kinds=["chapter"], limit=9) == []
    assert len(alike(asked, kinds=[KIND], limit=1)) == 1
    # Counted or not, the answer is the same.
    count_tokens()
    assert like(asked, scope=contest.public_id) == [same.pk, near.pk]


def test_nothing_hidden_is_suggested(contest: Engagement) -> None:
    held = make_idea(make_contest(moderation_policy="before")[1], "Drinking fountains")
    assert like("Drinking fountains") == []
    decide(held.contribution)
    assert like("Drinking fountains") == [held.pk]
    withdraw_contribution(
        contribution=held.contribution, person=held.contribution.person, account=None
    )
    assert like("Drinking fountains") == []
    refused = make_idea(make_contest(moderation_policy="before")[1], "Drinking fountains")
    decide(refused.contribution, "withhold")
    assert like("Drinking fountains") == []
    shown = make_public_idea(contest, "Drinking fountains")
    # The index behind, its app says no; and a scope that nobody may see.
    (found,) = alike("Drinking fountains", kinds=[KIND], limit=4)
    assert [each.shown.key for each in likes([found], clock.now())] == [
        shown.contribution.public_id
    ]
    Idea.objects.filter(pk=shown.pk).update(is_public=False)
    assert likes([found], clock.now()) == similar_ideas(contest, "Drinking fountains") == []
    Idea.objects.filter(pk=shown.pk).update(is_public=True)
    SearchScope.objects.filter(key=contest.public_id).update(visible=False)
    assert like("Drinking fountains") == []


def test_whole_texts_are_compared_where_asked(contest: Engagement) -> None:
    long = "Every bus stop in the district should have a bench, a roof and a timetable to read."
    made = make_public_idea(contest, "Stops", text=long)
    assert like(f"Stops\n\n{long}") == []
    assert like(f"Stops\n\n{long}!", whole=True) == [made.pk]


def test_an_idea_s_own_likes_leave_itself_out(contest: Engagement) -> None:
    made = [make_public_idea(contest, "Drinking fountains by the pier") for _each in range(SHOWN)]
    found = similar_ideas(contest, made[0].title, but=made[0])
    assert {idea.pk for idea in found} == {idea.pk for idea in made[1:]}
    # Without a title yet, by the first line.
    assert len(similar_ideas(contest, " ", "Drinking fountain by piers\nAnd so on")) == SHOWN


def test_it_reads_as_much_for_many_as_for_few(
    contest: Engagement, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = []
    for number in (1, 50):
        make_many_ideas(contest, number)
        rebuild()
        count_tokens()
        with CaptureQueriesContext(connection) as caught:
            assert len(similar_ideas(contest, "Ideas 0")) == min(number, SHOWN)
        counts.append(len(caught))
    assert counts[0] == counts[1]
    # PostgreSQL bounds a look-up in a savepoint of its own, four statements.
    assert counts[1] <= 6 + 4 * (connection.vendor == "postgresql")
    # Where a word is held by more than are read, the newest of them are compared.
    monkeypatch.setattr(similar, "READ", 10)
    read: list[int] = []
    whole = live.LiveIndex.holding_some

    def counted(*args: object, **options: object) -> list[live.Facts]:
        found = whole(*args, **options)
        read.append(len(found))
        return found

    monkeypatch.setattr(live.LiveIndex, "holding_some", counted)
    assert len(similar_ideas(contest, "Ideas")) == SHOWN
    assert read == [10]


@pytest.mark.parametrize(
    "text",
    ["\x00", "'\"*() AND OR NOT", "a" * 10_000, "字" * 10_000, "\u202e", "𨋢", "a b " * 3000, "％"],
)
def test_any_text_may_be_asked(contest: Engagement, text: str) -> None:
    make_public_idea(contest, "Drinking fountains")
    assert like(text, whole=True) == like(text) == []
    assert similar_ideas(contest, text) == []


def test_an_index_that_is_broken_suggests_nothing_and_tells(
    contest: Engagement, caplog: pytest.LogCaptureFixture
) -> None:
    make_public_idea(contest, "Drinking fountains")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE search_searchtoken RENAME TO away")
        assert similar_ideas(contest, "Drinking fountains") == []
        cursor.execute("ALTER TABLE away RENAME TO search_searchtoken")
    assert "could not be looked up" in caplog.text
    assert len(similar_ideas(contest, "Drinking fountains")) == 1


def test_texts_at_hand_are_compared_too_and_many_at_a_glance_first() -> None:
    texts = {7: "多種樹", 8: "应该增加街上的垃圾桶", 9: "應該增加街上嘅垃圾桶！", 10: "減少垃圾桶"}
    found = most_alike("應該增加街上嘅垃圾桶", texts, limit=3)
    assert [key for key, _likeness in found][:2] == [9, 8]
    assert 1 >= found[0][1] >= found[-1][1] >= LEAST
    assert most_alike("", texts, limit=3) == most_alike("a", {}, limit=3) == []
    assert most_alike("完全不同", {1: "abc"}, limit=3) == []
    many = {number: f"Another text of number {number}" for number in range(1000)}
    assert most_alike("應該增加街上嘅垃圾桶", {**many, **texts}, limit=3) == found
    assert len(most_alike("Another text of number 5", many, limit=2)) == 2
