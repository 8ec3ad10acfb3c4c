"""A file of a citizen: a row here, its bytes under a random name outside the media folder."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from core.ids import public_id


class AttachmentState(models.TextChoices):
    """Only clean ones are given out, to anybody."""

    RECEIVED = "received", "Received"
    CLEAN = "clean", "Clean"
    QUARANTINED = "quarantined", "Quarantined"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Which files are there, and for whom."""

    def live(self) -> AttachmentQuerySet:
        """Whose bytes are kept: not taken away, not in an entry's past."""
        return self.filter(removed_at=None)

    def in_tray(self, tray: str, now: datetime) -> AttachmentQuerySet:
        """What a form holds until it is sent; ``tray`` is the digest of its token."""
        return self.filter(tray=tray, contribution=None, expires_at__gt=now)

    def public(self) -> AttachmentQuerySet:
        """What everybody may see: clean files of public entries, none that waits with an edit."""
        return self.live().filter(
            state=AttachmentState.CLEAN,
            contribution__state="published",
            contribution__engagement__state="published",
            version__lte=F("contribution__version"),
        )


class Attachment(models.Model):
    """One file. It hangs on an entry of the register, or for a while on the tray of a form.

    ``tray`` is the keyed digest of the token a visit or draft holds; it is empty from the moment
    the file belongs to an entry. ``version`` is the entry's version that brought it, so that a file
    that came with an edit waits with that edit. A file taken away keeps its row and loses its bytes
    (``stored`` is empty then). ``scanner`` is who found it clean: empty when none is configured.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    engagement = models.ForeignKey(
        "participation.Engagement", on_delete=models.CASCADE, related_name="+"
    )
    contribution = models.ForeignKey(
        "participation.Contribution",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="attachments",
    )
    person = models.ForeignKey(
        "accounts.Person",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="attachments",
    )
    tray = models.CharField(max_length=64, blank=True, default="", db_index=True)
    version = models.PositiveIntegerField(default=0)
    position = models.PositiveSmallIntegerField()
    state = models.CharField(
        max_length=12, choices=AttachmentState.choices, default=AttachmentState.RECEIVED
    )
    name = models.CharField(max_length=120, blank=True)
    alt = models.CharField(max_length=300, blank=True, default="")
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    small_width = models.PositiveIntegerField(default=0)
    small_height = models.PositiveIntegerField(default=0)
    stored = models.CharField(max_length=60, blank=True, default="")
    scanner = models.CharField(max_length=40, blank=True, default="")
    created_at = models.DateTimeField()
    #: When the sweep takes the bytes away: of trays, withdrawn entries and quarantined files.
    expires_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    AUDITED_FIELDS = (
        "public_id",
        "contribution_id",
        "version",
        "state",
        "media_type",
        "size",
        "sha256",
        "removed_at",
    )

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(contribution__isnull=True) ^ Q(tray=""),
                name="attachment_in_tray_or_entry",
            ),
            models.UniqueConstraint(
                fields=["contribution", "position"],
                condition=Q(removed_at=None),
                name="attachment_place_in_entry",
            ),
            models.UniqueConstraint(
                fields=["tray", "position"],
                condition=~Q(tray=""),
                name="attachment_place_in_tray",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"],
                condition=Q(expires_at__isnull=False),
                name="attachment_expires",
            )
        ]

    def __str__(self) -> str:
        return f"attachment {self.public_id}"

    @property
    def is_picture(self) -> bool:
        """Whether there is a small picture of it, which may be shown in a page."""
        return self.small_width > 0
