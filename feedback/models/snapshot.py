"""A report as it was at one instant, and the files made of it. Written once, never changed."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models

from core.ids import public_id


class Reason(models.TextChoices):
    """Why it was taken."""

    CLOSE = "close", "At the close"
    ASKED = "asked", "Asked for"


class Snapshot(models.Model):
    """One frozen report. ``document`` is canonical JSON, and ``sha256`` is of its bytes.

    The document names each long table with the digest of its rows, which lie in
    ``SnapshotPart``; so the one digest proves them too. There is one at the close.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    engagement = models.ForeignKey(
        "participation.Engagement", on_delete=models.PROTECT, related_name="report_snapshots"
    )
    version = models.PositiveIntegerField()
    reason = models.CharField(max_length=8, choices=Reason.choices)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    document = models.TextField()
    sha256 = models.CharField(max_length=64)

    AUDITED_FIELDS = ("public_id", "engagement_id", "version", "reason", "taken_at", "sha256")

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "version"], name="report_version_once"),
            models.UniqueConstraint(
                fields=["engagement"],
                condition=models.Q(reason="close"),
                name="report_closed_once",
            ),
        ]

    def __str__(self) -> str:
        return f"report {self.engagement_id} v{self.version}"

    @cached_property
    def data(self) -> dict[str, Any]:
        """The report as plain data; see ``feedback.sections`` for its shape."""
        found: dict[str, Any] = json.loads(self.document)
        return found


class SnapshotPart(models.Model):
    """A run of rows of one long table (texts), packed; ``number`` counts from 1 in each table."""

    snapshot = models.ForeignKey(
        "feedback.Snapshot", on_delete=models.CASCADE, related_name="parts"
    )
    table = models.CharField(max_length=80)
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["table", "number"]
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "table", "number"], name="report_part_once")
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.number}"

    def lines(self) -> Iterator[str]:
        """The rows, each one line of canonical JSON."""
        # Not splitlines: texts may hold other characters that part lines.
        yield from zlib.decompress(bytes(self.content)).decode().split("\n")


class ReportFile(models.Model):
    """One file made of a frozen report. Kept in the database: no folder has to be shared."""

    snapshot = models.ForeignKey(
        "feedback.Snapshot", on_delete=models.CASCADE, related_name="files"
    )
    language = models.CharField(max_length=10)
    format = models.CharField(max_length=4)
    size = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "language", "format"], name="report_file_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.language}.{self.format}"


class FilePiece(models.Model):
    """Half a megabyte of a file, so that neither making nor sending holds it whole."""

    file = models.ForeignKey("feedback.ReportFile", on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="report_file_piece_once")
        ]

    def __str__(self) -> str:
        return str(self.number)
