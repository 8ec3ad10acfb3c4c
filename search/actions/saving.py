"""Keeping a search, how often one is told of what is new for it, and giving it up."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import Account
from core import audit, clock, dates, limits
from core.exceptions import Absent, Invalid, Refused
from notifications.actions import forget_told
from search.filters import Filters
from search.models import Every, SavedHit, SavedQuestion, SavedSearch, SearchDoc
from search.saved.notices import events_of
from search.saved.questions import Kept, kept, lead_to, reading
from search.saved.turn import wait_for_turn

#: Searches that one account keeps.
MOST = 20
#: When what waits for a day or a week is told: in the morning, in Hong Kong; weeks on Monday.
TOLD_AT = dt.time(8)


def next_time(every: str, now: dt.datetime) -> dt.datetime:
    """When somebody who asked for this is told of what is found now."""
    if every == Every.SOON:
        return now
    here = now.astimezone(dates.ZONE)
    at = dt.datetime.combine(here.date(), TOLD_AT, dates.ZONE)
    if every == Every.WEEKLY:
        at += dt.timedelta(days=-here.weekday() % 7)
    if at <= here:
        at += dt.timedelta(days=7 if every == Every.WEEKLY else 1)
    return at


@transaction.atomic
def save_search(*, filters: Filters, every: str, account: Account) -> SavedSearch:
    """Keep a search; what is public now is not new. One that is kept already stays one.

    Then its words, order and how often are as they are now. Raises ``Invalid`` for what cannot be
    kept and for more than ``MOST``, ``Absent`` where the account was closed meanwhile, ``TooMany``.
    """
    limits.spend("save_search", account.public_id)
    asked = kept(filters)
    _known(every)
    _hold(account)
    wait_for_turn()
    question = SavedQuestion.objects.filter(key=asked.key).first()
    own = SavedSearch.objects.select_for_update(of=("self",)).filter(account=account)
    row = own.filter(question=question).first() if question else None
    if row is not None:
        return _changed(row, every=every, words=asked.words, sort=asked.sort)
    if own.count() >= MOST:
        raise Invalid(
            _("You keep 20 searches already. Remove one under My saved searches first."),
            code="too_many_searches",
        )
    row = SavedSearch.objects.create(
        account=account,
        question=question or _new(asked),
        words=asked.words,
        sort=asked.sort,
        every=every,
        created_at=clock.now(),
        from_document=SearchDoc.objects.aggregate(last=Max("pk"))["last"] or 0,
        told_hit=_last_hit(),
    )
    audit.record("saved_search.add", actor=account, subject=row.public_id, rows=[row])
    return row


def _hold(account: Account) -> None:
    """The account before the turn: closing it holds the one and waits for the other (ADR 57)."""
    if Account.objects.select_for_update(no_key=True).filter(pk=account.pk).first() is None:
        raise Absent


def _new(asked: Kept) -> SavedQuestion:
    read = reading()
    row = SavedQuestion.objects.create(
        key=asked.key, text=asked.words, facets=asked.facets, read_as=read.name
    )
    lead_to([row], read)
    return row


def _last_hit() -> int:
    return SavedHit.objects.aggregate(last=Max("pk"))["last"] or 0


def _known(every: str) -> None:
    if every not in Every.values:
        raise Invalid(_("Choose how often."), field="every")


@transaction.atomic
def change_search(*, search: SavedSearch, every: str, by: Account) -> SavedSearch:
    """Another pace, or none. Switched on again, one is told of what comes from now on.

    Raises ``Refused`` for somebody else's, ``Absent`` when it is gone, ``Invalid``, ``TooMany``.
    """
    if search.account_id != by.pk:
        raise Refused
    limits.spend("save_search", by.public_id)
    _known(every)
    return _changed(_locked(search), every=every)


@transaction.atomic
def stop_notices(*, search: SavedSearch) -> SavedSearch:
    """No more notices for it, by the link of a mail. Done twice it is done. It stays kept.

    Raises ``Absent`` when it is gone, ``TooMany``.
    """
    # Each by itself: programs that stop many readers' mails come from few addresses.
    limits.spend("saved_search_stop", search.token)
    return _changed(_locked(search), every=Every.OFF)


def _locked(search: SavedSearch) -> SavedSearch:
    # Else something found meanwhile could wait without a time at which it is told.
    wait_for_turn()
    row = SavedSearch.objects.select_for_update().filter(pk=search.pk).first()
    if row is None:
        raise Absent
    return row


def _changed(row: SavedSearch, *, every: str, words: str = "", sort: str = "") -> SavedSearch:
    row.words, row.sort = words or row.words, sort or row.sort
    if row.every == every:
        row.save(update_fields=["words", "sort"])
        return row
    if row.every == Every.OFF:
        row.told_hit = _last_hit()
    if every == Every.OFF:
        row.due_at = None
    elif row.due_at is not None:
        row.due_at = next_time(every, clock.now())
    row.every = every
    row.save(update_fields=["words", "sort", "every", "told_hit", "due_at"])
    audit.record("saved_search.change", actor=row.account, subject=row.public_id, rows=[row])
    return row


@transaction.atomic
def remove_search(*, search: SavedSearch, by: Account) -> None:
    """Give it up, and the notices that repeat its words. Done twice it is done.

    Raises ``Refused`` for somebody else's, ``Absent`` where the account was closed, ``TooMany``.
    """
    if search.account_id != by.pk:
        raise Refused
    limits.spend("save_search", by.public_id)
    # Closing the account deletes its notices and then waits for the turn.
    _hold(by)
    erase_searches([search.pk], account=by)


def erase_searches(keys: list[int] | None, *, account: Account) -> None:
    """Delete these of an account, all without ``keys``, and what was told of them.

    Questions that nobody else keeps go along. The caller holds the account.
    """
    wait_for_turn()
    rows = SavedSearch.objects.select_for_update(of=("self",)).filter(account=account)
    found = list((rows if keys is None else rows.filter(pk__in=keys)).order_by("pk"))
    if not found:
        return
    audit.record("saved_search.erase", actor=account, rows=found)
    SavedSearch.objects.filter(pk__in=[row.pk for row in found]).delete()
    questions = {row.question_id for row in found}
    forget_told(account=account, events=[events_of(key) for key in sorted(questions)])
    SavedQuestion.objects.filter(pk__in=questions, searches=None).delete()
