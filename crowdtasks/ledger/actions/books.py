"""The books while they are open: accounts locked in one order, entries written with their legs."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection
from django.utils.translation import gettext as _

from accounts.models import Account, Bureau, Person
from accounts.persons import living
from core import audit, clock
from core.exceptions import Absent, Conflict
from core.writing import insert
from crowdtasks.ledger.models import AccountKind, Entry, Leg, PointsAccount
from crowdtasks.ledger.models.account import SOURCE_PK
from crowdtasks.ledger.policies import Officer
from participation.models import Engagement

Move = tuple[PointsAccount, int]
#: What a seal is made over; made once, since the proof goes over every entry.
_AS_JSON = json.JSONEncoder(ensure_ascii=False)


class LedgerFault(AssertionError):
    """The ledger was asked for what it cannot promise: a mistake of the programmer."""


def account_of(
    kind: AccountKind, holder: Bureau | Engagement | Person | None = None
) -> PointsAccount:
    """The account of that kind, made when it is first needed."""
    if kind == AccountKind.SOURCE:
        return PointsAccount.objects.get_or_create(pk=SOURCE_PK, defaults={"kind": kind})[0]
    named: dict[str, Any] = {}
    if isinstance(holder, Bureau):
        named = {"bureau": holder}
    elif isinstance(holder, Engagement):
        named = {"engagement": holder}
    elif isinstance(holder, Person):
        named = {"person": holder}
    else:
        named = {"bureau": None, "engagement": None, "person": None}
    return PointsAccount.objects.get_or_create(kind=kind, **named)[0]


def earlier(key: str, kind: str, *, person: Person | None = None, **content: Any) -> Entry | None:
    """The entry that was written with this key, or None.

    ``content`` are fields that must be the same. A person and the one it was merged into are the
    same. Raises ``Conflict`` for another content.
    """
    found = Entry.objects.select_related("person").filter(key=key).first()
    if found is None:
        return None
    same = found.kind == kind and all(getattr(found, name) == it for name, it in content.items())
    if same and person is not None:
        same = found.person is not None and living(found.person).pk == living(person).pk
    if not same:
        raise Conflict(_("This key was used for something else."), code="key_reused", status=422)
    return found


def entry_with(key: str, kind: str) -> Entry:
    """The entry of that kind with that key. Raises ``Absent``."""
    rows = Entry.objects.select_related("person", "engagement__owner", "bureau")
    found = rows.filter(key=key, kind=kind).first()
    if found is None:
        raise Absent
    return found


@dataclass
class _Standing:
    """An account as the open books have it."""

    row: PointsAccount
    number: int
    balance: int
    credited: int
    last_at: dt.datetime | None


class Books:
    """Accounts that nobody else writes to until the transaction ends. See ``open_books``."""

    def __init__(self, standings: dict[int, _Standing]) -> None:
        self._standings = standings

    def row(self, account: PointsAccount) -> PointsAccount:
        """The account's row as it was read under the lock."""
        return self._standings[account.pk].row

    def balance(self, account: PointsAccount) -> int:
        """What the account holds now."""
        return self._standings[account.pk].balance

    def credited(self, account: PointsAccount) -> int:
        """All it ever received."""
        return self._standings[account.pk].credited

    def number(self, account: PointsAccount) -> int:
        """How many legs it has."""
        return self._standings[account.pk].number

    def write(
        self,
        *,
        kind: str,
        key: str,
        moves: Sequence[Move],
        by: Officer = None,
        second: Person | None = None,
        person: Person | None = None,
        engagement: Engagement | None = None,
        bureau: Bureau | None = None,
        reverses: Entry | None = None,
        reason: str = "",
    ) -> Entry:
        """Write one entry with its legs and its line in the audit trail.

        The caller has looked whether the accounts hold enough; the database looks again.
        Raises ``LedgerFault`` for legs that do not sum to zero or an account that is not open,
        ``Conflict`` when the key was used at the same instant for other accounts.
        """
        total: int = sum(amount for _account, amount in moves)
        if len(moves) < 2 or total != 0:
            raise LedgerFault("The legs of an entry sum to zero.")
        if any(account.pk not in self._standings for account, _amount in moves):
            raise LedgerFault("An account is opened before it is written to.")
        entry = Entry(
            key=key,
            kind=kind,
            points=sum(amount for _account, amount in moves if amount > 0),
            reason=reason,
            by=by.person if isinstance(by, Account) else None,
            second=second,
            person=person,
            engagement=engagement,
            bureau=bureau,
            reverses=reverses,
            at=self._moment(moves),
        )
        entry.digest = seal(entry, [(account.pk, amount) for account, amount in moves])
        try:
            insert([entry])
        except IntegrityError as error:
            raise Conflict(code="key_taken") from error
        legs = [self._leg(entry, account, amount) for account, amount in moves]
        insert(legs)
        audit.record(
            f"points.{kind}",
            actor=by or person or audit.SYSTEM,
            engagement_id=engagement.public_id if engagement is not None else "",
            subject=entry.public_id,
            rows=[entry, *legs],
        )
        return entry

    def join(self, account: PointsAccount) -> None:
        """Open one account more, the last: one that many write to, and no person holds.

        Accounts of a person are waited for by nobody who does not hold the person's lock, so
        whoever waits here holds nothing that the one before it needs.
        """
        self._standings |= _standings(_locked([account.pk]))

    def _moment(self, moves: Sequence[Move]) -> dt.datetime:
        """Now, but never before a person's last entry: requests that waited for the lock began
        earlier, and the order of lots is the order of time."""
        lasts = [
            standing.last_at
            for standing in (self._standings[account.pk] for account, _amount in moves)
            if standing.row.person_id is not None and standing.last_at is not None
        ]
        return max([clock.now(), *lasts])

    def _leg(self, entry: Entry, account: PointsAccount, amount: int) -> Leg:
        standing = self._standings[account.pk]
        standing.number += 1
        standing.balance += amount
        standing.credited += max(amount, 0)
        standing.last_at = entry.at
        return Leg(
            entry=entry,
            account=account,
            number=standing.number,
            amount=amount,
            balance=standing.balance,
            credited=standing.credited,
            at=entry.at,
        )


