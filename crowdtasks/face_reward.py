"""What the desk asks of a reward, the same for campaigns and rounds."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.models import Bureau
from core.exceptions import Invalid
from crowdtasks.actions.giving import CLOSED, has_closed
from crowdtasks.ledger.reading import budget_of
from crowdtasks.models import Funded
from participation.faces import Step, step


def reward_step(*, bureau: Bureau, cost: int, standing: Funded | None) -> Step:
    """Whether the bureau's budget holds what is not set aside yet."""
    held = budget_of(bureau) + (standing.set_aside if standing else 0)
    return step(
        "reward",
        _("Reward"),
        "reward",
        done=cost <= held,
        wanted=_(
            "This costs %(cost)s points and the budget holds %(held)s: ask an administrator for "
            "more, or lower the reward or the places."
        )
        % {"cost": f"{cost:,}", "held": f"{held:,}"},
    )


def check_announced(*, reward: int, most: int | None, standing: Funded, field: str) -> None:
    """Refuse another reward than the one people began for, and another number of rewards once
    nobody can earn one. Raises ``Invalid``; ``field`` is where the number is given.
    """
    if reward != standing.reward:
        raise Invalid(_("It has opened; the reward stays as announced."), field="reward")
    if standing.reward and (most or 0) != standing.most and has_closed(standing.engagement):
        raise Invalid(CLOSED, field=field)
