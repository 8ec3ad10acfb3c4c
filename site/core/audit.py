"""The audit trail: what was done, by whom, to which rows, provably unchanged since.

``record`` is called inside the action's transaction. An entry holds a verb, opaque ids and salted
digests of the rows it names: never a text, a name, an address or a choice. ``link_entries`` chains
the entries behind the writes, ``verify`` (see ``core.audit_verify``) proves the chain and the rows.

A model says by ``AUDITED_FIELDS`` which of its fields are proved. The latest entry that names a row
must match the row as it stands, so **every** action that changes an audited field records the row.
A row may vanish only after an entry whose verb is ``erase`` (or ends with ``.erase``) named it.
"""

from __future__ import annotations

import base64
import datetime as dt
import decimal
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import connection, models, transaction

from core import clock
from core.models import AuditEntry, AuditHead, AuditLink
from core.writing import insert

SYSTEM = "system"
BATCH_DIGEST_BYTES = 16
BATCH_MAXIMUM = 2000
LINK_CHUNK = 1000
# No transaction of ours stays open for so long, so older entries will not appear any more.
SETTLE_AFTER = dt.timedelta(hours=1)

Check = Callable[[], Iterable[str]]
_checks: dict[str, Check] = {}
#: Called with the keys of the rows that were written, by their model.
#: The rows an act wrote, by model and key: the row itself where the act named it, None for those of
#: a bulk import.
Written = Mapping[type[models.Model], Mapping[int, models.Model | None]]
Follower = Callable[[Written], None]
_followers: dict[str, Follower] = {}


class AuditFault(AssertionError):
    """The audit was asked for something it cannot promise: a mistake of the programmer."""


# --- digests ------------------------------------------------------------------------------------


def audited_fields(model: type[models.Model]) -> tuple[models.Field[Any, Any], ...]:
    """The audited fields of a model class, in its order; raises ``AuditFault`` when it has none."""
    names: Sequence[str] | None = getattr(model, "AUDITED_FIELDS", None)
    if not names:
        raise AuditFault(f"{model._meta.label} declares no AUDITED_FIELDS.")
    fields = []
    for name in names:
        field = model._meta.get_field(name)
        if not isinstance(field, models.Field) or field.many_to_many:
            raise AuditFault(f"{model._meta.label}.{name} cannot be audited: it is not a column.")
        fields.append(field)
    return tuple(fields)


def _canonical(field: models.Field[Any, Any], value: Any) -> Any:
    """The value as it would come back from any database, in JSON types."""
    if hasattr(value, "resolve_expression"):
        raise AuditFault(f"{field} holds an expression: refresh the row before recording it.")
    target: Any = field
    while isinstance(target, models.ForeignKey):
        target = target.target_field
    if value is None or isinstance(target, models.FileField):
        return None if value is None else str(value)
    if isinstance(target, models.JSONField):
        return json.loads(json.dumps(value, cls=target.encoder, sort_keys=True))
    return _plain(field, target, target.to_python(value))


def _plain(field: models.Field[Any, Any], target: Any, value: Any) -> Any:
    if isinstance(value, dt.datetime):
        if value.tzinfo is None:
            raise AuditFault(f"{field} holds a naive datetime.")
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    if isinstance(value, decimal.Decimal):
        places = getattr(target, "decimal_places", None)
        return f"{value:.{places}f}" if places is not None else str(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, bool | int | float | str):
        return value
    return str(value)


def row_bytes(
    label: str, pk: object, fields: Sequence[models.Field[Any, Any]], values: Sequence[Any]
) -> bytes:
    """The canonical form of one row's audited fields, the same on every database."""
    content = [
        [field.name, _canonical(field, value)] for field, value in zip(fields, values, strict=True)
    ]
    return json.dumps(
        [label, str(pk), content], ensure_ascii=False, separators=(",", ":"), sort_keys=True
    ).encode("utf-8", "surrogatepass")


def salted(salt: str, content: bytes) -> bytes:
    """The digest kept in an entry for one row."""
    return hmac.new(salt.encode(), content, hashlib.sha256).digest()


