"""What lets a program act as an account: made by an administrator's command, shown once."""

from django.db import models
from django.db.models import F, Q

from core.ids import public_id


class ApiToken(models.Model):
    """A bearer token of the API, kept as a keyed hash. Dead after ``expires_at`` or revoked.

    It gives the account's own rights as they are at each request, never more.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="bearer_tokens"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    AUDITED_FIELDS = ("public_id", "account_id", "created_at", "expires_at", "revoked_at")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="api_token_lives_a_while"
            )
        ]

    def __str__(self) -> str:
        return self.public_id
