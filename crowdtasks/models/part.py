"""What polls, surveys and rounds have in common where they give points: what is set aside, the part
of one person in it, and what officers decided on that part. Tables of their own in each room.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from accounts.models import Person
    from participation.models import Contribution, Engagement


class Funded(models.Model):
    """Something that gives points for completing it, out of its bureau's budget."""

    #: Points for completing it, whichever way somebody answers; 0: none.
    reward = models.PositiveIntegerField(default=0)
    #: Days until earned points can be spent.
    hold_days = models.PositiveSmallIntegerField(default=0)
    #: What was moved from the bureau's budget in all, and when what was left of it went back.
    set_aside = models.PositiveBigIntegerField(default=0)
    returned_at = models.DateTimeField(null=True, blank=True)
    #: Worked out from what is asked, in seconds: what a response's own time is compared with.
    seconds = models.PositiveIntegerField(default=0)
    #: Questions that check attention: block id -> block ids of the right options. Never public.
    checks = models.JSONField(default=dict, blank=True)

    if TYPE_CHECKING:
        engagement: Engagement

    class Meta:
        abstract = True

    @property
    def most(self) -> int:
        """How many people can be rewarded."""
        raise NotImplementedError

    @property
    def cost(self) -> int:
        """What it costs at most."""
        return self.reward * self.most


class Part(models.Model):
    """One person's part in something funded, once something was handed in.

    The states of every room's parts have the words of ``states.ClaimState`` for what officers
    decide: review, accepted, declined, refused, withdrawn.
    """

    #: What was earned by it, held or not; 0 again once it was taken back.
    points = models.PositiveIntegerField(default=0)
    #: Why an officer looks at it: keys of ``integrity.FLAGS``.
    flags = models.JSONField(default=list, blank=True)
    #: How long answering took; None where nobody could tell (a poll, a program).
    seconds = models.PositiveIntegerField(null=True, blank=True)

    if TYPE_CHECKING:
        pk: int
        public_id: str
        state: str
        person: Person | None
        person_id: int | None
        contribution: Contribution | None
        contribution_id: int | None
        claimed_at: Any
        finished_at: dt.datetime | None
        reviews: Any

    #: What is fetched with it where it is decided, what a decision changes (the state is each
    #: room's own), and the notice that tells of the decision.
    DECIDED_WITH: ClassVar[tuple[str, ...]] = ()
    DECIDED_FIELDS: ClassVar[tuple[str, ...]] = ("state", "points")
    notice: ClassVar[str] = ""

    class Meta:
        abstract = True

    @property
    def funded(self) -> Funded:
        """What it is a part of."""
        raise NotImplementedError

    @property
    def engagement(self) -> Engagement:
        """The engagement of what it is a part of."""
        return self.funded.engagement

    @property
    def key(self) -> str:
        """The ledger's key of what was earned by it: once, whatever is tried again."""
        raise NotImplementedError

    @property
    def own_path(self) -> str:
        """Where its person reads what was decided, without the language."""
        raise NotImplementedError

    def object_to(self, **said: Any) -> Objection:
        """Write what its person says to a decision; an action's last step."""
        related: Any = self._meta.get_field("appeal")
        made: Objection = related.related_model._default_manager.create(
            **{related.field.name: self, **said}
        )
        return made

    @property
    def verb(self) -> str:
        """The first word of its lines in the audit trail."""
        raise NotImplementedError


class Verdict(models.TextChoices):
    ACCEPT = "accept", pgettext_lazy("of a task", "Accept it")
    DECLINE = "decline", pgettext_lazy("of a task", "Decline it")


class Decision(models.Model):
    """One decision; append-only. The second one, if any, is on an appeal and by somebody else."""

    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    #: Why it was declined, as written; the person reads it.
    reason = models.TextField(blank=True, default="")
    language = models.CharField(max_length=10)
    on_appeal = models.BooleanField(default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    #: The officer's person, who stays when the account goes: nobody decides twice on one matter.
    decided_by = models.ForeignKey(
        "accounts.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ["at", "pk"]


class Objection(models.Model):
    """What somebody said to a declined part; another officer reads it."""

    text = models.TextField()
    language = models.CharField(max_length=10)
    at = models.DateTimeField()

    class Meta:
        abstract = True
