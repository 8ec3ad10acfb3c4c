"""Four eyes: whose names stand on an entry above the limit (P11).

The second name is read from a proposal that its bearer agreed to, under that proposal's lock. No
function takes it from a caller.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.models import Account, Bureau, Person
from core import clock
from core.exceptions import Invalid, Refused
from crowdtasks.ledger.models import Entry, Proposal, Verdict
from crowdtasks.ledger.policies import SYSTEM, Officer

#: What one administrator did alone in this time counts together, so that a limit is not divided.
TOGETHER = dt.timedelta(days=30)


def alone_lately(kind: str, *, bureau: Bureau | None = None, person: Person | None = None) -> int:
    """Points of the same kind for the same holder that moved lately under one name alone.

    The caller holds the holder's lock, else two that come at once do not see each other.
    """
    rows = Entry.objects.filter(
        kind=kind, by__isnull=False, second__isnull=True, at__gt=clock.now() - TOGETHER
    )
    rows = rows.filter(person=person) if person is not None else rows.filter(bureau=bureau)
    return rows.aggregate(all=Sum("points"))["all"] or 0


def second_name(
    proposal: Proposal | None,
    *,
    by: Officer,
    kind: str,
    points: int,
    limit: int,
    sum_with: int = 0,
    **about: Any,
) -> Person | None:
    """Who agreed; None where one name is enough. The system's own acts have no names.

    ``sum_with`` counts toward the limit, ``about`` are columns of the proposal that say what the
    act is. Raises ``Invalid`` (``second_needed``) above the limit without a proposal, ``Refused``
    (``not_agreed``) for one that nobody agreed to, that was used, or that was for something else.
    """
    if proposal is None:
        if points + sum_with > limit and by != SYSTEM:
            raise Invalid(
                _("Above %(limit)s points a second administrator has to agree.")
                % {"limit": f"{limit:,}"},
                field="points",
                code="second_needed",
            )
        return None
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("decided_by")
    row = rows.get(pk=proposal.pk)
    same = all(getattr(row, name) == value for name, value in about.items())
    if not (
        same
        and (row.kind, row.points, row.verdict) == (kind, points, Verdict.AGREED)
        and row.entry_id is None
        and isinstance(by, Account)
        and by.person_id == row.proposed_by_id
    ):
        raise Refused(_("No second administrator has agreed to this."), code="not_agreed")
    return row.decided_by
