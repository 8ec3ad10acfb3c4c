"""Finding the person a key leads to, through every merge."""

from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Account, Person

# Merging shortens every chain to one step; the rest is for a row changed by hand.
_LONGEST_CHAIN = 8


def living(person: Person) -> Person:
    """The person that stands for this one after merges. Raises RuntimeError for a circle."""
    for _step in range(_LONGEST_CHAIN):
        if person.merged_into_id is None:
            return person
        person = Person.objects.get(pk=person.merged_into_id)
    raise RuntimeError(f"Person {person.public_id} is merged in a circle.")


def lock_person(person: Person) -> Person:
    """The living person, locked, so that nobody closes or merges it meanwhile.

    Persons are locked before anything of theirs, everywhere (``crowdtasks.ledger.locks``).
    """
    return lock_person_numbered(living(person).pk)


def lock_person_numbered(pk: int) -> Person:
    """The same by the primary key."""
    while True:
        locked = Person.objects.select_for_update(no_key=True).get(pk=pk)
        if locked.merged_into_id is None:
            return locked
        pk = locked.merged_into_id


def lock_with_account(account: Account) -> tuple[Person, Account]:
    """The living person of an account and then the account, locked and read anew.

    In this order, since whoever holds a person writes what points to the account.
    """
    while True:
        person = lock_person_numbered(account.person_id)
        account = Account.objects.select_for_update().get(pk=account.pk)
        if account.person_id == person.pk:
            return person, account


def person_with_key(key: str, *, lock: bool = False) -> Person | None:
    """The person a key leads to, or None. ``lock`` holds the row until the transaction ends."""
    rows = Person.objects.select_for_update() if lock else Person.objects.all()
    found = rows.filter(person_key=key).first()
    return living(found) if found is not None else None


def everything_of(person: Person) -> list[int]:
    """Primary keys of the person and of all that were merged into it: rows stay with either."""
    return [person.pk, *person.merged_from.values_list("pk", flat=True)]


def all_of(person: Person) -> QuerySet[Any, Any]:
    """The same as a subquery: for lists that are read often, which ask one thing less."""
    return Person.objects.filter(Q(pk=person.pk) | Q(merged_into=person.pk)).values_list("pk")