def _row_of(row: models.Model) -> tuple[str, str, bytes]:
    model = type(row)
    if row._meta.proxy:
        model = row._meta.concrete_model or model
    if row.pk is None:
        raise AuditFault(f"An unsaved {model._meta.label} cannot be recorded.")
    fields = audited_fields(model)
    values = [getattr(row, field.attname) for field in fields]
    return model._meta.label, str(row.pk), row_bytes(model._meta.label, row.pk, fields, values)


# --- writing ------------------------------------------------------------------------------------


def actor_id(actor: object) -> str:
    """The opaque id of who acts: an object with ``audit_id``, or the word "system"."""
    if actor == SYSTEM:
        return SYSTEM
    found = getattr(actor, "audit_id", None)
    if callable(found):
        found = found()
    if not found:
        raise AuditFault(f"{type(actor).__name__} has no audit_id and is not 'system'.")
    return str(found)


def _write(
    verb: str,
    *,
    actor: object,
    engagement_id: str,
    subject: str,
    salt: str,
    rows: list[list[str]] | None = None,
    batch: dict[str, Any] | None = None,
) -> AuditEntry:
    if not connection.in_atomic_block:
        raise AuditFault("An audit entry is written inside the transaction of its act.")
    entry = AuditEntry(
        verb=verb,
        at=clock.now(),
        actor=actor_id(actor),
        engagement=str(engagement_id or ""),
        subject=str(subject or ""),
        salt=salt,
        rows=rows or [],
        batch=batch,
    )
    insert([entry])
    return entry


def record(
    verb: str,
    *,
    actor: object,
    engagement_id: str = "",
    subject: str = "",
    rows: Iterable[models.Model] = (),
) -> AuditEntry:
    """Write one entry in the open transaction, after the rows it names have been written.

    ``actor`` is an Account, a Person or the string "system"; ``engagement_id`` the engagement's
    public id; ``subject`` an opaque id of what the act was about. ``rows`` are saved instances of
    classes with ``AUDITED_FIELDS``, as the database has them: where another request may change the
    same row, lock it before reading it, else the entry tells of values that are not there. One
    that is to be deleted is named before the deletion by an entry whose verb is ``erase`` or ends
    with ``.erase``. Raises ``AuditFault`` outside a transaction, for an unsaved row, for an actor
    without ``audit_id``.
    """
    salt = secrets.token_hex(16)
    digests = []
    written: dict[type[models.Model], dict[int, models.Model | None]] = {}
    for row in rows:
        label, pk, content = _row_of(row)
        digests.append([label, pk, salted(salt, content).hex()])
        written.setdefault(row._meta.concrete_model or type(row), {})[row.pk] = row
    entry = _write(
        verb,
        actor=actor,
        engagement_id=engagement_id,
        subject=subject,
        salt=salt,
        rows=digests,
    )
    _tell(written)
    return entry


def register_follower(name: str, follower: Follower) -> None:
    """Have a function called in the transaction of every act, with the rows that the act named.

    Since an act that leaves a changed row unnamed does not prove, what must follow every change of
    an audited row follows from here and is not left to each act to remember.
    """
    _followers[name] = follower


def _tell(written: Written) -> None:
    for follower in _followers.values():
        follower(written)


def record_batch(
    verb: str,
    *,
    actor: object,
    model: type[models.Model],
    keys: Collection[int],
    engagement_id: str = "",
    subject: str = "",
) -> list[AuditEntry]:
    """Write the entries of a bulk import: the rows of ``model`` with these primary keys.

    The rows are read in the order of their keys and each leaves a short digest, so that one of them
    may later be changed by an action with an entry of its own. At most ``BATCH_MAXIMUM`` rows go
    into an entry. Raises ``AuditFault`` when not all of them are there.

    They are read from the first key to the last, and what others wrote between is passed over here:
    a join to what they belong to had PostgreSQL compare each batch with everything imported before
    it, while its planner took the tables that were being filled for empty.
    """
    if not keys:
        return []
    fields = audited_fields(model)
    label = model._meta.label
    names = [field.attname for field in fields]
    wanted = set(keys)
    span = model._base_manager.filter(pk__gte=min(wanted), pk__lte=max(wanted)).order_by("pk")
    read = span.values_list("pk", *names).iterator(chunk_size=LINK_CHUNK)
    entries: list[AuditEntry] = []
    total = 0
    for part in _parts(row for row in read if row[0] in wanted):
        salt = secrets.token_hex(16)
        digests = bytearray()
        runs: list[list[int]] = []
        for pk, *values in part:
            digests += salted(salt, row_bytes(label, pk, fields, values))[:BATCH_DIGEST_BYTES]
            if runs and pk == runs[-1][0] + runs[-1][1]:
                runs[-1][1] += 1
            else:
                runs.append([pk, 1])
        total += len(part)
        batch = {
            "model": label,
            "first_id": part[0][0],
            "last_id": part[-1][0],
            "count": len(part),
            "runs": runs,
            "digests": base64.b64encode(bytes(digests)).decode(),
        }
        entries.append(
            _write(
                verb,
                actor=actor,
                engagement_id=engagement_id,
                subject=subject,
                salt=salt,
                batch=batch,
            )
        )
    if total != len(wanted):
        raise AuditFault(
            f"{label} {min(wanted)} to {max(wanted)} are {total} rows, not {len(wanted)}."
        )
    _tell({model: dict.fromkeys(wanted)})
    return entries


