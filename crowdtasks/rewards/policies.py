"""Who may do what with rewards, and what keeps somebody from redeeming one now."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Bureau, Role
from accounts.policies import bureaux_for, is_administrator, roles_of
from core.exceptions import Refused
from crowdtasks.rewards.models import Redemption, RedemptionState, Reward, RewardState

NONE_LEFT = _("None are left. Your points were not touched.")
NOT_ENOUGH = _("You have not enough points for this reward yet.")
#: States in which points can still be returned by hand.
RETURNABLE = frozenset(RedemptionState.values) - {RedemptionState.REFUNDED}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it can be redeemed now; ``code`` for programs, ``sentence`` for people."""

    allowed: bool
    code: str = "ok"
    sentence: str | Promise = ""


def can_manage_rewards(account: Account | None) -> bool:
    """The catalogue, the stock and refunds: administrators."""
    return is_administrator(account)


def require_manager(account: Account | None) -> None:
    """Raises ``Refused``."""
    if not can_manage_rewards(account):
        raise Refused


def counters_of(account: Account | None) -> QuerySet[Bureau]:
    """The bodies whose prizes the account hands out: those it is an officer of."""
    return bureaux_for(account, Role.OFFICER)


def ways_for(account: Account | None) -> tuple[bool, bool]:
    """Whether ``counters_of`` names a body and ``can_manage_rewards`` holds, by one query."""
    held = roles_of(account)
    return Role.OFFICER in held, Role.ADMINISTRATOR in held


def can_refund(by: Account | None, redemption: Redemption) -> bool:
    """Administrators, and never what they redeemed themselves."""
    return (
        by is not None
        and can_manage_rewards(by)
        and by.person_id != redemption.person_id
        and redemption.state in RETURNABLE
        and not redemption.points_back
    )


def is_offered(reward: Reward, now: dt.datetime) -> bool:
    """Whether it stands in the catalogue now."""
    return (
        reward.state == RewardState.OFFERED
        and reward.opens_at <= now
        and (reward.closes_at is None or now < reward.closes_at)
    )


def judge(
    reward: Reward, *, now: dt.datetime, left: int, had: int, available: int | None
) -> Verdict:
    """Whether somebody who had ``had`` of it and has ``available`` points can redeem one.

    ``available`` is None for a reader who is not signed in.
    """
    if not is_offered(reward, now):
        return Verdict(False, "not-offered", _("This reward is not offered any more."))
    if left <= 0:
        return Verdict(False, "sold-out", NONE_LEFT)
    if reward.per_person is not None and had >= reward.per_person:
        return Verdict(False, "limit", _("You have had as many of this reward as one person may."))
    if available is not None and available < reward.points:
        return Verdict(False, "points", NOT_ENOUGH)
    return Verdict(True)
