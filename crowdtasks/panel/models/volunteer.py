"""Somebody who volunteered to try new services."""

from __future__ import annotations

import datetime as dt

from django.db import models

from core.ids import public_id
from crowdtasks.panel.facets import AGES
from crowdtasks.panel.rules import KEPT


class Volunteer(models.Model):
    """What one person said of themselves to be invited; deleted when they leave.

    ``devices``, ``languages`` and ``assistive`` are lists of keys of ``facets``. The audit proves
    that somebody joined and left, never what they said: of so few values a digest would tell it.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    person = models.OneToOneField(
        "accounts.Person", on_delete=models.PROTECT, related_name="volunteer"
    )
    age = models.CharField(max_length=10, choices=list(AGES.items()))
    devices = models.JSONField(default=list)
    district = models.CharField(max_length=30, blank=True, default="")
    languages = models.JSONField(default=list, blank=True)
    assistive = models.JSONField(default=list, blank=True)
    joined_at = models.DateTimeField()
    #: When its owner last saved it: from then on it is kept for ``rules.KEPT``.
    saved_at = models.DateTimeField(db_index=True)
    #: When its owner was told that it will be erased; None once it was saved again.
    told_at = models.DateTimeField(null=True, blank=True)

    AUDITED_FIELDS = ("public_id", "joined_at")

    def __str__(self) -> str:
        return self.public_id

    @property
    def kept_until(self) -> dt.datetime:
        """When it is erased, unless its owner saves it before."""
        return self.saved_at + KEPT
