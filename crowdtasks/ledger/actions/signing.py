"""Four eyes: whose names stand on an entry above the limit (P11).

The second name is read from a proposal that its bearer agreed to, under that proposal's lock. No
function takes it from a caller.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.models import Account, Bureau, Person
from core import clock
from core.exceptions import Invalid, Refused
from crowdtasks.ledger.models import Entry, Proposal, Verdict
from crowdtasks.ledger.policies import SYSTEM, Officer
from crowdtasks.ledger.rules import officer_limit, person_limit

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


def alone_by(kind: str, by: Account) -> int:
    """Points of the same kind that this administrator moved lately alone, whosesoever they are.

    The caller has locked the administrator (``_lock_officer``), as above.
    """
    rows = Entry.objects.filter(kind=kind, by=by.person, second__isnull=True, person__isnull=False)
    recent = rows.filter(at__gt=clock.now() - TOGETHER)
    return recent.aggregate(all=Sum("points"))["all"] or 0


def _lock_officer(by: Account) -> None:
    """Let corrections by one administrator come one after the other, whosesoever points they move.

    The account, not the person: whose points move is a locked person, and two administrators who
    correct each other's would wait for each other. After the persons, as ``ledger.locks`` says.
    """
    Account.objects.select_for_update(no_key=True).get(pk=by.pk)


def bounds(kind: str, *, person: Person, by: Account) -> list[tuple[int, int]]:
    """What one administrator may correct alone, each limit with what counts toward it before.

    Of one person, whoever did it; and of all persons together, so that neither is divided. The
    caller holds the person and no proposal.
    """
    _lock_officer(by)
    return [
        (person_limit(), alone_lately(kind, person=person)),
        (officer_limit(), alone_by(kind, by)),
    ]


def second_name(
    proposal: Proposal | None,
    *,
    by: Officer,
    kind: str,
    points: int,
    within: Sequence[tuple[int, int]],
    **about: Any,
) -> Person | None:
    """Who agreed; None where one name is enough. The system's own acts have no names.

    ``within`` are limits, each with what counts toward it before; ``about`` are columns of the
    proposal that say what the act is. Raises ``Invalid`` (``second_needed``) above one
    of the limits without a proposal, ``Refused`` (``not_agreed``) for one that nobody agreed to,
    that was used, or that was for something else.
    """
    if proposal is None:
        passed = [limit for limit, before in within if points + before > limit]
        if passed and by != SYSTEM:
            raise Invalid(
                _("Above %(limit)s points a second administrator has to agree.")
                % {"limit": f"{passed[0]:,}"},
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
