"""Who writes an idea together with its author: invited by e-mail, one person one seat."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.ids import public_id


class CoAuthorQuerySet(models.QuerySet["CoAuthor"]):
    """Seats beside authors."""

    def seated(self) -> CoAuthorQuerySet:
        """Those who accepted and have not left."""
        return self.filter(person__isnull=False, ended_at=None)

    def waiting(self, now: dt.datetime) -> CoAuthorQuerySet:
        """Invitations that can still be accepted; the last instant is too late."""
        return self.filter(person=None, ended_at=None, expires_at__gt=now)


class CoAuthor(models.Model):
    """A seat beside an idea's author: an invitation first, then the person who accepted it.

    The address and the secret go as soon as the invitation is settled. Ended, never deleted. The
    name shown is the account's, so a name that is changed or withheld is so here too.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    idea = models.ForeignKey("ideas.Idea", on_delete=models.CASCADE, related_name="coauthors")
    #: The idea's author, beside the seat so that the database refuses who would be both.
    author = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        "accounts.Person",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="coauthored",
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    email = models.EmailField(max_length=254, blank=True, default="")
    email_canonical = models.CharField(max_length=254, blank=True, default="")
    token_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    AUDITED_FIELDS = (
        "public_id",
        "idea_id",
        "author_id",
        "person_id",
        "expires_at",
        "accepted_at",
        "ended_at",
    )

    objects = CoAuthorQuerySet.as_manager()

    class Meta:
        ordering = ["invited_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["idea", "person"],
                condition=Q(person__isnull=False, ended_at__isnull=True),
                name="coauthor_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False)
                | Q(person__isnull=True)
                | ~Q(person=F("author")),
                name="author_is_no_coauthor",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True, accepted_at__isnull=True)
                | Q(person__isnull=False, accepted_at__isnull=False),
                name="coauthor_has_accepted",
            ),
            models.CheckConstraint(
                condition=Q(email="", email_canonical="", token_hash__isnull=True)
                | Q(person__isnull=True, ended_at__isnull=True),
                name="coauthor_address_while_it_waits",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def name(self) -> str:
        """The display name; '' while there is none to show."""
        return self.account.display_name if self.account else ""

    def settle(self) -> None:
        """Take out what only an invitation needs; the caller saves."""
        self.email = self.email_canonical = ""
        self.token_hash = None
