"""The proof behind ``verify_ledger``: are the books what the entries say, entry by entry?

Everything is read in streams, so memory stays flat, and each check reads by statements that are
right for themselves while people go on earning and spending: an entry appears with all its legs at
once. Nothing is locked.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from crowdtasks.ledger import triggers
from crowdtasks.ledger.actions.books import seal_of
from crowdtasks.ledger.models import (
    AccountKind,
    Entry,
    EntryKind,
    Hold,
    Leg,
    PointsAccount,
    Proposal,
    Verdict,
)
from crowdtasks.ledger.models.account import SOURCE_PK

CHUNK = 1000
#: Faults beyond so many are counted, not spelled out.
SPELLED_OUT = 50

_K = AccountKind
_SPENDABLE = (_K.PENDING, _K.AVAILABLE)
#: From which kinds of accounts an entry takes, and to which it gives.
ROUTES: dict[str, tuple[set[str], set[str]]] = {
    EntryKind.GRANT: ({_K.SOURCE}, {_K.BUDGET}),
    EntryKind.RESERVE: ({_K.BUDGET}, {_K.ESCROW}),
    EntryKind.TOP_UP: ({_K.BUDGET}, {_K.ESCROW}),
    EntryKind.RETURN: ({_K.ESCROW}, {_K.BUDGET}),
    EntryKind.EARN: ({_K.ESCROW}, {*_SPENDABLE}),
    EntryKind.RELEASE: ({_K.PENDING}, {_K.AVAILABLE}),
    EntryKind.TAKE_BACK: ({*_SPENDABLE}, {_K.ESCROW, _K.BUDGET}),
    EntryKind.SPEND: ({_K.AVAILABLE}, {_K.REDEEMED}),
    EntryKind.REFUND: ({_K.REDEEMED}, {_K.AVAILABLE, _K.FORFEITED}),
    EntryKind.EXPIRE: ({_K.AVAILABLE}, {_K.EXPIRED}),
    EntryKind.FORFEIT: ({*_SPENDABLE}, {_K.FORFEITED}),
    EntryKind.MERGE: ({*_SPENDABLE}, {*_SPENDABLE}),
    EntryKind.AWARD: ({_K.BUDGET}, {_K.AVAILABLE}),
    EntryKind.DEDUCT: ({_K.AVAILABLE}, {_K.REVERSED}),
    EntryKind.REVERSAL: (
        {_K.BUDGET, _K.AVAILABLE, _K.REVERSED},
        {_K.SOURCE, _K.BUDGET, _K.AVAILABLE, _K.FORFEITED},
    ),
}
#: What each kind of entry may reverse.
REVERSES: dict[str, set[str]] = {
    EntryKind.TAKE_BACK: {EntryKind.EARN},
    EntryKind.REFUND: {EntryKind.SPEND},
    EntryKind.REVERSAL: {EntryKind.GRANT, EntryKind.AWARD, EntryKind.DEDUCT},
}
_SEALED = (
    "key",
    "kind",
    "points",
    "reason",
    "by_id",
    "second_id",
    "person_id",
    "engagement_id",
    "bureau_id",
    "reverses_id",
    "at",
)


class LedgerDoesNotHold(AssertionError):
    """The proof found faults; the first is in the message."""

    def __init__(self, report: Report) -> None:
        super().__init__(f"{len(report.faults) + report.more} faults. {report.faults[0]}")
        self.report = report


@dataclass
class Report:
    """What the proof saw. ``totals`` is what all accounts of each kind hold together."""

    entries: int = 0
    legs: int = 0
    accounts: int = 0
    totals: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    more: int = 0

    @property
    def ok(self) -> bool:
        """Whether the books hold."""
        return not self.faults

    def fault(self, sentence: str) -> None:
        """Note one fault; beyond ``SPELLED_OUT`` they are counted."""
        if len(self.faults) < SPELLED_OUT:
            self.faults.append(sentence)
        else:
            self.more += 1


def prove() -> Report:
    """Check everything; see the functions below for what."""
    report = Report()
    for name in triggers.missing():
        report.fault(f"The database's trigger {name} is missing or disabled.")
    prove_accounts(report)
    prove_entries(report)
    prove_reversals(report)
    prove_holds(report)
    prove_second_names(report)
    return report


def _key_of(entry: int) -> str:
    found = Entry.objects.filter(pk=entry).values_list("key", flat=True).first()
    return f"Entry {found}" if found else f"Entry number {entry}, which is gone,"


def prove_accounts(report: Report) -> None:
    """Leg by leg: numbers without a gap, running sums, no balance below zero, time in order;
    escrows that are closed hold nothing; all accounts together hold nothing."""
    rows = Leg.objects.order_by("account_id", "number").values_list(
        "account_id", "number", "amount", "balance", "credited", "entry_id", "at"
    )
    stream = rows.iterator(chunk_size=CHUNK)
    kinds = _kinds()
    for account, legs in itertools.groupby(stream, key=lambda row: row[0]):
        kind, closed, named = _next_of(kinds, account)
        report.accounts += 1
        number = balance = credited = 0
        last_entry, last_at = 0, None
        for _account, its_number, amount, its_balance, its_credited, entry, at in legs:
            report.legs += 1
            number, balance, credited = number + 1, balance + amount, credited + max(amount, 0)
            if its_number != number:
                report.fault(
                    f"{_key_of(entry)} stands as number {its_number} on account {account}"
                    f" ({kind}), where number {number} is due."
                )
                number = its_number
            if (its_balance, its_credited) != (balance, credited):
                report.fault(
                    f"{_key_of(entry)} says that account {account} ({kind}) then holds"
                    f" {its_balance} of {its_credited}; the legs make it {balance} of {credited}."
                )
                balance, credited = its_balance, its_credited
            if balance < 0 and account != SOURCE_PK:
                report.fault(f"{_key_of(entry)} leaves account {account} ({kind}) at {balance}.")
            if entry <= last_entry or (named and last_at is not None and at < last_at):
                report.fault(
                    f"{_key_of(entry)} stands after a later one on account {account} ({kind})."
                )
            last_entry, last_at = entry, at
        if closed and balance:
            report.fault(f"The escrow of account {account} is closed and still holds {balance}.")
        report.totals[kind] += balance
    if total := report.totals.total():
        report.fault(f"All accounts together hold {total}, not nothing.")


def _kinds() -> Iterator[tuple[int, str, bool, bool]]:
    """Every account in order: its kind, whether it is closed, whether it is a person's."""
    rows = PointsAccount.objects.order_by("pk").values_list("pk", "kind", "closed_at", "person_id")
    for pk, kind, closed_at, person in rows.iterator(chunk_size=CHUNK):
        yield pk, kind, closed_at is not None, person is not None


