"""Sessions of an invited round: a focus group or a moderated test, at a time, with places."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.ids import public_id
from crowdtasks.panel.states import BOOKING_HOLDS, BOOKING_STANDS, BookingState


class SessionKind(models.TextChoices):
    """What people come to."""

    FOCUS = "focus", _("Focus group")
    MODERATED = "moderated", _("Moderated test")


class Session(models.Model):
    """One meeting, at ``where`` or by ``link``, in words of the officer who wrote them."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    draw = models.ForeignKey("panel.Draw", on_delete=models.PROTECT, related_name="sessions")
    kind = models.CharField(max_length=10, choices=SessionKind.choices)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    places = models.PositiveSmallIntegerField()
    where = models.CharField(max_length=200, blank=True, default="")
    link = models.CharField(max_length=500, blank=True, default="")
    note = models.CharField(max_length=600, blank=True, default="")
    language = models.CharField(max_length=10, default="en")
    reminded_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    AUDITED_FIELDS = (
        "public_id",
        "draw_id",
        "kind",
        "starts_at",
        "minutes",
        "places",
        "where",
        "link",
        "cancelled_at",
    )

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(places__gte=1), name="session_has_places"),
            models.CheckConstraint(
                condition=~Q(where="") | ~Q(link=""), name="session_is_somewhere"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def ends_at(self) -> dt.datetime:
        """The first instant after it."""
        return self.starts_at + dt.timedelta(minutes=self.minutes)

    def is_coming(self, now: dt.datetime) -> bool:
        """Whether it can be booked: neither begun nor cancelled."""
        return self.cancelled_at is None and now < self.starts_at


class Chair(models.Model):
    """One place of a session; at most one booking holds it."""

    session = models.ForeignKey("panel.Session", on_delete=models.PROTECT, related_name="chairs")
    number = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["session", "number"], name="chair_once")]

    def __str__(self) -> str:
        return str(self.number)


class Booking(models.Model):
    """Somebody who was invited comes to a session, or waits for a place in it."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    session = models.ForeignKey("panel.Session", on_delete=models.PROTECT, related_name="bookings")
    invitation = models.ForeignKey(
        "panel.Invitation", on_delete=models.PROTECT, related_name="bookings"
    )
    chair = models.ForeignKey(
        "panel.Chair", null=True, blank=True, on_delete=models.PROTECT, related_name="bookings"
    )
    state = models.CharField(max_length=10, choices=BookingState.choices)
    booked_at = models.DateTimeField()
    moved_up_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    AUDITED_FIELDS = (
        "public_id",
        "session_id",
        "invitation_id",
        "chair_id",
        "state",
        "booked_at",
        "moved_up_at",
        "ended_at",
    )

    class Meta:
        ordering = ["booked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["chair"], condition=Q(state__in=BOOKING_HOLDS), name="chair_held_once"
            ),
            models.UniqueConstraint(
                fields=["invitation"],
                condition=Q(state__in=BOOKING_STANDS),
                name="one_session_an_invitation",
            ),
            models.CheckConstraint(
                condition=Q(state__in=BOOKING_HOLDS, chair__isnull=False)
                | (~Q(state__in=BOOKING_HOLDS) & Q(chair__isnull=True)),
                name="booking_holds_its_chair",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class Observation(models.Model):
    """What an officer saw in a session; nothing in it names who came."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    session = models.ForeignKey(
        "panel.Session", on_delete=models.PROTECT, related_name="observations"
    )
    text = models.CharField(max_length=1000)
    language = models.CharField(max_length=10, default="en")
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    #: What it became, once an officer said so.
    finding = models.OneToOneField(
        "findings.Finding",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="observation",
    )

    AUDITED_FIELDS = ("public_id", "session_id", "text", "at", "finding_id")

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.public_id
