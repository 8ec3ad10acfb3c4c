"""Who judges what, and when: named predicates of the jury."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from django.utils.translation import gettext as _

from accounts.models import Account, Role
from accounts.policies import has_role
from core.exceptions import Closed, Conflict
from ideas.authors import written_by
from ideas.models import Idea, Juror
from ideas.querysets import IdeaQuerySet
from participation.models import Engagement, Phase


class Judging(StrEnum):
    """Where a juror's work stands."""

    WAITS = "waits"
    OPEN = "open"
    SUBMITTED = "submitted"
    OVER = "over"


def jury_phase(engagement: Engagement) -> Phase | None:
    """The window in which the jury scores; None where there is no jury."""
    return next((phase for phase in engagement.phases.all() if phase.key == "jury"), None)


def judging(juror: Juror, now: dt.datetime) -> Judging:
    """Where a juror's work stands at an instant; the end of the phase is exclusive."""
    phase = jury_phase(juror.contest.engagement)
    if phase is None or now < phase.opens_at:
        return Judging.WAITS
    if juror.submitted_at is not None:
        return Judging.SUBMITTED
    return Judging.OPEN if now < phase.closes_at else Judging.OVER


def require_judging(juror: Juror, now: dt.datetime) -> None:
    """Let a juror write. Raises Closed outside the phase, Conflict after submitting."""
    state = judging(juror, now)
    if state == Judging.SUBMITTED:
        raise Conflict(_("You have submitted. Nothing can be changed any more."), code="submitted")
    if state == Judging.WAITS:
        raise Closed(_("The jury does not score yet."), code="not-open-yet")
    if state == Judging.OVER:
        raise Closed(_("The jury has finished scoring."))


def judged_ideas(engagement: Engagement) -> IdeaQuerySet:
    """The ideas that the jury judges: those that could be voted on, screened where that is done."""
    return Idea.objects.votable().filter(engagement=engagement)


def barred_ideas(juror: Juror) -> set[int]:
    """Ideas the juror may neither open nor score: with a declared conflict, and the person's own.

    Co-authors are authors here, and who wrote an idea that was merged is an author of the one that
    leads it. Persons are compared,
    with all that were merged into them: another account changes nothing.
    """
    if juror.person is None:
        return set()
    own = written_by(juror.person)
    declared = juror.interests.values_list("idea_id", flat=True)
    return {pk for pair in own for pk in pair if pk is not None} | set(declared)


def is_chair(account: Account | None, engagement: Engagement) -> bool:
    """Officers of the owner: they appoint the jury, close it and write the reasons."""
    return has_role(account, Role.OFFICER, engagement.owner)


def jury_closes(engagement: Engagement, now: dt.datetime) -> bool:
    """Whether the chair may close the jury: its time is over, or everybody on it has submitted."""
    phase = jury_phase(engagement)
    if phase is None:
        return False
    if phase.closes_at <= now:
        return True
    jurors = Juror.objects.filter(contest=engagement.pk, ended_at=None)
    return jurors.exists() and not jurors.filter(submitted_at=None).exists()