def _next_of(kinds: Iterator[tuple[int, str, bool, bool]], wanted: int) -> tuple[str, bool, bool]:
    """Go on to the wanted account. One that was made since is read by itself."""
    for pk, kind, closed, named in kinds:
        if pk == wanted:
            return kind, closed, named
        if pk > wanted:
            break
    row = PointsAccount.objects.filter(pk=wanted).first()
    if row is None:
        return "?", False, False
    return row.kind, row.closed_at is not None, row.person_id is not None


def prove_entries(report: Report) -> None:
    """Entry by entry: at least two legs that sum to zero, from and to the kinds of accounts that
    its kind allows, as much as it says, sealed as it was written; and no leg without its entry."""
    legs = _legs_by_entry()
    ahead = next(legs, None)
    rows = Entry.objects.order_by("pk").values_list("pk", "digest", *_SEALED)
    for pk, digest, *sealed in rows.iterator(chunk_size=CHUNK):
        while ahead is not None and ahead[0] < pk:
            _orphans(report, ahead[0])
            ahead = next(legs, None)
        own: list[Any] = []
        if ahead is not None and ahead[0] == pk:
            own, ahead = ahead[1], next(legs, None)
        report.entries += 1
        _prove_entry(report, digest, sealed, own)
    while ahead is not None:
        _orphans(report, ahead[0])
        ahead = next(legs, None)


def _legs_by_entry() -> Iterator[tuple[int, list[Any]]]:
    rows = Leg.objects.order_by("entry_id", "account_id").values_list(
        "entry_id", "account_id", "amount", "at", "account__kind"
    )
    stream = rows.iterator(chunk_size=CHUNK)
    for entry, legs in itertools.groupby(stream, key=lambda row: row[0]):
        yield entry, list(legs)


