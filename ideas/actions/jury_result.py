"""Closing a jury: what it submitted becomes its places, once."""

from __future__ import annotations

import secrets
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account
from core import audit, clock, limits
from core.exceptions import Conflict, Refused
from ideas.actions.judging import criteria_of
from ideas.juries import barred_ideas, is_chair, judged_ideas, jury_closes
from ideas.models import Contest, JuryPlace, JuryResult, Mark
from ideas.scoring import DECIMALS, standings
from participation.actions.outcomes import lock_engagement
from participation.models import Engagement


def sheets_of(contest: Contest) -> dict[str, dict[str, dict[str, int]]]:
    """Juror -> idea -> criterion -> mark, of all who submitted and sit; ids as outside.

    Only ideas that are judged now, without those a juror has a conflict with, and only such as
    have a mark on each criterion.
    """
    criteria = {row.pk: row.block_id for row in criteria_of(contest)}
    ideas = dict(judged_ideas(contest.engagement).values_list("pk", "contribution__public_id"))
    found: dict[str, dict[str, dict[str, int]]] = {}
    jurors = contest.jurors.filter(ended_at=None, submitted_at__isnull=False)
    for juror in jurors.select_related("person"):
        barred = barred_ideas(juror)
        sheet: dict[str, dict[str, int]] = {}
        marks = Mark.objects.filter(judgement__juror=juror, criterion__in=criteria)
        for idea, criterion, value in marks.values_list(
            "judgement__idea_id", "criterion_id", "value"
        ):
            if idea in ideas and idea not in barred:
                sheet.setdefault(ideas[idea], {})[criteria[criterion]] = value
        found[juror.public_id] = {
            idea: marks for idea, marks in sheet.items() if len(marks) == len(criteria)
        }
    return found


@transaction.atomic
def close_jury(*, engagement: Engagement, by: Account) -> JuryResult:
    """Make the result, once: a second call gives the same one.

    Raises Refused for who is no officer of the owner, Conflict before all have submitted while
    the time runs, and where nobody submitted, TooMany.
    """
    limits.spend("desk_step", by.public_id)
    engagement = lock_engagement(engagement)
    if not is_chair(by, engagement):
        raise Refused(_("Only an officer of the bureau can do this."))
    contest = Contest.objects.get(engagement=engagement)
    contest.engagement = engagement
    result = JuryResult.objects.filter(contest=contest).first()
    if result is not None:
        return result
    if not jury_closes(engagement, clock.now()):
        raise Conflict(_("The jury can be closed once all have submitted, or its time is over."))
    sheets = sheets_of(contest)
    if not any(sheets.values()):
        raise Conflict(_("No juror has submitted any score."))
    seed = secrets.token_hex(16)
    weights = {row.block_id: row.weight for row in criteria_of(contest)}
    keys = {
        public_id: pk
        for pk, public_id in judged_ideas(engagement).values_list("pk", "contribution__public_id")
    }
    result = JuryResult.objects.create(
        contest=contest, closed_at=clock.now(), seed=seed, jurors=len(sheets)
    )
    places = [
        JuryPlace.objects.create(
            result=result,
            idea_id=keys[row.idea],
            jurors=row.jurors,
            normal=_decimal(row.normal),
            plain=_decimal(row.plain),
            place=row.normal_place,
            plain_place=row.plain_place,
            decided_by=row.decided_by,
        )
        for row in standings(sheets, weights, seed=seed)
    ]
    audit.record(
        "jury.close",
        actor=by,
        engagement_id=engagement.public_id,
        rows=[result, *places],
    )
    return result


def _decimal(value: float) -> Decimal:
    return Decimal(f"{value:.{DECIMALS}f}")
