"""What comes into stock, and what is taken out of it again."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from accounts.models import Account
from core import audit, clock, limits
from core.exceptions import Conflict, Invalid
from crowdtasks.rewards.codes_csv import Found, read_codes
from crowdtasks.rewards.models import Batch, Reward, RewardKind, Unit
from crowdtasks.rewards.policies import require_manager
from crowdtasks.rewards.sealing import seal

#: Things that come into stock in one step.
UNITS_MAXIMUM = 20_000
_AT_ONCE = 500


def known_digests(digests: list[str]) -> set[str]:
    """Which of them are in stock, or were."""
    there: set[str] = set()
    for start in range(0, len(digests), _AT_ONCE):
        rows = Unit.objects.filter(digest__in=digests[start : start + _AT_ONCE])
        there.update(mark for mark in rows.values_list("digest", flat=True) if mark)
    return there


class Unsound(Invalid):
    """Lines of the file cannot be taken; ``found`` says which."""

    default_code = "codes"

    def __init__(self, found: Found) -> None:
        super().__init__(_("Some lines cannot be taken. Nothing was brought in."), field="file")
        self.found = found


@sensitive_variables()
def import_codes(
    *,
    reward: Reward,
    content: bytes,
    by: Account,
    leave_faulty: bool = False,
    guarded: bool = False,
) -> tuple[Batch, Found]:
    """Bring a file of codes into stock, sealed; all of it, or nothing.

    With ``leave_faulty`` the sound lines are taken and the others left. ``guarded`` is the word of
    ``by``, kept with the batch, that the supplier takes a code from its own list alone and limits
    tries: without it codes that could be guessed are at fault (P9). Raises ``Refused``,
    ``Unsound`` with the lines at fault, ``Invalid`` for a file that cannot be read or a reward that
    takes no codes, ``Conflict`` when the same codes come in by another hand meanwhile.
    """
    require_manager(by)
    limits.spend("import_codes", by.public_id)
    if reward.kind != RewardKind.VOUCHER or reward.supplier:
        raise Invalid(_("This reward takes no codes."), field="file")
    found = read_codes(content, known_digests, guarded=guarded)
    if found.faults and not leave_faulty:
        raise Unsound(found)
    if not found.codes:
        raise Invalid(_("No line of the file can be taken."), field="file")
    # Sealed before the transaction: on SQLite nobody else writes while one is open.
    units = [Unit(reward=reward, sealed=seal(code), digest=mark) for code, mark in found.codes]
    try:
        batch = _bring_in(
            reward, units, by=by, verb="reward.import", has_codes=True, guarded=guarded
        )
    except IntegrityError:
        raise Conflict(
            _("Some of these codes came into stock a moment ago. Send the file again.")
        ) from None
    return batch, found


def add_units(*, reward: Reward, number: int, by: Account) -> Batch:
    """Bring ``number`` prizes into stock, or allow so many codes to be asked of a supplier.

    Raises ``Refused``, ``Invalid``, ``TooMany``.
    """
    require_manager(by)
    limits.spend("manage_rewards", by.public_id)
    if reward.kind == RewardKind.VOUCHER and not reward.supplier:
        raise Invalid(_("Vouchers come into stock with their codes."), field="number")
    if not 1 <= number <= UNITS_MAXIMUM:
        raise Invalid(_("Enter a number from 1 to 20,000."), field="number")
    units = [Unit(reward=reward) for _each in range(number)]
    return _bring_in(reward, units, by=by, verb="reward.stock", has_codes=False)


@transaction.atomic
def _bring_in(
    reward: Reward,
    units: list[Unit],
    *,
    by: Account,
    verb: str,
    has_codes: bool,
    guarded: bool = False,
) -> Batch:
    batch = Batch.objects.create(
        reward=reward,
        has_codes=has_codes,
        guarded=guarded,
        count=len(units),
        at=clock.now(),
        by=by,
    )
    for unit in units:
        unit.batch = batch
    Unit.objects.bulk_create(units, batch_size=_AT_ONCE)
    Reward.objects.filter(pk=reward.pk).update(low_told=False)
    audit.record(verb, actor=by, subject=reward.public_id, rows=[batch])
    keys = list(Unit.objects.filter(batch=batch).values_list("pk", flat=True))
    audit.record_batch(verb, actor=by, model=Unit, keys=keys, subject=batch.public_id)
    return batch


@transaction.atomic
def withdraw_batch(*, batch: Batch, by: Account) -> int:
    """What is left of a batch may not be given any more; returns how many those were.

    Raises ``Refused``, ``Conflict`` for one that was withdrawn before, ``TooMany``.
    """
    require_manager(by)
    limits.spend("manage_rewards", by.public_id)
    row = Batch.objects.select_for_update().get(pk=batch.pk)
    if row.withdrawn_at is not None:
        raise Conflict(_("This batch was taken out of stock before."))
    now = clock.now()
    # Taken one by one as a buyer would: one that is being given this moment stays given.
    left = list(Unit.objects.first_not_taken().filter(batch=row))
    Unit.objects.filter(pk__in=[unit.pk for unit in left]).update(void_at=now)
    row.withdrawn_at = now
    row.save(update_fields=["withdrawn_at"])
    audit.record("reward.batch_withdraw", actor=by, subject=row.public_id, rows=[row])
    if left:
        keys = [unit.pk for unit in left]
        audit.record_batch(
            "reward.batch_withdraw", actor=by, model=Unit, keys=keys, subject=row.public_id
        )
    return len(left)
