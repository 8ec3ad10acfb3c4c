"""An idea: an entry of the register, and what a list of ideas is filtered and sorted by."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from taggit.managers import TaggableManager
from taggit.models import ItemBase, TagBase

from core.ids import public_id
from ideas.places import EAST, NORTH, PLACES, SOUTH, WEST, Point
from ideas.querysets import IdeaQuerySet

#: A prime; lots and seeds are below it (``IdeaQuerySet.shuffled``).
LOTS = 2_147_483_647


def draw_lot() -> int:
    """A number by which shuffled lists are ordered."""
    return secrets.randbelow(LOTS - 1) + 1


class IdeaStatus(models.TextChoices):
    """Where an idea stands on its way; only the first is set before screening."""

    RECEIVED = "received", pgettext_lazy("of an idea", "Received")
    REVIEW = "in-review", _("In review")
    SHORTLISTED = "shortlisted", _("Shortlisted")
    AWARDED = "awarded", _("Awarded")
    ADOPTED = "adopted", _("Adopted")
    PROGRESS = "in-progress", _("In progress")
    DONE = "done", _("Done")
    NOT_ADOPTED = "not-adopted", _("Not adopted")


class Screened(models.TextChoices):
    """What screening made of an idea; '' is none yet."""

    ACCEPTED = "accepted", pgettext_lazy("screening", "Accepted")
    COMPLETE = "complete", pgettext_lazy("screening", "To be completed")
    DECLINED = "declined", pgettext_lazy("screening", "Declined")


class IdeaTag(TagBase):
    """A tag. ``slug`` is its folded form, so that spellings in two scripts are one tag."""

    class Meta:
        verbose_name = _("tag")


class TaggedIdea(ItemBase):
    """The tags of an idea's public version."""

    content_object = models.ForeignKey(
        "ideas.Idea", on_delete=models.CASCADE, related_name="tagged"
    )
    tag = models.ForeignKey("ideas.IdeaTag", on_delete=models.CASCADE, related_name="tagged")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="tag_once")]


class Described(models.Model):
    """The parts of an idea, the same in every version of it."""

    title = models.CharField(max_length=120)
    text = models.TextField()
    category = models.ForeignKey(
        "ideas.Category", null=True, blank=True, on_delete=models.PROTECT, related_name="%(class)ss"
    )
    district = models.CharField(max_length=20, blank=True, default="")
    place = models.CharField(max_length=120, blank=True, default="")
    latitude = models.DecimalField(max_digits=8, decimal_places=PLACES, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=PLACES, null=True, blank=True)
    #: To what the contest asks (``ideas.asked``): JSON values by the question's key. The register's
    #: text holds the public ones in words.
    answers = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True

    @property
    def point(self) -> str:
        """The point as it is shown and typed; '' for none. The register's text holds it too, and
        by that the audit trail.
        """
        if self.latitude is None or self.longitude is None:
            return ""
        return str(Point(self.latitude, self.longitude))


def in_hong_kong(name: str) -> models.CheckConstraint:
    """Both numbers or neither, and within the bounds."""
    return models.CheckConstraint(
        condition=Q(latitude__isnull=True, longitude__isnull=True)
        | Q(latitude__range=(SOUTH, NORTH), longitude__range=(WEST, EAST)),
        name=name,
    )


class Idea(Described):
    """The version that counts (``number``); state, author and language are the contribution's.

    ``is_public``: the contribution is, and no other idea leads it; kept beside what lists filter
    by, ``actions.ideas.follow_contribution`` alone writes it. ``search`` and ``folded_title`` are
    folded (``core.text.fold``).
    """

    contribution = models.OneToOneField(
        "participation.Contribution",
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="idea",
    )
    engagement = models.ForeignKey(
        "participation.Engagement", on_delete=models.PROTECT, related_name="ideas"
    )
    thread = models.OneToOneField(
        "participation.Thread", on_delete=models.PROTECT, related_name="idea"
    )
    number = models.PositiveIntegerField(default=1)
    is_public = models.BooleanField(default=False)
    status = models.CharField(
        max_length=12, choices=IdeaStatus.choices, default=IdeaStatus.RECEIVED
    )
    received_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    #: What screening made of it (``Screened``), '' for not yet; and how long to complete it.
    screened = models.CharField(max_length=10, choices=Screened.choices, blank=True, default="")
    complete_until = models.DateTimeField(null=True, blank=True)
    #: The idea that leads this one; then this one is not public by itself.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="led_ideas"
    )
    lot = models.PositiveBigIntegerField(default=draw_lot)
    folded_title = models.CharField(max_length=400, blank=True, default="")
    search = models.TextField(blank=True, default="")

    tags = TaggableManager(through=TaggedIdea, blank=True)

    AUDITED_FIELDS = (
        "contribution_id",
        "engagement_id",
        "title",
        "text",
        "category_id",
        "district",
        "place",
        "number",
        "is_public",
        "status",
    )

    objects = IdeaQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["engagement", "is_public", "lot"]),
            models.Index(fields=["engagement", "is_public", "received_at"]),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="idea_has_title"),
            in_hong_kong("idea_lies_in_hong_kong"),
        ]

    def __str__(self) -> str:
        return self.title


class IdeaVersion(Described):
    """What the idea was, under the number of the register's version; append-only."""

    idea = models.ForeignKey("ideas.Idea", on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    #: Tags as typed, in their order.
    tags = models.JSONField(default=list)
    at = models.DateTimeField()

    AUDITED_FIELDS = ("idea_id", "number", "title", "text", "category_id", "district", "place")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["idea", "number"], name="idea_version_once"),
            in_hong_kong("idea_version_lies_in_hong_kong"),
        ]

    def __str__(self) -> str:
        return f"{self.idea_id} v{self.number}"


class IdeaDraft(models.Model):
    """What somebody signed in has begun; nobody else reads it. Handing it in deletes it."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    engagement = models.ForeignKey(
        "participation.Engagement", on_delete=models.CASCADE, related_name="idea_drafts"
    )
    person = models.ForeignKey(
        "accounts.Person", on_delete=models.CASCADE, related_name="idea_drafts"
    )
    title = models.CharField(max_length=120, blank=True, default="")
    text = models.TextField(blank=True, default="")
    language = models.CharField(max_length=10)
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["-saved_at", "-id"]

    def __str__(self) -> str:
        return self.public_id
