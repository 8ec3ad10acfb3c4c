"""A campaign, its places, and who has taken one.

Places are rows, one for each: a place is taken by pointing to it, and a constraint lets one claim
at a time do so. So the quota cannot be passed whatever runs at once, and no row that two people
share is written when one of them takes a place.
"""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.ids import public_id
from crowdtasks.models.part import Funded, Part
from crowdtasks.querysets import ClaimQuerySet, PlaceQuerySet
from crowdtasks.states import FINISHED, HOLDING, STANDING, ClaimState

_HOUR, _DAY = 60, 24 * 60


class CampaignKind(models.TextChoices):
    SURVEY = "survey", _("Survey")
    POLL = "poll", _("Poll")


class ReviewRule(models.TextChoices):
    """Which responses an officer looks at before they count as done; what is flagged, always."""

    AUTOMATIC = "automatic", _("None but those that look odd")
    SAMPLE = "sample", _("A random part, and those that look odd")
    ALL = "all", _("All")


class Campaign(Funded):
    """What publishing a campaign writes beside its engagement and its questions."""

    engagement = models.OneToOneField(
        "participation.Engagement",
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="campaign",
    )
    kind = models.CharField(max_length=8, choices=CampaignKind.choices)
    #: How many may take part; None: as many as like.
    places = models.PositiveIntegerField(null=True, blank=True)
    claim_minutes = models.PositiveIntegerField(default=60)
    review = models.CharField(
        max_length=10, choices=ReviewRule.choices, default=ReviewRule.AUTOMATIC
    )
    sample_percent = models.PositiveSmallIntegerField(default=10)
    #: Whether those who have answered see the results at once, whenever the others do.
    after_own = models.BooleanField(default=False)

    AUDITED_FIELDS = (
        "engagement_id",
        "kind",
        "places",
        "claim_minutes",
        "review",
        "sample_percent",
        "after_own",
        "seconds",
        "checks",
        "reward",
        "hold_days",
        "set_aside",
        "returned_at",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(places__isnull=True) | Q(places__gt=0), name="campaign_has_places"
            ),
            models.CheckConstraint(
                condition=Q(sample_percent__gte=1, sample_percent__lte=99),
                name="campaign_sample_is_a_part",
            ),
            models.CheckConstraint(
                condition=Q(reward=0) | Q(places__isnull=False),
                name="campaign_reward_has_places",
            ),
        ]

    def __str__(self) -> str:
        return str(self.engagement_id)

    @property
    def held_for(self) -> str:
        """How long a place is held, in words: in days or hours where they are whole."""
        long = self.claim_minutes
        if long % _DAY == 0:
            days = long // _DAY
            return ngettext("%(number)s day", "%(number)s days", days) % {"number": days}
        if long % _HOUR == 0:
            hours = long // _HOUR
            return ngettext("%(number)s hour", "%(number)s hours", hours) % {"number": hours}
        return ngettext("%(number)s minute", "%(number)s minutes", long) % {"number": long}

    @property
    def most(self) -> int:
        """How many people can be rewarded: as many as there are places."""
        return self.places or 0


class Place(models.Model):
    """One of a campaign's places."""

    campaign = models.ForeignKey(
        "crowdtasks.Campaign", on_delete=models.PROTECT, related_name="place_rows"
    )
    number = models.PositiveIntegerField()

    objects = PlaceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "number"], name="place_once")]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.number}"


class Claim(Part):
    """Somebody takes part in a campaign: from taking a place to what became of the response.

    ``place`` is None where there is no quota; such a claim is made with the response. A live claim
    is over at ``expires_at`` whether or not anything has noted it: the place is then free.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    campaign = models.ForeignKey(
        "crowdtasks.Campaign", on_delete=models.PROTECT, related_name="claims"
    )
    place = models.ForeignKey(
        "crowdtasks.Place",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="claims",
    )
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ClaimState.choices, default=ClaimState.LIVE)
    claimed_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    #: The entry of the register that was handed in.
    contribution = models.OneToOneField(
        "participation.Contribution",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="task_claim",
    )

    AUDITED_FIELDS = (
        "public_id",
        "campaign_id",
        "place_id",
        "person_id",
        "state",
        "claimed_at",
        "expires_at",
        "finished_at",
        "contribution_id",
        "seconds",
        "points",
        "flags",
    )

    DECIDED_WITH = ("campaign__engagement__owner", "contribution__receipt", "person", "appeal")
    notice = "task-decided"

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place"], condition=Q(state__in=HOLDING), name="place_held_once"
            ),
            models.UniqueConstraint(
                fields=["campaign", "person"],
                condition=Q(state__in=STANDING),
                name="one_claim_a_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=FINISHED, contribution__isnull=False)
                | (~Q(state__in=FINISHED) & Q(contribution__isnull=True)),
                name="finished_claim_has_its_entry",
            ),
            models.CheckConstraint(
                condition=~Q(state=ClaimState.LIVE)
                | Q(place__isnull=False, expires_at__isnull=False),
                name="live_claim_holds_a_place_for_a_time",
            ),
        ]
        indexes = [models.Index(fields=["campaign", "state", "expires_at"])]

    def __str__(self) -> str:
        return self.public_id

    @property
    def funded(self) -> Campaign:
        """The campaign."""
        return self.campaign

    @property
    def key(self) -> str:
        """The ledger's key of its points."""
        return f"task:{self.public_id}"

    @property
    def own_path(self) -> str:
        """The receipt."""
        return f"/receipts/{self.contribution.receipt.code}/" if self.contribution else ""

    @property
    def verb(self) -> str:
        """The first word of its lines in the audit trail."""
        return "claim"

    def holds_at(self, now: dt.datetime) -> bool:
        """Whether it is begun and its time is not over."""
        return (
            self.state == ClaimState.LIVE and self.expires_at is not None and now < self.expires_at
        )
