"""The proof behind ``verify_audit``: is every entry, link and audited row as it was written?

Three passes. The chain is walked in order and every fault of it is named. On the way each row that
an entry names is noted, later entries over earlier ones, in a scratch file of our own on disk: the
platform may have millions of rows, memory stays flat. Then the rows are read in batches by primary
key and compared. Because citizens go on writing meanwhile, a row that looks wrong is looked at a
second time, together with the newest entries, in one consistent snapshot.
"""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from core import audit
from core.models import AuditEntry, AuditHead, AuditLink

CHUNK = 1000
# Faults of one kind beyond this many are counted, not spelled out.
SPELLED_OUT = 50


@dataclass
class Report:
    """What ``verify`` found. ``faults`` are sentences, the first broken link first."""

    entries: int = 0
    links: int = 0
    rows: int = 0
    checks: int = 0
    faults: list[str] = field(default_factory=list)
    more: int = 0

    @property
    def ok(self) -> bool:
        """Whether everything is as it was written."""
        return not self.faults

    def fault(self, sentence: str) -> None:
        """Note one fault; beyond ``SPELLED_OUT`` they are only counted."""
        if len(self.faults) < SPELLED_OUT:
            self.faults.append(sentence)
        else:
            self.more += 1


class _Latest:
    """The latest digest of every row an entry names, in a scratch file that nobody else sees."""

    def __init__(self) -> None:
        # An empty name is a private temporary database, deleted when it is closed.
        self.file = sqlite3.connect("")
        self.file.execute(
            "CREATE TABLE latest (model TEXT, pk, entry INTEGER, salt TEXT, digest BLOB,"
            " erased INTEGER, PRIMARY KEY (model, pk)) WITHOUT ROWID"
        )

    def close(self) -> None:
        self.file.close()

    def add(self, entry: AuditEntry) -> None:
        self.file.executemany(
            "INSERT INTO latest VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (model, pk) DO UPDATE SET"
            " entry = excluded.entry, salt = excluded.salt, digest = excluded.digest,"
            " erased = excluded.erased WHERE excluded.entry >= latest.entry",
            _named_rows(entry),
        )

    def models(self) -> list[str]:
        return [row[0] for row in self.file.execute("SELECT DISTINCT model FROM latest ORDER BY 1")]

    def batches(self, model: str) -> Iterator[list[_Noted]]:
        cursor = self.file.execute(
            "SELECT pk, entry, salt, digest, erased FROM latest WHERE model = ? ORDER BY pk",
            [model],
        )
        while rows := cursor.fetchmany(CHUNK):
            yield [_Noted(model, *row) for row in rows]


@dataclass(frozen=True, slots=True)
class _Noted:
    """What the trail says of one row."""

    model: str
    pk: Any
    entry: int
    salt: str
    digest: bytes
    erased: int

    @property
    def name(self) -> str:
        return f"{self.model} {self.pk}"


def is_erasure(verb: str) -> bool:
    """Whether rows named by an entry of this verb may be gone."""
    return verb == "erase" or verb.endswith(".erase")


def _number(pk: Any) -> Any:
    # Primary keys sort as numbers where they are numbers, so that batches are ranges of the table.
    text = str(pk)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else text


def _named_rows(entry: AuditEntry) -> Iterator[tuple[Any, ...]]:
    erased = int(is_erasure(entry.verb))
    for label, pk, digest in entry.rows:
        yield label, _number(pk), entry.pk, entry.salt, bytes.fromhex(digest), erased
    if entry.batch:
        digests = base64.b64decode(entry.batch["digests"])
        size = audit.BATCH_DIGEST_BYTES
        position = 0
        for first, length in entry.batch["runs"]:
            for pk in range(first, first + length):
                digest = digests[position : position + size]
                position += size
                yield entry.batch["model"], pk, entry.pk, entry.salt, digest, erased


# --- the chain ----------------------------------------------------------------------------------


def _walk_chain(report: Report, note: Callable[[AuditEntry], None], head: AuditHead) -> None:
    previous, expected, upto = "", 1, 0
    while True:
        links = list(
            AuditLink.objects.filter(sequence__gt=upto, sequence__lte=head.sequence)
            .order_by("sequence")
            .select_related(None)[:CHUNK]
        )
        if not links:
            break
        entries = AuditEntry.objects.in_bulk([link.entry_id for link in links])
        for link in links:
            report.links += 1
            if link.sequence != expected:
                gap = expected if link.sequence - expected == 1 else f"{expected} and after"
                report.fault(f"Link {gap} is missing from the chain.")
                # What follows is judged against the link that is there, so one gap is one fault.
                previous = link.previous
            if link.previous != previous:
                report.fault(f"Link {link.sequence} does not follow the link before it.")
            entry = entries.get(link.entry_id)
            if entry is None:
                report.fault(
                    f"Audit entry {link.entry_id} (link {link.sequence}) has been deleted."
                )
            else:
                report.entries += 1
                if audit.link_hash(link.sequence, link.previous, entry) != link.hash:
                    report.fault(
                        f"Audit entry {entry.pk} or its link {link.sequence} has been changed."
                    )
                _note_safely(report, note, entry)
            previous, expected, upto = link.hash, link.sequence + 1, link.sequence
    if expected - 1 != head.sequence:
        report.fault(f"The chain ends at link {expected - 1}; it should end at {head.sequence}.")
    elif previous != head.hash:
        report.fault(f"The last link ({head.sequence}) is not the one the head remembers.")


