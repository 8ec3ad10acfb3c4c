"""What every import shares: its persons, and the audit entries of its batches (decision 10)."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from django.db import transaction
from django.db.models import Model

from accounts.models import Person
from core import audit, clock
from participation.models import Engagement

#: Rows that are checked, written and audited together.
BATCH = 1000
Item = TypeVar("Item")


def batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """The items in lists of ``BATCH``; one list at a time is in memory."""
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        yield batch


def record_rows(verb: str, rows: Sequence[Model], engagement: Engagement) -> None:
    """The audit entry of one batch: rows of one model that were just written."""
    if rows:
        audit.record_batch(
            verb,
            actor=audit.SYSTEM,
            model=type(rows[0]),
            keys=[row.pk for row in rows],
            engagement_id=engagement.public_id,
        )


@transaction.atomic
def import_people(*, engagement: Engagement, source: str, import_ids: list[str]) -> list[Person]:
    """Make a person without account for each id at the source, a batch's worth of them.

    The database refuses an id that the source was imported with before.
    """
    now = clock.now()
    made = Person.objects.bulk_create(
        Person(import_source=source, import_id=each, level=0, created_at=now) for each in import_ids
    )
    record_rows("person.import", made, engagement)
    return made
