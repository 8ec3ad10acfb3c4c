"""Deciding on a part that looked odd: accept, decline with a reason, and on an appeal.

Campaigns and rounds both go through here; each has tables of its own.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.models import Account, Person
from core import audit, clock, limits
from core.each import each
from core.exceptions import Absent, Conflict, Invalid
from core.text import clean_text
from core.texts import known_language
from crowdtasks.actions.giving import ended, release, take_back
from crowdtasks.ledger.actions.budgets import REASON_LIMIT as LINE_LIMIT
from crowdtasks.ledger.locks import lock_owned
from crowdtasks.models import Claim, Decision, Objection, Part, Verdict
from crowdtasks.policies import APPEAL_DAYS, refuse_appeal, refuse_deciding
from crowdtasks.states import ClaimState
from notifications.actions import notify
from participation import live
from participation.policies import can_reply_officially, require

REASON_LIMIT = 600
APPEAL_LIMIT = 1000


@transaction.atomic
def decide_claim(
    *, claim: Part, verdict: str, reason: str, language: str, by: Account, known: str
) -> Decision:
    """Accept somebody's part, or decline it with a reason that the person reads.

    A declined one may be put before another officer once; what that one decides stands. ``known``
    is the state the officer saw. The answers are counted whatever is decided. Raises Absent or
    Refused by policy, Closed, Conflict where a colleague was first, Invalid with its field,
    TooMany.
    """
    claim = _locked(claim)
    engagement = claim.engagement
    require(can_reply_officially(by, engagement))
    limits.spend("review_task", by.public_id)
    if known != claim.state:
        raise Conflict(_("A colleague has decided on this meanwhile."), code="changed")
    refuse_deciding(claim, by)
    if verdict not in Verdict.values:
        raise Invalid(_("Choose what you decide."), field="verdict")
    reason = clean_text(
        reason, max_length=REASON_LIMIT, field="reason", required=verdict == Verdict.DECLINE
    )
    on_appeal = claim.state == ClaimState.DECLINED
    review: Decision = claim.reviews.create(
        verdict=verdict,
        reason=reason,
        language=known_language(language),
        on_appeal=on_appeal,
        by=by,
        decided_by=by.person,
        at=clock.now(),
    )
    if verdict == Verdict.ACCEPT:
        claim.state = ClaimState.ACCEPTED
        release(claim, by)
    elif on_appeal:
        # The person reads the whole of it with the decision; the ledger keeps one short line.
        take_back(claim, Truncator(" ".join(reason.split())).chars(LINE_LIMIT))
        claim.state = ended(claim, ClaimState.REFUSED)
    else:
        # The points wait: another officer may be asked.
        claim.state = ClaimState.DECLINED
    claim.save(update_fields=claim.DECIDED_FIELDS)
    audit.record(
        f"{claim.verb}.decide",
        actor=by,
        engagement_id=engagement.public_id,
        subject=claim.public_id,
        rows=[review, claim],
    )
    _tell(claim, review)
    live.turned_out(engagement)
    return review


def _locked(claim: Part) -> Any:
    """The part, locked after whose it is, whose points a decision moves."""
    rows: Any = type(claim)._default_manager
    row = lock_owned(rows.select_related(*claim.DECIDED_WITH), claim.pk)
    if row is None:
        raise Absent
    return row


def _tell(claim: Part, review: Decision) -> None:
    """Tell who did it; a closed account has nobody to tell."""
    engagement, person = claim.engagement, claim.person
    if claim.contribution is None or person is None:
        return
    told: dict[str, object] = {
        "title": engagement.title,
        "bureau": engagement.owner.name,
        "verdict": review.verdict,
    }
    if review.reason:
        told["reason"] = review.reason
    if claim.state == ClaimState.DECLINED:
        told["until"] = review.at + dt.timedelta(days=APPEAL_DAYS)
    notify(
        kind=claim.notice,
        event_key=f"{claim.notice}:{claim.public_id}:{int(review.on_appeal)}",
        to=person.accounts.filter(is_active=True),
        params=told,
        path=claim.own_path,
    )


@transaction.atomic
def appeal_claim(*, claim: Part, person: Person | None, text: str, language: str) -> Objection:
    """Ask another officer to look at a declined task, once, within the stated days.

    Raises Refused for somebody else's, Closed when it is too late or was asked before, Invalid with
    its field, TooMany.
    """
    claim = _locked(claim)
    now = clock.now()
    author = refuse_appeal(claim, person, now)
    limits.spend("appeal_task", author.public_id)
    appeal = claim.object_to(
        text=clean_text(text, max_length=APPEAL_LIMIT, field="text"),
        language=known_language(language),
        at=now,
    )
    audit.record(
        f"{claim.verb}.appeal",
        actor=author,
        engagement_id=claim.engagement.public_id,
        subject=claim.public_id,
        rows=[appeal],
    )
    return appeal


def settle_declined(*, of: type[Part] = Claim, limit: int = 200) -> int:
    """What was declined and nobody asked about in time is declined for good; returns how many.

    Its place is free again. Safe to run twice. Each in a transaction of its own: in one for all,
    whoever hands something in meanwhile could wait for a person whom it waits for.
    """
    late = clock.now() - dt.timedelta(days=APPEAL_DAYS)
    every: Any = of._default_manager
    rows = every.filter(
        state=ClaimState.DECLINED,
        appeal__isnull=True,
        reviews__on_appeal=False,
        reviews__at__lte=late,
    )
    found = list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
    return sum(each(found, lambda pk: _settle(rows, pk)))


@transaction.atomic
def _settle(rows: Any, pk: int) -> bool:
    """Whether it was still to be settled, by nobody else at the same time."""
    claim = lock_owned(rows.select_related(*rows.model.DECIDED_WITH), pk, skip_locked=True)
    if claim is None:
        return False
    take_back(claim, _("The response was declined."))
    claim.state = ended(claim, ClaimState.REFUSED)
    claim.save(update_fields=["state", "points"])
    audit.record(
        f"{claim.verb}.settle_declined",
        actor=audit.SYSTEM,
        engagement_id=claim.engagement.public_id,
        subject=claim.public_id,
        rows=[claim],
    )
    live.turned_out(claim.engagement)
    return True