def _parts(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    part: list[tuple[Any, ...]] = []
    for row in rows:
        part.append(row)
        if len(part) == BATCH_MAXIMUM:
            yield part
            part = []
    if part:
        yield part


# --- the chain ----------------------------------------------------------------------------------


def entry_bytes(entry: AuditEntry) -> bytes:
    """What the chain proves of an entry: everything but the salt."""
    return json.dumps(
        [
            entry.pk,
            entry.verb,
            entry.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
            entry.actor,
            entry.engagement,
            entry.subject,
            entry.rows,
            entry.batch,
        ],
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
    ).encode("utf-8", "surrogatepass")


def link_hash(sequence: int, previous: str, entry: AuditEntry) -> str:
    """The hash of the link that puts ``entry`` at ``sequence`` after ``previous``."""
    content = f"{sequence}\n{previous}\n".encode() + entry_bytes(entry)
    return hashlib.sha256(content).hexdigest()


def link_entries(*, everything: bool = False) -> int:
    """Chain every entry that has no link yet; returns how many were linked.

    Safe to call from several processes: the head row is the lock. Each chunk is a transaction of
    its own, so that a long backlog never holds the others up. ``everything`` also looks below the
    settled part (slower; ``verify`` asks for it).
    """
    linked = 0
    while True:
        done = _link_chunk(everything=everything)
        linked += done
        if done < LINK_CHUNK:
            return linked


@transaction.atomic
def _link_chunk(*, everything: bool) -> int:
    AuditHead.objects.get_or_create(pk=AuditHead.ONLY)
    head = AuditHead.objects.select_for_update().get(pk=AuditHead.ONLY)
    waiting = AuditEntry.objects.filter(link__isnull=True).order_by("pk")
    if not everything:
        waiting = waiting.filter(pk__gt=head.settled_entry_id)
    entries = list(waiting[:LINK_CHUNK])
    links = []
    for entry in entries:
        sequence = head.sequence + 1
        digest = link_hash(sequence, head.hash, entry)
        links.append(AuditLink(sequence=sequence, entry=entry, previous=head.hash, hash=digest))
        head.sequence, head.hash = sequence, digest
    AuditLink.objects.bulk_create(links)
    settled = (
        AuditEntry.objects.filter(pk__gt=head.settled_entry_id, at__lt=clock.now() - SETTLE_AFTER)
        .order_by("-pk")
        .values_list("pk", flat=True)
        .first()
    )
    if settled is not None and len(entries) < LINK_CHUNK:
        head.settled_entry_id = settled
    if entries or settled is not None:
        head.save()
    return len(entries)


# --- proofs of other apps -----------------------------------------------------------------------


def register_check(name: str, check: Check) -> None:
    """Add a proof that ``verify`` runs: ``check`` yields one sentence for each fault it finds."""
    known = _checks.get(name)
    if known is not None and known.__qualname__ != check.__qualname__:
        raise ValueError(f"The audit check '{name}' is registered already.")
    _checks[name] = check


def registered_checks() -> dict[str, Check]:
    """The registered proofs, by name."""
    return dict(sorted(_checks.items()))


def verify() -> Any:
    """Link what waits, then prove the chain, the rows and the registered checks.

    Returns a ``core.audit_verify.Report``.
    """
    from core.audit_verify import verify as prove

    return prove()
