"""Questions about people that are asked of rows."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from .models import Account, Bureau, EmailCode, Invitation, RoleGrant  # noqa: F401


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    """Grants, by the time they hold and the body they are for."""

    def in_force(self, now: dt.datetime) -> "RoleGrantQuerySet":
        """Grants that hold at ``now``: ``until`` is exclusive, like every end of ours."""
        return self.filter(Q(since__lte=now) & (Q(until__isnull=True) | Q(until__gt=now)))

    def not_ended(self, now: dt.datetime) -> "RoleGrantQuerySet":
        """Grants that hold or are still to begin."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=now))

    def covering(self, bureau: "Bureau | None") -> "RoleGrantQuerySet":
        """Grants for this very body or for the whole platform; all of them for None.

        A parent bureau gains nothing over its departments, nor they over it (decision 14).
        """
        if bureau is None:
            return self
        return self.filter(Q(bureau=bureau) | Q(bureau__isnull=True))


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations, by what has become of them."""

    def waiting(self, now: dt.datetime) -> "InvitationQuerySet":
        """Neither accepted nor taken back nor expired."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now)


class EmailCodeQuerySet(models.QuerySet["EmailCode"]):
    """One-time codes, by whether they can still be used."""

    def usable(self, now: dt.datetime) -> "EmailCodeQuerySet":
        """Not used, not expired, with a try left."""
        return self.filter(used_at__isnull=True, expires_at__gt=now, tries__lt=3)