def open_books(*accounts: PointsAccount) -> Books:
    """Lock the accounts, in one order everywhere, and read where each stands.

    Raises ``LedgerFault`` outside a transaction.
    """
    return Books(_standings(_locked([account.pk for account in accounts])))


def open_person(person: Person, *kinds: AccountKind) -> tuple[Books, list[PointsAccount]]:
    """The books of one person's accounts, made where they are missing, and these in that order.

    The caller holds the person's lock.
    """
    rows, last = PointsAccount.objects.held_with_last(person.pk, kinds)
    there = {row.kind for row in rows}
    if missing := [kind for kind in kinds if kind not in there]:
        fresh = [PointsAccount(kind=kind, person=person) for kind in missing]
        PointsAccount.objects.bulk_create(fresh, ignore_conflicts=True)
        # Again and all of them: locks are taken in one order.
        rows, last = PointsAccount.objects.held_with_last(person.pk, kinds)
    found = {row.kind: row for row in rows}
    return Books(_as_of(rows, last)), [found[kind] for kind in kinds]


def _locked(keys: list[int]) -> list[PointsAccount]:
    if not connection.in_atomic_block:
        raise LedgerFault("The books are opened inside a transaction.")
    rows = PointsAccount.objects.filter(pk__in=sorted(set(keys))).order_by("pk")
    return list(rows.select_for_update())


def _standings(rows: list[PointsAccount]) -> dict[int, _Standing]:
    """Of accounts that are locked. A statement of its own: the one that waited for the lock does
    not see what it waited for."""
    return _as_of(rows, Leg.objects.last_of([row.pk for row in rows]))


def _as_of(rows: list[PointsAccount], last: dict[int, Leg]) -> dict[int, _Standing]:
    return {
        row.pk: _Standing(row, leg.number, leg.balance, leg.credited, leg.at)
        if (leg := last.get(row.pk)) is not None
        else _Standing(row, 0, 0, 0, None)
        for row in rows
    }


def seal(entry: Entry, moves: Sequence[tuple[int, int]]) -> str:
    """The digest over everything an entry says and moves; ``verify_ledger`` makes it again."""
    return seal_of(
        entry.key,
        entry.kind,
        entry.points,
        entry.reason,
        entry.by_id,
        entry.second_id,
        entry.person_id,
        entry.engagement_id,
        entry.bureau_id,
        entry.reverses_id,
        entry.at,
        moves,
    )


def seal_of(*values: Any) -> str:
    """The digest of the values in the order of ``seal``; the time is the last but one."""
    *plain, at, moves = values
    content = [*plain, at.astimezone(dt.UTC).isoformat(timespec="microseconds"), sorted(moves)]
    return hashlib.sha256(_AS_JSON.encode(content).encode()).hexdigest()
