"""Who sees the results of a campaign: everybody from the stated moment on, or who has answered."""

from __future__ import annotations

from core import clock
from crowdtasks.models import Campaign
from participation.models import Engagement
from participation.policies import can_see_results
from participation.stages import Stage, stage


def may_see_results(engagement: Engagement, campaign: Campaign, *, answered: bool) -> bool:
    """Whether this reader sees them now. ``answered``: a response of theirs stands.

    Nobody else is told, staff neither: those who have not answered wait for the stated moment.
    """
    now = clock.now()
    if can_see_results(engagement=engagement, now=now).allowed:
        return True
    opened = stage(engagement, now) not in {Stage.DRAFT, Stage.UPCOMING}
    return opened and answered and campaign.after_own
