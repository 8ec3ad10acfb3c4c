"""An invitation of one volunteer to one round."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q

from core.ids import public_id
from crowdtasks.panel.states import HOLDING, TAKING_PART, InvitationState


class Invitation(models.Model):
    """Somebody was drawn, at first or to fill a place that came free (``reserve``).

    ``person`` is None once nothing must lead to somebody any more (``rules.LINK_KEPT``), or
    when they left before they accepted. The bureau never sees it.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    draw = models.ForeignKey("panel.Draw", on_delete=models.PROTECT, related_name="invitations")
    seat = models.ForeignKey("panel.Seat", on_delete=models.PROTECT, related_name="invitations")
    person = models.ForeignKey(
        "accounts.Person",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="panel_invitations",
    )
    key = models.CharField(max_length=32)
    #: Its place in the order of the draw, from 1.
    place = models.PositiveIntegerField()
    reserve = models.BooleanField(default=False)
    state = models.CharField(
        max_length=10, choices=InvitationState.choices, default=InvitationState.WAITING
    )
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    AUDITED_FIELDS = (
        "public_id",
        "draw_id",
        "seat_id",
        "key",
        "place",
        "reserve",
        "state",
        "invited_at",
        "expires_at",
        "accepted_at",
        "started_at",
        "finished_at",
        "ended_at",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seat"], condition=Q(state__in=HOLDING), name="seat_held_once"
            ),
            models.UniqueConstraint(fields=["draw", "key"], name="invited_once_a_draw"),
            models.UniqueConstraint(fields=["draw", "person"], name="person_invited_once"),
            models.CheckConstraint(
                condition=~Q(state__in=TAKING_PART) | Q(accepted_at__isnull=False),
                name="taking_part_was_accepted",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "invited_at"]),
            models.Index(fields=["state", "expires_at"]),
        ]

    def __str__(self) -> str:
        return self.public_id

    def waits_at(self, now: dt.datetime) -> bool:
        """Whether it can still be accepted; it is over at its instant, noted or not."""
        return self.state == InvitationState.WAITING and now < self.expires_at
