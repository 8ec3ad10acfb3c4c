"""Migration 0009 on a register that holds keys sent twice: what it forgets, and that it ends well.

The rest of the history stays as it is: the constraint is taken away for the test, rows are written
that it would refuse, and the migration's own steps run on the models as they were then.
"""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from core import clock
from participation.models import Contribution, Engagement
from tests.factories.engagements import make_engagement
from tests.factories.participation import make_citizen

pytestmark = [pytest.mark.django_db, pytest.mark.db]

NAME = "contribution_submitted_once_by_nobody"
KEY = "api:0123456789abcdef"


def sent(engagement: Engagement, **fields: Any) -> Contribution:
    return Contribution.objects.create(
        engagement=engagement,
        **{
            "kind": "comment",
            "language": "en",
            "received_at": clock.now(),
            "state": "confidential",
            "text": "Said",
            "idempotency_key": KEY,
            **fields,
        },
    )


def test_keys_used_twice_by_nobody_keep_the_first_and_nothing_else_is_touched():
    module = importlib.import_module("participation.migrations.0009_sent_once_by_nobody")
    before = MigrationLoader(connection).project_state(("participation", "0008_kinds_of_rooms"))
    constraint = next(one for one in Contribution._meta.constraints if one.name == NAME)
    editor = connection.SchemaEditorClass(connection)
    with connection.cursor() as cursor:
        cursor.execute(str(constraint.remove_sql(Contribution, editor)))

    here, other = make_engagement(), make_engagement()
    first, *again = [sent(here) for _time in range(3)]
    elsewhere, as_statement = sent(other), sent(here, kind="statement")
    other_key = sent(here, idempotency_key="api:another")
    persons = [sent(here, person=make_citizen().person) for _person in range(2)]
    without = [sent(here, idempotency_key="") for _time in range(2)]
    kept = {row.pk: KEY for row in (first, elsewhere, as_statement, *persons)}
    kept[other_key.pk] = "api:another"
    kept |= dict.fromkeys([row.pk for row in (*again, *without)], "")

    for _time in range(2):
        module.forget_repeated_keys(before.apps, editor)
        assert dict(Contribution.objects.values_list("pk", "idempotency_key")) == kept
    assert set(Contribution.objects.values_list("text", "state")) == {("Said", "confidential")}
    # PostgreSQL changes no table whose rows still wait for their foreign keys to be checked.
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute(str(constraint.create_sql(Contribution, editor)))
    with pytest.raises(IntegrityError), transaction.atomic():
        sent(here)
