"""Secrets sent by e-mail: invitations to a role, one-time sign-in codes. Stored as hashes."""

from django.db import models

from accounts.querysets import EmailCodeQuerySet, InvitationQuerySet
from core.ids import public_id

from .role import Role


class Invitation(models.Model):
    """Bound to one e-mail, role and bureau; used once; dead after ``expires_at``."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    email = models.EmailField(max_length=254)
    email_canonical = models.CharField(max_length=254)
    role = models.CharField(max_length=16, choices=Role.choices)
    bureau = models.ForeignKey(
        "accounts.Bureau", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        "accounts.Account", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        "accounts.Account", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    AUDITED_FIELDS = ("public_id", "role", "bureau_id", "expires_at", "accepted_at", "revoked_at")

    objects = InvitationQuerySet.as_manager()

    def __str__(self) -> str:
        return self.public_id


class EmailCode(models.Model):
    """One six-digit code for one address: three tries, ten minutes, one use.

    ``tries`` is counted by a conditional UPDATE, so that parallel guesses share the three.
    """

    email = models.EmailField(max_length=254)
    email_canonical = models.CharField(max_length=254, db_index=True)
    code_hash = models.CharField(max_length=64)
    handle = models.CharField(max_length=32, unique=True)
    purpose = models.CharField(max_length=16, default="sign-in")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    objects = EmailCodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(tries__lte=3), name="code_three_tries")
        ]

    def __str__(self) -> str:
        return self.handle
