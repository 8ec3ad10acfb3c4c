"""A product and its builds: what publishing its page writes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.ids import public_id
from crowdtasks.products.querysets import BuildQuerySet


class Product(models.Model):
    """One product of a bureau. It is an engagement without end, that people follow (ADR)."""

    engagement = models.OneToOneField(
        "participation.Engagement",
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="product",
    )

    AUDITED_FIELDS = ("engagement_id",)

    def __str__(self) -> str:
        return str(self.engagement_id)


class Build(models.Model):
    """One state of a product; retired, never deleted. ``order`` is its place, the oldest first.

    ``sha256`` is of the file as it was when the build was published, in hexadecimal; ``file_hash``
    is the CMS's own hash of the same file, by which another one in its place is told without
    reading it. Pages show ``fingerprint``, never ``sha256``.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    product = models.ForeignKey("products.Product", on_delete=models.PROTECT, related_name="builds")
    block_id = models.CharField(max_length=40)
    order = models.PositiveIntegerField(default=0)
    version = models.CharField(max_length=40)
    released_on = models.DateField(null=True, blank=True)
    link = models.CharField(max_length=500, blank=True, default="")
    document = models.ForeignKey(
        settings.WAGTAILDOCS_DOCUMENT_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    sha256 = models.CharField(max_length=64, blank=True, default="")
    file_hash = models.CharField(max_length=40, blank=True, default="")
    size = models.PositiveBigIntegerField(default=0)
    to_try = models.JSONField(default=dict, blank=True)
    known_issues = models.JSONField(default=dict, blank=True)
    changes = models.JSONField(default=dict, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    AUDITED_FIELDS = (
        "public_id",
        "product_id",
        "block_id",
        "version",
        "released_on",
        "link",
        "sha256",
        "retired_at",
    )

    objects = BuildQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["product", "block_id"], name="build_block_once"),
            models.UniqueConstraint(
                fields=["product", "version"],
                condition=Q(retired_at__isnull=True),
                name="build_version_once",
            ),
        ]

    def __str__(self) -> str:
        return self.version

    @property
    def file_replaced(self) -> bool:
        """Whether the CMS holds another file by now than the one that was published."""
        return self.document is not None and self.document.file_hash != self.file_hash

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the file that is there, in hexadecimal; '' for none and for another."""
        return "" if self.document is None or self.file_replaced else self.sha256
