"""Every fetch of a report at an edge: hidden and absent look the same (decision 3).

The right is looked at anew at each request and each download: an officer who moved to another
bureau while a report was being made finds nothing at its address.
"""

from __future__ import annotations

from accounts.models import Account, Bureau, Role
from accounts.policies import has_role
from core import clock
from core.exceptions import Absent
from core.ids import is_public_id
from feedback.models import Delivery, Making, ReportFile, Snapshot
from feedback.policies import reading_for
from participation.models import Engagement


def access_report(engagement_id: str, account: Account | None) -> Engagement:
    """What ``access_own_report`` finds, whoever of those who may reads."""
    return access_own_report(engagement_id, account)[0]


def access_own_report(
    engagement_id: str, account: Account | None
) -> tuple[Engagement, Bureau | None]:
    """An engagement whose report this account may read now, with the clock's time.

    Officers and approvers of the owner and of partners, and administrators; published ones and
    withdrawn ones, never drafts. Beside it the body they read for, None for administrators.
    Raises Absent for everybody else.
    """
    if account is None or not is_public_id(engagement_id):
        raise Absent
    row = (
        clock.with_now(Engagement.objects.select_related("owner"))
        .filter(public_id=engagement_id, published_at__isnull=False)
        .exclude(state="draft")
        .first()
    )
    if row is None:
        raise Absent
    clock.note(row)
    body = reading_for(account, row)
    if body is None and not has_role(account, Role.ADMINISTRATOR):
        raise Absent
    return row, body


def access_snapshot(engagement: Engagement, version: int) -> Snapshot:
    """A frozen version of a report that was accessed. Raises Absent."""
    # A number that no column holds is no version either.
    row = (
        Snapshot.objects.filter(engagement=engagement, version=version).first()
        if 0 < version < 2**31
        else None
    )
    if row is None:
        raise Absent
    row.engagement = engagement
    return row


def access_file(snapshot: Snapshot, language: str, name: str) -> ReportFile:
    """A file that has been made of a frozen report. Raises Absent."""
    row = ReportFile.objects.filter(snapshot=snapshot, language=language, format=name).first()
    if row is None:
        raise Absent
    row.snapshot = snapshot
    return row


def access_making(engagement: Engagement, public_id: str) -> Making:
    """A report being made, of an engagement that was accessed. Raises Absent."""
    if not is_public_id(public_id):
        raise Absent
    row = (
        Making.objects.select_related("snapshot")
        .filter(engagement=engagement, public_id=public_id)
        .first()
    )
    if row is None:
        raise Absent
    return row


def delivery_of(engagement: Engagement) -> Delivery | None:
    """What was sent at the close, with who received it; None before. For everybody's page too.

    The name of who received it is for officers; a public page shows the date.
    """
    return (
        Delivery.objects.select_related("snapshot", "received", "received__bureau")
        .filter(snapshot__engagement=engagement, snapshot__reason="close")
        .defer("snapshot__document")
        .first()
    )
