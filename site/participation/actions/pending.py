"""Written first, signed in last: what a visitor typed waits here until it is submitted.

Only the token in the visitor's session opens it. Rooms register how their kind is completed.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Person
from core import clock, limits
from core.exceptions import Absent
from participation.models import Engagement, PendingAct, Receipt

#: Long enough to find the mail with the code, short enough not to keep what nobody sent.
KEPT_FOR = dt.timedelta(hours=24)

Complete = Callable[[PendingAct, Person | None, Account | None, dict[str, Any]], Receipt]

_registry: dict[str, Complete] = {}


def register(kind: str, complete: Complete) -> None:
    """Say how a kind of act is completed: ``complete(act, person, account, changes)``."""
    known = _registry.get(kind)
    if known is not None and known is not complete:
        raise ValueError(f"Acts of kind '{kind}' are already completed by another function.")
    _registry[kind] = complete


@transaction.atomic
def hold_act(
    *,
    engagement: Engagement,
    kind: str,
    payload: dict[str, Any],
    language: str,
    source: str,
    token: str = "",
) -> PendingAct:
    """Keep what was typed; with the ``token`` of an act held before, that one is replaced.

    ``source`` is the network address' key (``limits.address``): a visitor has no other. Nothing is
    in the register yet, so there is no audit entry. Raises TooMany.
    """
    if kind not in _registry:
        raise ValueError(f"Unknown kind of act: {kind!r}")
    limits.spend("hold_act", source)
    now = clock.now()
    if token:
        act = (
            PendingAct.objects.select_for_update()
            .filter(token=token, engagement=engagement, kind=kind, contribution=None)
            .first()
        )
        if act is not None:
            act.payload, act.language, act.expires_at = payload, language, now + KEPT_FOR
            act.save(update_fields=["payload", "language", "expires_at"])
            return act
    return PendingAct.objects.create(
        engagement=engagement,
        kind=kind,
        payload=payload,
        language=language,
        created_at=now,
        expires_at=now + KEPT_FOR,
    )


def held_act(token: str, *, kind: str = "", lock: bool = False) -> PendingAct:
    """The act of a token, completed or not. Raises Absent when unknown or past its time."""
    rows = PendingAct.objects.all()
    if lock:
        # Without joins: after waiting, PostgreSQL gives the locked row anew but joined rows as
        # they were before, so a contribution made meanwhile would be missing.
        rows = rows.select_for_update()
    else:
        rows = rows.select_related("engagement", "engagement__owner", "contribution")
    rows = rows.filter(token=token, expires_at__gt=clock.now())
    if kind:
        rows = rows.filter(kind=kind)
    act = rows.first() if token else None
    if act is None:
        raise Absent(_("What you wrote is no longer kept here."))
    return act


@transaction.atomic
def complete_act(
    *,
    token: str,
    person: Person | None,
    account: Account | None,
    changes: dict[str, Any] | None = None,
) -> Receipt:
    """Submit a held act as this person; a second submit gives the first's receipt.

    ``changes`` are what the check page lets one still change (the display name). The text is
    dropped from the held row once it is in the register. Raises Absent, and whatever the act's
    own action raises: then nothing changes and the text stays held.
    """
    act = held_act(token, lock=True)
    if act.contribution is not None:
        return act.contribution.receipt
    receipt = _registry[act.kind](act, person, account, changes or {})
    act.contribution = receipt.contribution
    act.payload = {}
    act.save(update_fields=["contribution", "payload"])
    return receipt


def sweep_acts(*, limit: int = 1000) -> int:
    """Delete acts past their time, a few at a time; returns how many. Safe to run twice."""
    with transaction.atomic():
        keys = list(
            PendingAct.objects.filter(expires_at__lte=clock.now())
            .order_by("pk")
            .values_list("pk", flat=True)[:limit]
        )
        PendingAct.objects.filter(pk__in=keys).delete()
    return len(keys)