def _orphans(report: Report, entry: int) -> None:
    """Legs whose entry was not among those read: it is gone, unless it came meanwhile."""
    if not Entry.objects.filter(pk=entry).exists():
        report.fault(f"Entry number {entry} is gone, and its legs are there.")


def _prove_entry(report: Report, digest: str, sealed: list[Any], legs: list[Any]) -> None:
    key, kind, points, at = sealed[0], sealed[1], sealed[2], sealed[-1]
    total = sum(leg[2] for leg in legs)
    if len(legs) < 2 or total:
        report.fault(f"Entry {key} has {len(legs)} legs that sum to {total}, not to zero.")
        return
    if sum(leg[2] for leg in legs if leg[2] > 0) != points:
        report.fault(f"Entry {key} says {points} points, and its legs move others.")
    if seal_of(*sealed, [(leg[1], leg[2]) for leg in legs]) != digest:
        report.fault(f"Entry {key} is not what was written: its seal does not fit.")
    if any(leg[3] != at for leg in legs):
        report.fault(f"Entry {key} and its legs are of different times.")
    origins, targets = ROUTES.get(kind, (set(), set()))
    for leg in legs:
        if leg[4] not in (origins if leg[2] < 0 else targets):
            report.fault(f"Entry {key} ({kind}) moves {leg[2]} on an account of kind {leg[4]}.")


def prove_reversals(report: Report) -> None:
    """What takes something back takes all of it back, later, and is of the kind that may."""
    rows = (
        Entry.objects.filter(reverses__isnull=False)
        .order_by("pk")
        .values_list(
            "pk", "key", "kind", "points", "reverses_id", "reverses__kind", "reverses__points"
        )
    )
    for pk, key, kind, points, other, other_kind, other_points in rows.iterator(chunk_size=CHUNK):
        if other_kind not in REVERSES.get(kind, set()) or other >= pk or points != other_points:
            report.fault(
                f"Entry {key} ({kind}, {points} points) cannot reverse entry number {other}"
                f" ({other_kind}, {other_points} points)."
            )
    must = Entry.objects.filter(kind__in=list(REVERSES), reverses__isnull=True)
    for key in must.values_list("key", flat=True).iterator(chunk_size=CHUNK):
        report.fault(f"Entry {key} reverses nothing.")


def prove_holds(report: Report) -> None:
    """What is held for people is what waits to be released, account by account."""
    last = Leg.objects.filter(account=OuterRef("pk")).order_by("-number").values("balance")[:1]
    waiting = (
        Hold.objects.filter(account=OuterRef("pk")).values("account").annotate(all=Sum("points"))
    )
    rows = (
        PointsAccount.objects.filter(kind=AccountKind.PENDING)
        .annotate(
            held=Coalesce(Subquery(last), 0), waits=Coalesce(Subquery(waiting.values("all")), 0)
        )
        .exclude(held=F("waits"))
        .values_list("pk", "held", "waits")
    )
    for pk, held, waits in rows.iterator(chunk_size=CHUNK):
        report.fault(f"Account {pk} holds {held} points, and {waits} wait to be released.")
    strange = Hold.objects.exclude(account__kind=AccountKind.PENDING)
    for key in strange.values_list("entry__key", flat=True).iterator(chunk_size=CHUNK):
        report.fault(f"Entry {key} is held on an account that holds nothing for people.")


def prove_second_names(report: Report) -> None:
    """Each second name has agreed to a proposal of just that, and what was agreed to was done."""
    agreed = Proposal.objects.filter(verdict=Verdict.AGREED)
    same = agreed.filter(
        entry=OuterRef("pk"),
        kind=OuterRef("kind"),
        points=OuterRef("points"),
        proposed_by=OuterRef("by"),
        decided_by=OuterRef("second"),
    )
    named = Entry.objects.filter(second__isnull=False)
    for key in named.filter(~Exists(same)).values_list("key", flat=True).iterator(chunk_size=CHUNK):
        report.fault(f"Entry {key} has a second name, and nobody agreed to a proposal of it.")
    idle = agreed.filter(entry__isnull=True) | agreed.filter(entry__second__isnull=True)
    for public_id in idle.values_list("public_id", flat=True).iterator(chunk_size=CHUNK):
        report.fault(
            f"Proposal {public_id} was agreed to, and no entry with both names came of it."
        )
