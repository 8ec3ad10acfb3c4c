"""After a round: codes whose date is over, and what nobody earned."""

from __future__ import annotations

from django.db import transaction

from core import audit, clock, ids
from core.each import in_batches
from crowdtasks.actions.giving import SETTLE, is_over
from crowdtasks.ledger import actions as ledger
from crowdtasks.products.actions.awarding import free_numbers
from crowdtasks.products.claim_codes import CLAIM_TIME, KEPT
from crowdtasks.products.models import Award, AwardState, Round
from crowdtasks.products.models.award import WAITING

BATCH = 200


def lapse_codes() -> int:
    """Note the codes whose date is over, some in a transaction; returns how many. Safe to run
    twice."""
    late = Award.objects.filter(
        state__in=WAITING, round__engagement__closes_at__lte=clock.now() - CLAIM_TIME
    ).order_by("round__engagement__closes_at", "pk")
    return sum(in_batches(list(late.values_list("pk", flat=True)), _lapse, size=BATCH))


@transaction.atomic
def _lapse(keys: list[int]) -> int:
    over = list(
        Award.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(state__in=WAITING, pk__in=keys)
        .order_by("round__engagement__closes_at", "pk")
    )
    for row in over:
        row.state = AwardState.LAPSED
        row.save(update_fields=["state"])
    if over:
        audit.record("award.lapse", actor=audit.SYSTEM, rows=over)
    return len(over)


def erase_codes() -> int:
    """Erase what is left of codes some time after their date; returns how many."""
    long_over = Award.objects.exclude(code_hash="").exclude(state__in=WAITING)
    gone = long_over.filter(round__engagement__closes_at__lte=clock.now() - CLAIM_TIME - KEPT)
    keys = list(gone.order_by("pk").values_list("pk", flat=True))
    return sum(in_batches(keys, _erase, size=BATCH))


def _erase(keys: list[int]) -> int:
    return Award.objects.filter(pk__in=keys).exclude(state__in=WAITING).update(code_hash="")


@transaction.atomic
def return_rest(*, round: Round) -> None:
    """What nobody has or can claim returns to the bureau's budget. Safe to run twice.

    At the close that is all but what open claim codes were promised, which stays aside for them:
    those that none was set aside for have what is left now, the earliest first. Once their date is
    over it is the rest. What is held for people stays theirs.
    """
    row = (
        Round.objects.select_for_update(of=("self",))
        .select_related("engagement__owner")
        .get(pk=round.pk)
    )
    if row.returned_at is not None:
        return
    given = _set_aside_for_loose(row) if row.closed_at is None else []
    # Whoever claims one of these waits, or was first.
    promised = len(
        Award.objects.select_for_update(of=("self",))
        .filter(round=row, state=AwardState.OPEN)
        .order_by("pk")
        .values_list("pk")
    )
    if promised and row.closed_at is not None:
        return
    engagement, key = row.engagement, f"round:{row.engagement.public_id}:{ids.public_id()}"
    ledger.return_rest(engagement=engagement, by=audit.SYSTEM, key=f"{key}:rest")
    now = clock.now()
    if promised:
        points = promised * row.reward
        ledger.reserve(engagement=engagement, points=points, by=audit.SYSTEM, key=f"{key}:codes")
    else:
        row.returned_at = now
    row.closed_at = row.closed_at or now
    row.save(update_fields=["closed_at", "returned_at"])
    audit.record(
        "round.return_rest",
        actor=audit.SYSTEM,
        engagement_id=engagement.public_id,
        rows=[row, *given],
    )


def _set_aside_for_loose(row: Round) -> list[Award]:
    """Let codes that hold no reward have those that are left at the close; the caller holds the
    round's lock."""
    free = free_numbers(row)
    rows = Award.objects.select_for_update(of=("self",)).filter(round=row, state=AwardState.LOOSE)
    given = list(rows.order_by("pk")[: len(free)])
    for award, number in zip(given, free, strict=False):
        award.number, award.state = number, AwardState.OPEN
    Award.objects.bulk_update(given, ["number", "state"], batch_size=BATCH)
    return given


def to_be_returned() -> list[Round]:
    """Rounds that closed, with their grace, and of which something is to be returned now."""
    now = clock.now()
    rows = Round.objects.filter(
        set_aside__gt=0, returned_at=None, engagement__closes_at__lte=now - SETTLE
    ).select_related("engagement")
    waiting = set(
        Award.objects.filter(round__in=rows, state=AwardState.OPEN).values_list("round", flat=True)
    )
    return [
        row
        for row in rows
        if is_over(row.engagement, now) and (row.closed_at is None or row.pk not in waiting)
    ]
