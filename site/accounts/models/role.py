"""Roles are rows: who, which role, for which bureau, from when, until when (decision 14)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.querysets import RoleGrantQuerySet


class Role(models.TextChoices):
    OFFICER = "officer", _("Officer")
    APPROVER = "approver", _("Approver")
    MODERATOR = "moderator", _("Moderator")
    JUROR = "juror", _("Juror")
    ADMINISTRATOR = "administrator", _("Administrator")


#: Officers and approvers act for a bureau; the others may be granted platform-wide.
BUREAU_ROLES = frozenset({Role.OFFICER, Role.APPROVER})


class RoleGrant(models.Model):
    """One grant, append-only but for ``until``: revoking sets it, never deletes the row."""

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=16, choices=Role.choices)
    bureau = models.ForeignKey(
        "accounts.Bureau", null=True, blank=True, on_delete=models.PROTECT, related_name="grants"
    )
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    # Whether flags and CMS groups have been taken back after ``until``; rights never wait for it.
    settled = models.BooleanField(default=False)
    granted_by = models.ForeignKey(
        "accounts.Account", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    AUDITED_FIELDS = ("account_id", "role", "bureau_id", "since", "until")

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "role", "bureau"],
                condition=Q(until__isnull=True, bureau__isnull=False),
                name="bureau_role_granted_once",
            ),
            models.UniqueConstraint(
                fields=["account", "role"],
                condition=Q(until__isnull=True, bureau__isnull=True),
                name="platform_role_granted_once",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=["officer", "approver"]) | Q(bureau__isnull=False),
                name="bureau_role_names_bureau",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="role_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.bureau_id or ''}".strip()
