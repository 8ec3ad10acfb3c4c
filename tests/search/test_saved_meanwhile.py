"""Saved searches: what happens between finding, writing down and telling is neither lost nor told
twice."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.actions import close_account
from accounts.models import Account
from core import faults
from core.alone import alone
from core.exceptions import Absent
from ideas.models import Idea
from search.actions import matching
from search.actions.matching import match
from search.actions.saving import change_search, remove_search, stop_notices
from search.actions.telling import tell
from search.models import Every, SavedHit, SavedSearch, SearchDoc, SearchScope
from search.tasks import TELLING_PEOPLE, tell_now
from tests.factories.engagements import make_account
from tests.factories.ideas import make_contest, make_public_idea
from tests.search.test_saved import save, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


@pytest.fixture(scope="module")
def world(rows_of_the_module: None) -> dict[str, Any]:
    contest = make_contest(title="Wombat ideas", moderation_policy="before")[1]
    match()
    return {"contest": contest}


def test_nothing_is_kept_for_an_account_that_was_closed_meanwhile():
    account = make_account()
    row = save("q=wombat", account)
    close_account(account=Account.objects.get(pk=account.pk))
    for act in (
        lambda: save("q=wombat", account),
        lambda: change_search(search=row, every=Every.DAILY, by=account),
        lambda: stop_notices(search=row),
        lambda: remove_search(search=row, by=account),
    ):
        with pytest.raises(Absent):
            act()
    assert not SavedSearch.objects.exists()


def test_told_at_says_when_somebody_was_told_of_something(world):
    row = save("q=secretly")
    gone = make_public_idea(world["contest"], "Secretly gone")
    match()
    Idea.objects.filter(pk=gone.pk).update(is_public=False)
    tell()
    row.refresh_from_db()
    assert (row.told_at, row.due_at) == (None, None)
    make_public_idea(world["contest"], "Secretly there")
    tell_now()
    row.refresh_from_db()
    assert row.told_at is not None


def test_one_tells_at_a_time(world):
    account = make_account()
    save("q=wombat", account)
    make_public_idea(world["contest"], "Wombat 1")
    with alone(TELLING_PEOPLE):
        tell_now()
    assert told(account) == []
    tell_now()
    assert len(told(account)) == 1


def test_what_changes_between_reading_and_writing_is_left_for_the_next_time(world, monkeypatch):
    account, other = make_account(), make_account()
    save("q=quokka", account)
    given_up = save("q=potoroo", other)
    ideas = [make_public_idea(world["contest"], f"Quokka potoroo {each}") for each in range(3)]

    done: list[str] = []

    def meanwhile(point):
        if point == "saved.answered" and not done:
            done.append(point)
            remove_search(search=given_up, by=other)
            SearchDoc.objects.filter(kind="idea", object_id=ideas[0].pk).delete()
            SearchDoc.objects.filter(kind="idea", object_id=ideas[1].pk).update(digest="other")

    monkeypatch.setattr(faults, "point", meanwhile)
    assert match() == 1
    assert SavedHit.objects.count() == 1
    assert match() == 1
    tell()
    assert [row["count"] for row in told(account)] == [2]


def test_long_texts_are_read_one_after_the_other(world, monkeypatch):
    account = make_account()
    save("q=quokka", account)
    for number in range(4):
        make_public_idea(world["contest"], f"Quokka {number}")
    monkeypatch.setattr(matching, "WORDS", 1)
    assert match() == 4
    tell()
    assert [row["count"] for row in told(account)] == [4]


def test_it_is_told_though_nothing_else_came_between_saving_and_showing(world):
    account = make_account()
    make_public_idea(world["contest"], "Secretly there")
    scope = SearchScope.objects.get(key=SearchDoc.objects.filter(kind="idea").latest("pk").scope)
    SearchScope.objects.filter(pk=scope.pk).update(visible=False)
    save("q=secretly", account)
    # Looked for, and nothing was new.
    tell_now()
    SearchScope.objects.filter(pk=scope.pk).update(visible=True)
    tell_now()
    assert [row["count"] for row in told(account)] == [1]
