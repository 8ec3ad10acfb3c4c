"""What somebody tells about themselves after the submit."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from core import audit, clock, limits
from core.exceptions import Closed, Invalid
from participation.models import ContributionState
from questionnaires.about_you import FACTS, choices
from questionnaires.models import AboutYou, Response


@transaction.atomic
def save_about_you(
    *, response: Response, facts: Mapping[str, str], account: Account | None = None
) -> AboutYou | None:
    """Keep the facts that were told; what was left empty is not kept. None when nothing was.

    Asked beside the response, never needed, and told again replaces. Raises Invalid for a fact or
    choice that is not offered, Closed for a withdrawn response or where nothing is asked.
    """
    limits.spend("response_change", f"about:{response.pk}")
    if not response.questionnaire.ask_about_you:
        raise Closed(_("Nothing is asked about you here."), code="not-part")
    if response.contribution.state == ContributionState.WITHDRAWN:
        raise Closed(_("This can no longer be changed."), code="settled")
    told = {}
    for fact, choice in facts.items():
        if not choice:
            continue
        if fact not in FACTS or choice not in dict(choices(fact)):
            raise Invalid(_("Choose one of the answers shown."), field=str(fact)[:40])
        told[fact] = choice
    if not told:
        return None
    row, _created = AboutYou.objects.update_or_create(
        response=response, defaults={"facts": told, "at": clock.now()}
    )
    audit.record(
        "response.about_you",
        actor=account or response.person or "system",
        engagement_id=response.contribution.engagement.public_id,
        subject=response.contribution.public_id,
        rows=[row],
    )
    return row
