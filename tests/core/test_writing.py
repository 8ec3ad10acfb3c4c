"""Rows written by a statement that is put together once are the rows that Django writes."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.db.transaction import TransactionManagementError
from django_tasks_db.models import DBTaskResult

from core import writing
from core.models import AuditEntry, AuditHead
from notifications.models import Notice
from tests.factories.accounts import make_account

pytestmark = [pytest.mark.django_db, pytest.mark.db]
AT = dt.datetime(2026, 11, 22, 13, 45, 30, 123456, tzinfo=dt.UTC)


def entry(number: int = 0, **more: object) -> AuditEntry:
    named = {"verb": "test.write", "at": AT, "actor": str(number), "salt": "x", "rows": []}
    return AuditEntry(**{**named, **more})


def notice(account, number: int) -> Notice:
    return Notice(kind="test", event_key=f"event-{number}", account=account, created_at=AT)


def test_a_row_comes_back_as_it_was_given():
    given = entry(rows=[["a.B", "1", "渡輪 '%s' \\"]], batch={"count": 2}, subject="%s; --")
    writing.insert([given])
    found = AuditEntry.objects.get(pk=given.pk)
    for field in AuditEntry._meta.concrete_fields:
        assert getattr(found, field.attname) == getattr(given, field.attname), field.name
    # It stands: writing it again is refused as for any entry.
    with pytest.raises(TypeError):
        given.save()


def test_what_django_writes_and_what_is_written_here_are_the_same():
    ours, theirs = entry(batch=None), entry(batch=None)
    writing.insert([ours])
    theirs.save()
    columns = ["verb", "at", "actor", "engagement", "subject", "salt", "rows", "batch"]
    first, second = AuditEntry.objects.filter(pk__in=[ours.pk, theirs.pk]).values_list(*columns)
    assert first == second
    # JSON's null and the database's are two things.
    nulls = AuditEntry.objects.filter(pk__in=[ours.pk, theirs.pk], batch__isnull=True)
    assert nulls.count() in {0, 2}


def test_more_rows_than_one_statement_takes_keep_their_order(django_assert_num_queries):
    rows = [entry(number) for number in range(writing.AT_ONCE * 2 + 1)]
    with django_assert_num_queries(3):
        writing.insert(rows)
    stored = AuditEntry.objects.filter(verb="test.write").order_by("pk")
    assert list(stored.values_list("pk", "actor")) == [(row.pk, row.actor) for row in rows]
    writing.insert([])


def test_what_stands_already_is_left_out_and_the_others_are_named():
    account = make_account()
    first, second = (notice(account, number) for number in (1, 2))
    assert writing.insert_new([first], named="public_id") == [first]
    again = notice(account, 1)
    assert writing.insert_new([again, second], named="public_id") == [second]
    assert again.pk is None
    assert set(Notice.objects.filter(account=account)) == {first, second}


def test_what_a_constraint_refuses_ends_the_transaction():
    account = make_account()
    with transaction.atomic():
        with pytest.raises(IntegrityError):
            writing.insert([notice(account, 1), notice(account, 1)])
        with pytest.raises(TransactionManagementError):
            Notice.objects.exists()
    assert not Notice.objects.filter(account=account).exists()


@pytest.mark.parametrize("row", [DBTaskResult(), AuditHead()], ids=["a-uuid", "a-given-number"])
def test_only_rows_that_the_database_numbers_are_written(row):
    with pytest.raises(TypeError):
        writing.insert([row])
