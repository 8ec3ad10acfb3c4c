"""The proof behind ``verify_ledger``: are the books what the entries say, entry by entry?

What is read is read in streams, so memory stays flat, and each check reads by statements that are
right for themselves while people go on earning and spending: an entry appears with all its legs at
once. Nothing is locked.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest

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
    counted = Leg.objects.aggregate(legs=Count("pk"), held=Count("account", distinct=True))
    report.legs, report.accounts = counted["legs"], counted["held"]
    for leg in _out_of_line().iterator(chunk_size=CHUNK):
        _say_what_is_wrong(report, leg)
    below = Leg.objects.filter(balance__lt=0).exclude(account=SOURCE_PK)
    named = ("entry_id", "account_id", "account__kind", "balance")
    for entry, account, kind, balance in below.values_list(*named).iterator(chunk_size=CHUNK):
        report.fault(f"{_key_of(entry)} leaves account {account} ({kind}) at {balance}.")
    last = Leg.objects.filter(account=OuterRef("pk")).order_by("-number").values("balance")[:1]
    accounts = PointsAccount.objects.annotate(left=Coalesce(Subquery(last), 0))
    filled = accounts.filter(closed_at__isnull=False).exclude(left=0)
    for pk, left in filled.values_list("pk", "left").iterator(chunk_size=CHUNK):
        report.fault(f"The escrow of account {pk} is closed and still holds {left}.")
    for kind, left in accounts.order_by().values_list("kind").annotate(all=Sum("left")):
        report.totals[kind] = left
    if total := report.totals.total():
        report.fault(f"All accounts together hold {total}, not nothing.")


def _out_of_line() -> QuerySet[Leg]:
    """Legs that do not follow the one before them on their account, in the order they were written.

    The database looks, by the index of an account's numbers: it passes over a million legs in the
    time in which a thousand are read here.
    """
    came_in = Greatest("amount", 0)
    first = Q(number=1, balance=F("amount"), credited=came_in)
    follows = Leg.objects.filter(
        Q(at__lte=OuterRef("at")) | Q(account__person__isnull=True),
        account=OuterRef("account"),
        number=OuterRef("number") - 1,
        balance=OuterRef("balance") - OuterRef("amount"),
        credited=OuterRef("credited") - Greatest(OuterRef("amount"), 0),
        entry__lt=OuterRef("entry"),
    )
    return (
        Leg.objects.exclude(first).filter(~Exists(follows)).order_by("pk").select_related("account")
    )


def _say_what_is_wrong(report: Report, leg: Leg) -> None:
    if len(report.faults) >= SPELLED_OUT:
        report.more += 1
        return
    where, key = f"account {leg.account_id} ({leg.account.kind})", _key_of(leg.entry_id)
    before = leg.account.legs.filter(number__lt=leg.number).order_by("-number").first()
    number = before.number + 1 if before else 1
    if leg.number != number:
        report.fault(f"{key} stands as number {leg.number} on {where}, where {number} is due.")
    balance = (before.balance if before else 0) + leg.amount
    credited = (before.credited if before else 0) + max(leg.amount, 0)
    if (leg.balance, leg.credited) != (balance, credited):
        report.fault(
            f"{key} says that {where} then holds {leg.balance} of {leg.credited}; the legs make it"
            f" {balance} of {credited}."
        )
    if before is None:
        return
    named = leg.account.person_id is not None
    if leg.entry_id <= before.entry_id or (named and leg.at < before.at):
        report.fault(f"{key} stands after a later one on {where}.")


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


def _legs() -> QuerySet[Leg, tuple[Any, ...]]:
    named = ("entry_id", "account_id", "amount", "at", "account__kind")
    return Leg.objects.order_by("entry_id", "account_id").values_list(*named)


def _legs_by_entry() -> Iterator[tuple[int, list[Any]]]:
    stream = _legs().iterator(chunk_size=CHUNK)
    for entry, legs in itertools.groupby(stream, key=lambda row: row[0]):
        yield entry, list(legs)


def _orphans(report: Report, entry: int) -> None:
    """Legs whose entry was not among those read: it is gone, unless it came meanwhile."""
    if not Entry.objects.filter(pk=entry).exists():
        report.fault(f"Entry number {entry} is gone, and its legs are there.")


def _prove_entry(report: Report, digest: str, sealed: list[Any], legs: list[Any]) -> None:
    key, kind, points, at = sealed[0], sealed[1], sealed[2], sealed[-1]
    if len(legs) < 2:
        # One that was written while the two streams began.
        legs = list(_legs().filter(entry__key=key))
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
