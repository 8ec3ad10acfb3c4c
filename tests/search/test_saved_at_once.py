"""Finding, telling and changing what is told meet at one instant (PostgreSQL)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.http import QueryDict

from accounts.actions import close_account
from accounts.models import Account
from accounts.persons import lock_with_account
from core import faults
from core.exceptions import Absent
from notifications.models import Notice
from participation.models import Engagement
from search.actions.matching import match
from search.actions.saving import change_search, remove_search, save_search
from search.actions.telling import tell
from search.filters import read_filters
from search.models import Every, SavedSearch
from search.tasks import tell_now
from tests.factories.engagements import make_account
from tests.factories.ideas import make_contest, make_public_idea
from tests.factories.together import Beside, beside

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("tree"),
    pytest.mark.only_on("postgresql", reason="SQLite has one writer at a time."),
]


@pytest.fixture
def meet(monkeypatch) -> Callable[[str, Callable[[], Any]], list[Beside]]:
    """Have a work begin in another thread when this one comes to a point, once."""

    def at(point: str, work: Callable[[], Any]) -> list[Beside]:
        begun: list[Beside] = []

        def here(name: str) -> None:
            if name == point and not begun:
                begun.append(beside(work))

        monkeypatch.setattr(faults, "point", here)
        return begun

    return at


def _saved(every: str = Every.SOON) -> tuple[SavedSearch, Engagement]:
    row = save_search(
        filters=read_filters(QueryDict("q=wombat")), every=every, account=make_account()
    )
    contest = make_contest(moderation_policy="before")[1]
    match()
    make_public_idea(contest, "Wombat 1")
    return row, contest


def _counts(row: SavedSearch) -> list[int]:
    rows = Notice.objects.filter(account=row.account, kind="saved-search").order_by("pk")
    return [params["count"] for params in rows.values_list("params", flat=True)]


@pytest.mark.parametrize("point", ["saved.told", "saved.noted"])
def test_what_is_found_while_somebody_is_told_is_told_next_and_once(meet, point) -> None:
    row, contest = _saved()
    match()
    make_public_idea(contest, "Wombat 2")
    begun = meet(point, match)
    assert tell() == 1
    assert begun[0].result() == 1
    tell_now()
    tell_now()
    assert _counts(row) == [1, 1]


def test_two_who_tell_at_once_tell_once(meet) -> None:
    row, _contest = _saved()
    match()
    begun = meet("saved.told", tell)
    assert tell() + begun[0].result() == 1
    assert _counts(row) == [1]


def test_another_pace_while_something_is_found_loses_nothing(meet) -> None:
    row, _contest = _saved(Every.DAILY)
    begun = meet("saved.due", lambda: change_search(search=row, every=Every.SOON, by=row.account))
    assert match() == 1
    begun[0].result()
    tell()
    assert _counts(row) == [1]


def test_a_pace_that_is_being_changed_is_known_to_who_finds_something() -> None:
    row, _contest = _saved(Every.WEEKLY)
    with transaction.atomic():
        change_search(search=row, every=Every.SOON, by=row.account)
        other = beside(match)
    assert other.result() == 1
    tell()
    assert _counts(row) == [1]


@pytest.mark.parametrize("ended", [False, True], ids=["removed", "closed"])
def test_who_is_being_told_closes_the_account_or_removes_the_search(meet, ended) -> None:
    row, _contest = _saved()
    match()
    account = Account.objects.get(pk=row.account_id)
    begun = meet(
        "saved.told",
        lambda: close_account(account=account) if ended else remove_search(search=row, by=account),
    )
    assert tell() == 1
    begun[0].result()
    assert not SavedSearch.objects.exists()
    assert not Notice.objects.filter(kind="saved-search").exists()


def test_an_account_that_is_held_is_told_the_next_time() -> None:
    row, _contest = _saved()
    match()
    with transaction.atomic():
        lock_with_account(row.account)
        other = beside(tell)
        assert other.is_over(10)
    assert other.result() == 0
    assert tell() == 1


def test_a_search_is_removed_while_its_account_is_closed() -> None:
    """Both delete its notices: the one holds them and waits for the turn of the other."""
    row, _contest = _saved()
    tell_now()
    account = Account.objects.get(pk=row.account_id)
    with transaction.atomic():
        lock_with_account(account)
        Notice.objects.filter(account=account).delete()
        other = beside(lambda: remove_search(search=row, by=account))
        close_account(account=account)
    assert isinstance(other.result(), Absent)
