"""A note of what was seen becomes a finding, among those that people reported themselves."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Account
from core import audit
from crowdtasks.findings.actions.reporting import report_finding
from crowdtasks.panel.models import Observation
from crowdtasks.panel.policies import require_officer
from participation.models import Channel


@transaction.atomic
def make_finding(*, observation: Observation, severity: str, account: Account) -> Observation:
    """Report the note as a finding of the round's build, for the bureau only; once.

    A second press gives what the first made. Raises Invalid (field 'severity'), Refused, TooMany.
    """
    round = observation.session.draw.plan.round
    require_officer(account, round.engagement)
    row = Observation.objects.select_for_update(of=("self",)).get(pk=observation.pk)
    if row.finding_id is not None:
        return row
    receipt = report_finding(
        round=round,
        happened=row.text,
        severity=severity,
        language=row.language,
        observer=account,
        channel=Channel.EVENT,
    )
    # A finding has the key of its entry.
    row.finding_id = receipt.contribution_id
    row.save(update_fields=["finding"])
    audit.record(
        "session.finding",
        actor=account,
        engagement_id=round.engagement.public_id,
        subject=row.public_id,
        rows=[row],
    )
    return row
