"""The register: everything received on an engagement except votes, one row each (decision 1)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.ids import public_id
from participation.register import ContributionQuerySet


class ContributionKind(models.TextChoices):
    """The kinds of the ground. Rooms register theirs (``participation.kinds``)."""

    COMMENT = "comment", _("Comment")
    RESPONSE = "response", _("Response")
    STATEMENT = "statement", _("Statement")


class ContributionState(models.TextChoices):
    """One state, the first that applies; received is their sum, always."""

    WITHDRAWN = "withdrawn", "Withdrawn"
    WITHHELD = "withheld", "Withheld"
    HELD = "held", "Held"
    CONFIDENTIAL = "confidential", "Confidential"
    PUBLISHED = "published", "Published"


class PublishChoice(models.TextChoices):
    NAME = "name", "Public, under the display name"
    ALIAS = "alias", "Public, under another name"
    CONFIDENTIAL = "confidential", "To the bureau only"


class Channel(models.TextChoices):
    WEB = "web", "Web"
    EMAIL = "email", "E-mail"
    PAPER = "paper", "Paper"
    BOOTH = "booth", "Booth"
    PHONE = "phone", "Phone"
    EVENT = "event", "Event"
    API = "api", "API"
    IMPORT = "import", "Import"


class Contribution(models.Model):
    """One entry of the register. The text is sealed, never erased, when withheld.

    ``text`` is the current version's; every edit adds a ``ContributionVersion``. ``author_name``
    is the display name at submit (never an e-mail); ``name_withheld`` hides it alone.
    ``idempotency_key`` makes a form submitted twice one entry: for each person, and without one
    for each kind in its engagement, where whoever knows the key is the sender.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    engagement = models.ForeignKey(
        "participation.Engagement", on_delete=models.PROTECT, related_name="contributions"
    )
    person = models.ForeignKey(
        "accounts.Person",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="contributions",
    )
    kind = models.CharField(max_length=12)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.WEB)
    language = models.CharField(max_length=10)
    received_at = models.DateTimeField()
    publish_choice = models.CharField(
        max_length=12, choices=PublishChoice.choices, default=PublishChoice.NAME
    )
    consent_version = models.CharField(max_length=20, blank=True, default="")
    state = models.CharField(max_length=12, choices=ContributionState.choices)
    author_name = models.CharField(max_length=60, blank=True, default="")
    name_withheld = models.BooleanField(default=False)
    text = models.TextField()
    version = models.PositiveIntegerField(default=1)
    #: Number of an edit that waits for a moderator while ``version`` stays public.
    held_version = models.PositiveIntegerField(null=True, blank=True)
    #: When it was first public; None means that nobody but its author and staff ever read it.
    published_at = models.DateTimeField(null=True, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    idempotency_key = models.CharField(max_length=40, blank=True, default="")

    AUDITED_FIELDS = (
        "public_id",
        "engagement_id",
        "person_id",
        "kind",
        "channel",
        "received_at",
        "publish_choice",
        "state",
        "text",
        "version",
        "name_withheld",
        "published_at",
    )

    objects = ContributionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="contribution_submitted_once",
            ),
            models.UniqueConstraint(
                fields=["engagement", "kind", "idempotency_key"],
                condition=Q(person__isnull=True) & ~Q(idempotency_key=""),
                name="contribution_submitted_once_by_nobody",
            ),
        ]
        indexes = [models.Index(fields=["engagement", "kind", "state", "received_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    @property
    def by_former(self) -> bool:
        """Whether it stood under a name that went with its author's account.

        A public comment always has a name, so one of a person without it lost it by closing.
        Statements never show who proposed them.
        """
        return (
            self.person_id is not None
            and self.kind != ContributionKind.STATEMENT
            and self.publish_choice == PublishChoice.NAME
            and not self.author_name
        )

    @property
    def public_name(self) -> str:
        """How the public may know the author; '' when the name is withheld or there is none."""
        if self.by_former:
            return gettext("Former participant")
        return "" if self.name_withheld else self.author_name


class ContributionVersion(models.Model):
    """What the text was; append-only."""

    contribution = models.ForeignKey(
        "participation.Contribution", on_delete=models.CASCADE, related_name="versions"
    )
    number = models.PositiveIntegerField()
    text = models.TextField()
    at = models.DateTimeField()

    AUDITED_FIELDS = ("contribution_id", "number", "text", "at")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["contribution", "number"], name="contribution_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contribution_id} v{self.number}"
