"""What the jury's desks show: where a juror stands, the ideas in the juror's order, the sheet."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from accounts.models import Account
from core.texts import pick
from ideas.actions.judging import criteria_of, scored, to_score
from ideas.juries import barred_ideas, judged_ideas, judging, jury_phase
from ideas.models import Criterion, Idea, Judgement, Juror
from ideas.rules import rules_that_count
from participation.models import Engagement


def share_of(engagement: Engagement) -> int:
    """What the jury counts in per cent, as the rules say by which it is decided."""
    return rules_that_count(engagement)[1]


@dataclass(frozen=True)
class Entry:
    """An idea on a juror's desk; ``pairs`` are criterion and mark, None where none is given."""

    idea: Idea
    barred: bool
    pairs: list[tuple[Criterion, int | None]]
    commented: bool

    @property
    def done(self) -> bool:
        return bool(self.pairs) and all(mark is not None for _criterion, mark in self.pairs)


def state_of(seat: Juror, now: dt.datetime) -> dict[str, Any]:
    """Where a juror stands, in numbers and times."""
    engagement = seat.contest.engagement
    wanted = set(to_score(seat))
    return {
        "seat": seat,
        "engagement": engagement,
        "title": pick(engagement.title),
        "jury_share": share_of(engagement),
        "phase": jury_phase(engagement),
        "judging": judging(seat, now).value,
        "to_score": len(wanted),
        "scored": len(wanted & scored(seat)),
    }


def entries(seat: Juror) -> list[Entry]:
    """The judged ideas in an order of this juror's own, so that no idea is first for everybody."""
    barred = barred_ideas(seat)
    criteria = criteria_of(seat.contest)
    known = {
        row.idea_id: row for row in Judgement.objects.filter(juror=seat).prefetch_related("marks")
    }
    ideas = judged_ideas(seat.contest.engagement).select_related("contribution")
    return [
        Entry(
            idea,
            idea.pk in barred,
            _pairs(known.get(idea.pk), criteria),
            bool(idea.pk in known and known[idea.pk].comment),
        )
        for idea in ideas.shuffled(seat.pk)
    ]


def _pairs(
    judgement: Judgement | None, criteria: list[Criterion]
) -> list[tuple[Criterion, int | None]]:
    """The criteria in their order with what was given."""
    marks = [] if judgement is None else judgement.marks.all()
    given = {mark.criterion_id: mark.value for mark in marks}
    return [(criterion, given.get(criterion.pk)) for criterion in criteria]


def sheet(seat: Juror, idea: Idea) -> dict[str, Any]:
    """What a juror gave an idea, to be read once it can no longer be changed."""
    judgement = Judgement.objects.filter(juror=seat, idea=idea).prefetch_related("marks").first()
    return {
        "given": _pairs(judgement, criteria_of(seat.contest)),
        "judgement": judgement,
    }


@dataclass(frozen=True)
class Progress:
    """How far a juror is, for the chair: never a score."""

    juror: Juror
    name: str
    waits: bool
    declared: bool
    conflicts: int
    scored: int
    wanted: int
    submitted: bool


def progress(engagement: Engagement) -> list[Progress]:
    """The jury as its chair sees it: who has declared, how many of how many scored."""
    rows = Juror.objects.filter(contest=engagement.pk, ended_at=None).select_related(
        "person", "invitation"
    )
    found = []
    for juror in rows:
        juror.contest = engagement.contest
        juror.contest.engagement = engagement
        seated = juror.person is not None
        wanted = set(to_score(juror)) if seated else set()
        found.append(
            Progress(
                juror=juror,
                name=_name(juror),
                waits=not seated,
                declared=juror.declared_at is not None,
                conflicts=len(barred_ideas(juror)),
                scored=len(wanted & scored(juror)),
                wanted=len(wanted),
                submitted=juror.submitted_at is not None,
            )
        )
    return found


def _name(juror: Juror) -> str:
    """The name colleagues see; the invited address while nobody has accepted."""
    account = (
        Account.objects.filter(person=juror.person, is_active=True).order_by("pk").first()
        if juror.person_id
        else None
    )
    if account is not None:
        return account.get_full_name()
    return juror.invitation.email if juror.invitation and juror.person_id is None else ""
