"""What becomes of a person's points by time, by closing the account, by merging two persons."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Account, Person
from accounts.persons import lock_person
from crowdtasks.ledger.actions.books import account_of, open_books
from crowdtasks.ledger.actions.expiring import write_off_expired
from crowdtasks.ledger.models import AccountKind, Entry, EntryKind, Hold, PointsAccount
from crowdtasks.ledger.policies import Officer


def _has_account(person: Person) -> bool:
    return PointsAccount.objects.filter(person=person).exists()


@transaction.atomic
def expire(*, person: Person) -> Entry | None:
    """Write off what has expired by now; None where nothing has. A second call does nothing."""
    person = lock_person(person)
    if not _has_account(person):
        return None
    available = account_of(AccountKind.AVAILABLE, person)
    expired = account_of(AccountKind.EXPIRED, person)
    books = open_books(available, expired)
    return write_off_expired(books, person, available=available, expired=expired)


@transaction.atomic
def forfeit(*, person: Person, by: Officer = "system") -> Entry | None:
    """All points that are the person's, held ones too, are given up with the account (P13).

    The caller holds the person's lock and makes it a tombstone. Returns None where there were
    none. What was spent or has expired stays where it is: the entries keep summing to zero.
    """
    if not _has_account(person):
        return None
    pending = account_of(AccountKind.PENDING, person)
    available = account_of(AccountKind.AVAILABLE, person)
    forfeited = account_of(AccountKind.FORFEITED)
    books = open_books(pending, available, forfeited)
    held, free = books.balance(pending), books.balance(available)
    if not held + free:
        return None
    Hold.objects.filter(account=pending).delete()
    moves = [
        (account, -amount) for account, amount in ((pending, held), (available, free)) if amount
    ]
    return books.write(
        kind=EntryKind.FORFEIT,
        key=f"forfeit:{person.public_id}:{books.number(pending)}.{books.number(available)}",
        moves=[*moves, (forfeited, held + free)],
        # Closing the own account is no act of office.
        by=by if isinstance(by, Account) and by.person_id != person.pk else None,
        person=person,
    )


@transaction.atomic
def merge(*, keep: Person, gone: Person) -> Entry | None:
    """Move the points of a person that turned out to be another to that one; holds stay held.

    The caller holds both persons' locks. What has expired is written off before. The points that
    move last from this moment. Returns None where there was nothing to move.
    """
    if not _has_account(gone):
        return None
    origins = [account_of(kind, gone) for kind in (AccountKind.PENDING, AccountKind.AVAILABLE)]
    targets = [account_of(kind, keep) for kind in (AccountKind.PENDING, AccountKind.AVAILABLE)]
    expired = account_of(AccountKind.EXPIRED, gone)
    books = open_books(*origins, *targets, expired)
    write_off_expired(books, gone, available=origins[1], expired=expired)
    moves = []
    for origin, target in zip(origins, targets, strict=True):
        if amount := books.balance(origin):
            moves += [(origin, -amount), (target, amount)]
    if not moves:
        return None
    Hold.objects.filter(account=origins[0]).update(account=targets[0])
    return books.write(
        kind=EntryKind.MERGE,
        key=f"merge:{gone.public_id}:{keep.public_id}",
        moves=moves,
        person=keep,
    )
