"""The audit trail: entries written with the act, links written behind it.

An entry is written in the transaction of the act it tells of. Links (sequence, previous, hash) are
written by a background appender to a table of their own, so that no vote waits for the chain. The
head remembers how far the chain has come: it is the appender's lock, and it shows when links were
cut off at the end.
"""

from __future__ import annotations

from typing import Any

from django.db import models


class AuditEntry(models.Model):
    """One act: verb, opaque ids, salted digests of the rows it wrote. Never a text or a name.

    ``rows`` is ``[[model label, primary key, digest], …]``; ``batch`` (bulk imports) is
    ``{"model", "first_id", "last_id", "count", "runs", "digests"}``. Both are ``core.audit``'s.
    """

    verb = models.CharField(max_length=80)
    at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    engagement = models.CharField(max_length=32, blank=True)
    subject = models.CharField(max_length=128, blank=True)
    # Not part of the chain's hash: dropping it makes the digests mute when somebody is erased.
    salt = models.CharField(max_length=32)
    rows = models.JSONField(default=list)
    batch = models.JSONField(null=True)

    class Meta:
        ordering = ["id"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["engagement", "id"], name="core_audit_engagement"),
            models.Index(fields=["subject", "id"], name="core_audit_subject"),
            models.Index(fields=["at"], name="core_audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} ({self.pk})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Entries are written once; changing one is refused."""
        if self.pk is not None and not self._state.adding:
            raise TypeError("An audit entry is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Entries are never deleted."""
        raise TypeError("An audit entry is never deleted.")


class AuditLink(models.Model):
    """One link of the chain: entry ``entry`` stands at ``sequence``, after ``previous``.

    No database constraint ties a link to its entry: a link whose entry was deleted by hand must
    stay and tell of it.
    """

    sequence = models.BigIntegerField(unique=True)
    entry = models.OneToOneField(
        AuditEntry, on_delete=models.DO_NOTHING, db_constraint=False, related_name="link"
    )
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["sequence"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"link {self.sequence}"


class AuditHead(models.Model):
    """Where the chain ends: one row, the appender's lock and the witness of the last link."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    sequence = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")
    # Every entry up to this id was linked when nobody could still be writing one.
    settled_entry_id = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="core_audithead_one_row")
        ]

    def __str__(self) -> str:
        return f"head at {self.sequence}"
