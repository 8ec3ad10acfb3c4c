"""A notice is a row written in the transaction of what it tells of (decision 7)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.ids import public_id


class Notice(models.Model):
    """One message to one recipient about one event; unique by both, so retries never double it.

    The recipient is an account, or (followers without one) a bare confirmed address. ``params``
    holds what the kind's templates need (titles by language, an address to read on, dates), never
    a code, a choice or a withheld text. Kinds are registered in ``notifications.kinds``.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    kind = models.CharField(max_length=40)
    event_key = models.CharField(max_length=120)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="notices",
    )
    address = models.EmailField(max_length=254, blank=True, default="")
    language = models.CharField(max_length=10, default="en")
    params = models.JSONField(default=dict)
    path = models.CharField(max_length=300, blank=True, default="")
    unsubscribe_path = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField(db_index=True)
    read_at = models.DateTimeField(null=True, blank=True)
    mail_wanted = models.BooleanField(default=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    #: Set while a worker is sending; see ``notifications.delivery``.
    mail_claimed_at = models.DateTimeField(null=True, blank=True)
    #: Not before this instant, after a failed try.
    mail_next_at = models.DateTimeField(null=True, blank=True)
    mail_tries = models.PositiveSmallIntegerField(default=0)
    mail_error = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["account", "-created_at"]),
            models.Index(
                fields=["created_at"],
                condition=Q(mail_wanted=True, mailed_at__isnull=True),
                name="notice_mail_waits",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["event_key", "account"],
                condition=Q(account__isnull=False),
                name="notice_once_an_account",
            ),
            models.UniqueConstraint(
                fields=["event_key", "address"],
                condition=Q(account__isnull=True),
                name="notice_once_an_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class DevMail(models.Model):
    """A mail as it was sent in embedded mode, read at /dev/mail/. Never used in production."""

    public_id = models.CharField(max_length=16, db_index=True, default=public_id, editable=False)
    to = models.CharField(max_length=300)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True, default="")
    headers = models.JSONField(default=dict)
    sent_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-sent_at", "-id"]

    def __str__(self) -> str:
        return self.subject
