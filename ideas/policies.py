"""What officers of a contest's bureaux may do with its ideas, and authors with co-authors."""

from __future__ import annotations

import datetime as dt

from accounts.models import Account, Person
from ideas.models import Idea
from participation.models import Engagement, Phase
from participation.policies import OK, Verdict, can_edit_contribution, is_officer_of

SCREENING, VOTE = "screening", "vote"


def phase_of(engagement: Engagement, key: str) -> Phase | None:
    """The contest's phase of that key; ``phases`` may be prefetched."""
    return next((phase for phase in engagement.phases.all() if phase.key == key), None)


def _officer(account: Account | None, engagement: Engagement) -> Verdict:
    if account is None or engagement.state != "published":
        return Verdict("hidden")
    return OK if is_officer_of(account, engagement) else Verdict("hidden")


def can_screen(account: Account | None, engagement: Engagement, now: dt.datetime) -> Verdict:
    """Officers, in the screening phase; there is nothing to screen where there is none."""
    verdict = _officer(account, engagement)
    if not verdict.allowed:
        return verdict
    phase = phase_of(engagement, SCREENING)
    if phase is None:
        return Verdict("not-part")
    if now < phase.opens_at:
        return Verdict("not-open-yet")
    return OK if now < phase.closes_at else Verdict("closed")


def can_merge(account: Account | None, engagement: Engagement, now: dt.datetime) -> Verdict:
    """Officers, to merge or to take a merge back, until people vote on the ideas."""
    verdict = _officer(account, engagement)
    if not verdict.allowed:
        return verdict
    vote = phase_of(engagement, VOTE)
    return OK if vote is None or now < vote.opens_at else Verdict("settled")


def can_reply(account: Account | None, engagement: Engagement) -> Verdict:
    """Officers, at any time, in the name of their bureau."""
    return _officer(account, engagement)


def can_change_status(account: Account | None, engagement: Engagement) -> Verdict:
    """Officers, at any time: what becomes of an idea has no deadline."""
    return _officer(account, engagement)


def can_invite_coauthors(idea: Idea, person: Person | None, now: dt.datetime) -> Verdict:
    """The author alone, while the idea can be written on; the same for removing one."""
    if person is not None and idea.contribution.person_id != person.pk:
        return Verdict("not-yours")
    return can_edit_contribution(contribution=idea.contribution, person=person, now=now)