def _note_safely(report: Report, note: Callable[[AuditEntry], None], entry: AuditEntry) -> None:
    try:
        note(entry)
    except (TypeError, ValueError, KeyError):
        report.fault(f"Audit entry {entry.pk} does not read as one of ours.")


def _late_entries(report: Report, settled: int) -> None:
    """Entries long settled that had no link: put in by hand, or their link was taken out."""
    late = AuditEntry.objects.filter(link__isnull=True, pk__lte=settled).order_by("pk")
    for pk in late.values_list("pk", flat=True)[: SPELLED_OUT + 1]:
        report.fault(f"Audit entry {pk} is older than the chain's end but has no link.")


# --- the rows -----------------------------------------------------------------------------------


def _compare(noted: list[_Noted]) -> Iterator[tuple[_Noted, str]]:
    """Yield what is wrong with a batch of rows of one model: the note and a word for the fault."""
    label = noted[0].model
    model: type[models.Model] = apps.get_model(label)
    fields = audit.audited_fields(model)
    names = [one.attname for one in fields]
    rows = {
        str(pk): values
        for pk, *values in model._base_manager.filter(pk__in=[one.pk for one in noted]).values_list(
            "pk", *names
        )
    }
    for one in noted:
        values = rows.get(str(one.pk))
        if values is None:
            if not one.erased:
                yield one, "deleted"
            continue
        found = audit.salted(one.salt, audit.row_bytes(label, one.pk, fields, values))
        if found[: len(one.digest)] != one.digest or not one.digest:
            yield one, "changed"


def _suspects(report: Report, latest: _Latest) -> list[tuple[_Noted, str]]:
    suspects = []
    for label in latest.models():
        try:
            audit.audited_fields(apps.get_model(label))
        except (LookupError, audit.AuditFault) as error:
            report.fault(f"Rows of {label} cannot be proved: {error}")
            continue
        for batch in latest.batches(label):
            report.rows += len(batch)
            for suspect in _compare(batch):
                suspects.append(suspect)
                if len(suspects) > SPELLED_OUT * 20:
                    return suspects
    return suspects


@contextmanager
def _snapshot() -> Iterator[None]:
    """A transaction in which entries and rows are seen as of one moment."""
    nested = connection.in_atomic_block
    with transaction.atomic():
        if connection.vendor == "postgresql" and not nested:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _look_again(suspects: list[tuple[_Noted, str]], head: AuditHead) -> list[tuple[_Noted, str]]:
    """Of the suspects, those still wrong beside every entry there is now."""
    wanted = {(one.model, str(one.pk)): one for one, _word in suspects}
    faults: list[tuple[_Noted, str]] = []
    with _snapshot():
        newer = AuditEntry.objects.exclude(link__sequence__lte=head.sequence).order_by("pk")
        for entry in newer.iterator(chunk_size=CHUNK):
            for label, pk, number, salt, digest, erased in _named_rows(entry):
                before = wanted.get((label, str(pk)))
                if before is not None and number >= before.entry:
                    wanted[label, str(pk)] = _Noted(label, pk, number, salt, digest, erased)
        by_model: dict[str, list[_Noted]] = {}
        for one in wanted.values():
            by_model.setdefault(one.model, []).append(one)
        for noted in by_model.values():
            for start in range(0, len(noted), CHUNK):
                faults.extend(_compare(noted[start : start + CHUNK]))
    return faults


def verify() -> Report:
    """Link what waits, then prove chain, rows and registered checks; never raises for a fault."""
    report = Report()
    before = AuditHead.objects.filter(pk=AuditHead.ONLY).first()
    if before is not None:
        _late_entries(report, before.settled_entry_id)
    audit.link_entries(everything=True)
    head = AuditHead.objects.get(pk=AuditHead.ONLY)
    with closing(_Latest()) as latest:
        _walk_chain(report, latest.add, head)
        suspects = _suspects(report, latest)
    if suspects:
        for one, word in _look_again(suspects, head):
            report.fault(
                f"{one.name} has been {word} since audit entry {one.entry} named it,"
                " without an entry of its own."
            )
    for name, check in audit.registered_checks().items():
        report.checks += 1
        try:
            for sentence in check():
                report.fault(f"{name}: {sentence}")
        except Exception as error:
            report.fault(f"{name}: the check itself failed ({type(error).__name__}: {error}).")
    return report
