"""What every import shares: its persons, and the audit entries of its batches (decision 10)."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import QuerySet

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


def record_rows(verb: str, rows: QuerySet[Any], keys: list[int], engagement: Engagement) -> None:
    """The audit entry of one batch: the rows of these keys, found among ``rows``."""
    audit.record_batch(
        verb,
        actor=audit.SYSTEM,
        model=rows.model,
        first_id=min(keys),
        last_id=max(keys),
        count=len(keys),
        engagement_id=engagement.public_id,
        among=rows,
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
    mine = Person.objects.filter(import_source=source)
    record_rows("person.import", mine, [person.pk for person in made], engagement)
    return made
