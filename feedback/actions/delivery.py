"""At the close: freeze, deliver, be acknowledged by name, remind the head of the list."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account, Role
from accounts.policies import accounts_with
from core import audit, clock, jobs, limits
from core.exceptions import Absent, Conflict
from core.text import clean_text
from feedback import working_days
from feedback.models import Acknowledgement, Delivery, Making, MakingState, Reason, Snapshot
from feedback.policies import readers_of, reading_for
from notifications.actions import notify
from participation import faces, live
from participation.models import Engagement
from participation.stages import today
from questionnaires.loading import MAIN
from questionnaires.models import Questionnaire

#: Working days in which one of the recipients acknowledges.
DAYS_TO_ACKNOWLEDGE = 5
NAME_LIMIT = 60
#: A report that closed longer ago than this is not sent out of the blue (imports of old ones).
LATEST = dt.timedelta(days=30)


def freezes_at(engagement: Engagement) -> dt.datetime | None:
    """When nothing more can come in: the close, and the grace for responses begun before it."""
    if engagement.closes_at is None:
        return None
    asked = Questionnaire.objects.filter(
        engagement=engagement, key=MAIN, published_at__isnull=False
    )
    if asked.exists():
        return engagement.closes_at + dt.timedelta(minutes=engagement.grace_minutes)
    return engagement.closes_at


def begin_closed() -> int:
    """Ask for the report of every engagement that closed since; returns how many were new.

    Safe to run by two schedulers at once: one row an engagement, by constraint. Imported ones
    that closed elsewhere are left to be asked for.
    """
    now = clock.now()
    closed = (
        Engagement.objects.closed(now)
        .filter(closes_at__gt=now - LATEST, import_source="")
        .exclude(pk__in=Making.objects.filter(reason=Reason.CLOSE).values("engagement"))
    )
    begun = 0
    for engagement in closed:
        moment = freezes_at(engagement)
        if moment is not None and moment <= now and _begin(engagement_id=engagement.pk):
            begun += 1
    return begun


@transaction.atomic
def _begin(*, engagement_id: int) -> bool:
    making, new = Making.objects.get_or_create(
        engagement_id=engagement_id, reason=Reason.CLOSE, defaults={"asked_at": clock.now()}
    )
    if new:
        jobs.enqueue("feedback.close_report", making.pk)
    return new


def retry_failed() -> int:
    """Ask again for reports at the close whose job gave up; returns how many."""
    failed = Making.objects.filter(reason=Reason.CLOSE, state=MakingState.FAILED)
    again = 0
    for making in failed:
        with transaction.atomic():
            if Making.objects.filter(pk=making.pk, state=MakingState.FAILED).update(
                state=MakingState.WAITING
            ):
                jobs.enqueue("feedback.close_report", making.pk)
                again += 1
    return again


@transaction.atomic
def deliver(*, snapshot: Snapshot) -> Delivery:
    """Send the report of the close to everybody who may read it; once, however often it is called.

    The mail is a link behind sign-in. Where a body has no officer, administrators are told.
    """
    engagement = (
        Engagement.objects.select_for_update(of=("self",), no_key=True)
        .select_related("owner")
        .get(pk=snapshot.engagement_id)
    )
    there = Delivery.objects.filter(snapshot=snapshot).first()
    if there is not None:
        return there
    now = clock.now()
    readers = list(readers_of(engagement)) or list(accounts_with(Role.ADMINISTRATOR))
    delivery = Delivery.objects.create(
        snapshot=snapshot,
        delivered_at=now,
        recipients=len(readers),
        owed_by=working_days.after(today(now), DAYS_TO_ACKNOWLEDGE),
    )
    notify(
        kind="report-delivered",
        event_key=f"report:{delivery.public_id}",
        to=readers,
        params={
            "title": engagement.title,
            "noun": faces.nouns_of(engagement),
            "bureau": engagement.owner.name,
            "taken_at": snapshot.taken_at,
            "version": snapshot.version,
            "owed_by": delivery.owed_by,
            "response_due": engagement.response_due,
        },
        path=f"/reports/{engagement.public_id}/",
    )
    audit.record(
        "report.deliver",
        actor=audit.SYSTEM,
        engagement_id=engagement.public_id,
        subject=delivery.public_id,
        rows=[delivery],
    )
    live.restaged(engagement)
    return delivery


@transaction.atomic
def acknowledge(*, delivery: Delivery, name: str, by: Account) -> Acknowledgement:
    """Receive the report by name, for the bureau. The first one stands.

    Raises Absent for who is no officer of owner or partner, Conflict (naming who did) for the
    second, Invalid for a name that is none, TooMany over the limit.
    """
    limits.spend("acknowledge_report", by.public_id)
    row = (
        Delivery.objects.select_for_update(of=("self",))
        .select_related("snapshot__engagement__owner")
        .get(pk=delivery.pk)
    )
    engagement = row.snapshot.engagement
    bureau = reading_for(by, engagement)
    if bureau is None:
        # Administrators read it, but they are not the bureau.
        raise Absent
    there = Acknowledgement.objects.filter(delivery=row).first()
    if there is not None:
        raise Conflict(
            _("%(name)s has acknowledged it already.") % {"name": there.name},
            code="acknowledged",
        )
    received = Acknowledgement.objects.create(
        delivery=row,
        account=by,
        name=clean_text(name, max_length=NAME_LIMIT, field="name", multiline=False),
        bureau=bureau,
        at=clock.now(),
    )
    audit.record(
        "report.acknowledge",
        actor=by,
        engagement_id=engagement.public_id,
        subject=row.public_id,
        rows=[received],
    )
    live.restaged(engagement)
    return received


def chase() -> int:
    """Tell the head of the list of each delivery that nobody acknowledged in time; how many."""
    late = (
        Delivery.objects.filter(
            received__isnull=True, chased_at__isnull=True, owed_by__lt=today(clock.now())
        )
        .select_related("snapshot__engagement__owner")
        .order_by("pk")
    )
    told = 0
    for delivery in late:
        told += _chase(delivery_id=delivery.pk)
    return told


@transaction.atomic
def _chase(*, delivery_id: int) -> bool:
    row = (
        Delivery.objects.select_for_update(of=("self",))
        .select_related("snapshot__engagement__owner")
        .get(pk=delivery_id)
    )
    if row.chased_at is not None or Acknowledgement.objects.filter(delivery=row).exists():
        return False
    engagement = row.snapshot.engagement
    row.chased_at = clock.now()
    row.save(update_fields=["chased_at"])
    heads = list(accounts_with(Role.APPROVER, engagement.owner))
    notify(
        kind="report-unreceived",
        event_key=f"report-unreceived:{row.public_id}",
        to=heads or list(accounts_with(Role.ADMINISTRATOR)),
        params={
            "title": engagement.title,
            "noun": faces.nouns_of(engagement),
            "bureau": engagement.owner.name,
            "delivered_at": row.delivered_at,
            "owed_by": row.owed_by,
        },
        path=f"/reports/{engagement.public_id}/",
    )
    audit.record(
        "report.chase",
        actor=audit.SYSTEM,
        engagement_id=engagement.public_id,
        subject=row.public_id,
    )
    return True


@transaction.atomic
def note_read(*, engagement: Engagement, by: Account, what: str) -> None:
    """Record that an administrator opened a report that is not of the own body. TooMany."""
    limits.spend("report_read", by.public_id)
    audit.record("report.read", actor=by, engagement_id=engagement.public_id, subject=what)
