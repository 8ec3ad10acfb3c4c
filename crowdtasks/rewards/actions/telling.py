"""What people are told about redemptions; never a code, and never in a subject what it cost."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from accounts.models import Account, Role
from accounts.policies import accounts_with
from crowdtasks.rewards.models import Redemption, RedemptionState, Reward
from notifications.actions import notify


def _about(row: Redemption) -> dict[str, Any]:
    return {"title": row.reward.name, "bureau": row.reward.bureau.name}


def _path(row: Redemption) -> str:
    return reverse("rewards:redemption", args=[row.public_id])


def owners(row: Redemption) -> list[Account]:
    """The live accounts of the person whose redemption it is."""
    return list(Account.objects.filter(person_id=row.person_id, is_active=True))


def tell_redeemed(row: Redemption, account: Account) -> None:
    """That points were spent, on what, and where to go on."""
    notify(
        kind="reward-redeemed",
        event_key=f"reward-redeemed:{row.public_id}",
        to=[account],
        params={
            **_about(row),
            "points": row.points,
            "state": row.state,
            "collect_by": row.collect_by,
        },
        path=_path(row),
    )


def tell_given(row: Redemption) -> None:
    """That the supplier has sent the code, which waits to be shown."""
    notify(
        kind="reward-given",
        event_key=f"reward-given:{row.public_id}",
        to=owners(row),
        params=_about(row),
        path=_path(row),
    )


def tell_shown_again(row: Redemption, number: int) -> None:
    """That the code was shown once more: if it was somebody else, the owner should know."""
    notify(
        kind="reward-shown",
        event_key=f"reward-shown:{row.public_id}:{number}",
        to=owners(row),
        params={**_about(row), "number": number},
        path=_path(row),
    )


def tell_ready(row: Redemption) -> None:
    """That a prize waits at the counter."""
    notify(
        kind="reward-ready",
        event_key=f"reward-ready:{row.public_id}",
        to=owners(row),
        params={**_about(row), "collect_by": row.collect_by},
        path=_path(row),
    )


def tell_ended(row: Redemption) -> None:
    """That points came back, or that a prize was not collected in time."""
    notify(
        kind="reward-ended",
        event_key=f"reward-ended:{row.public_id}",
        to=owners(row),
        params={
            **_about(row),
            "state": _ending(row),
            "points": row.points if row.points_back else 0,
            "reason": row.reason,
        },
        path=_path(row),
    )


def _ending(row: Redemption) -> str:
    """How it ended: a refund without a reason is a supplier's refusal."""
    return str(row.state) if row.reason or row.state != RedemptionState.REFUNDED else "refused"


def tell_low(reward: Reward, left: int) -> None:
    """Administrators: little is left. Once until something comes into stock again."""
    notify(
        kind="reward-low",
        event_key=f"reward-low:{reward.public_id}:{reward.changed_at.timestamp():.0f}",
        to=accounts_with(Role.ADMINISTRATOR),
        params={"title": reward.name, "left": left},
        path=reverse("rewards_stock:reward", args=[reward.public_id]),
    )
