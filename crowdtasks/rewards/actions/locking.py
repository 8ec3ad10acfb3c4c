"""A redemption as every act on it takes it."""

from __future__ import annotations

from crowdtasks.ledger.locks import lock_owned
from crowdtasks.rewards.models import Redemption


def lock_redemption(redemption: Redemption) -> Redemption:
    """The redemption, locked after whose it is, with its unit, its reward and whose that is."""
    rows = Redemption.objects.select_related("reward__bureau", "unit")
    row: Redemption | None = lock_owned(rows, redemption.pk)
    if row is None:
        raise Redemption.DoesNotExist
    return row
