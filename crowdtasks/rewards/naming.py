"""What points were spent on: the reward's name in its owner's statement; the way to spend more."""

from __future__ import annotations

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crowdtasks.ledger import naming
from crowdtasks.rewards.models import Redemption


def _of_the_entry(column: str) -> Subquery:
    """A column of the redemption that the entry spent or, reversing that, gave back for."""
    key = Coalesce(OuterRef("reverses__key"), OuterRef("key"))
    return Subquery(Redemption.objects.filter(entry_key=key).values(column)[:1])


def register() -> None:
    """Called from ``ready()``."""
    naming.register(
        "reward",
        naming.Namer(
            title=lambda: _of_the_entry("reward__name"),
            id=lambda: _of_the_entry("public_id"),
            path=lambda public_id: reverse("rewards:redemption", args=[public_id]),
        ),
    )
    naming.register_way("rewards:for_me", _("Spend points on rewards"))
