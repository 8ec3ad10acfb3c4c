"""What a contest's result is made of, and what of it is still awaited.

Where people voted and a jury scored, both are put on one scale and weighted as the rules say
(``ideas.scoring``, ``docs/jury.md``); where there is one of them, its order is the result's; where
there is neither, the bureau decides, with reasons.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from ideas import totals
from ideas.ballots import vote_of
from ideas.juries import jury_phase
from ideas.models import Basis, ContestVote, Juror, JuryPlace, JuryResult
from ideas.scoring import combine, combined_order, shares
from ideas.voting import Standing
from participation.models import Engagement


@dataclass(frozen=True, slots=True)
class Line:
    """An idea's place; ``together`` and the shares only where jury and vote decide together."""

    idea: str
    place: int
    together: float | None = None
    jury_share: Fraction | None = None
    vote_share: Fraction | None = None
    vote: Standing | None = None


@dataclass(frozen=True, slots=True)
class _Placed:
    """A place of the jury as ``ideas.scoring.combine`` reads it."""

    idea: str
    normal: float
    normal_place: int


def planned(vote: object, jury: object) -> Basis:
    """What decides where there is a vote, a jury (both truthy if so), both or neither."""
    if vote:
        return Basis.BOTH if jury else Basis.VOTE
    return Basis.JURY if jury else Basis.BUREAU


@dataclass(frozen=True, slots=True)
class Sources:
    """What there is to draw the result from, and ``awaited``: what must be done before, in words.

    Nothing of it has been told to anybody when this is asked: ``votes`` may be sealed.
    """

    vote: ContestVote | None
    jury: JuryResult | None
    awaited: list[str]
    #: The jury has yet to be closed.
    jury_awaited: bool = False

    @property
    def basis(self) -> Basis:
        """What decides, as things are now."""
        return planned(self.vote, self.jury)

    @property
    def decides(self) -> Basis:
        """What will decide once nothing is awaited any more."""
        return planned(self.vote, self.jury or self.jury_awaited)


def sources_of(engagement: Engagement, now: dt.datetime) -> Sources:
    """What decides this contest, as it stands at an instant.

    A jury whose time went by without a score is none: the vote, or the bureau, decides alone.
    """
    awaited = []
    if engagement.closes_at is None or now < engagement.closes_at:
        awaited.append(_("The contest has not closed yet."))
    vote = vote_of(engagement)
    if vote is not None and not hasattr(vote, "result"):
        awaited.append(_("The votes are not counted yet."))
    jury = JuryResult.objects.filter(contest=engagement.pk).first()
    phase, jury_awaited = jury_phase(engagement), False
    if phase is not None and jury is None:
        scored = Juror.objects.filter(
            contest=engagement.pk, ended_at=None, judgements__marks__isnull=False
        ).exclude(submitted_at=None)
        jury_awaited = now < phase.closes_at or scored.exists()
        if jury_awaited:
            awaited.append(_("The jury is not closed yet."))
    return Sources(vote, jury, awaited, jury_awaited)


def lines_of(sources: Sources, jury_weight: int) -> list[Line]:
    """The places in order; none where the bureau decides. ``jury_weight`` in per cent."""
    votes = totals.standings(sources.vote) if sources.vote is not None else []
    placed = list(_placed(sources.jury)) if sources.jury is not None else []
    if sources.basis == Basis.BOTH:
        return _together(placed, votes, jury_weight)
    if sources.basis == Basis.JURY:
        return [Line(row.idea, row.normal_place) for row in placed]
    return [Line(row.public_id, row.place, vote=row) for row in votes]


def _placed(result: JuryResult) -> Iterable[_Placed]:
    rows = JuryPlace.objects.filter(result=result).order_by("place")
    for idea, normal, place in rows.values_list("idea__contribution__public_id", "normal", "place"):
        yield _Placed(idea, float(normal), place)


def _together(jury: list[_Placed], votes: list[Standing], weight: int) -> list[Line]:
    """Each side from 0 to 1 among the judged ideas, weighted; equals stand as with the jury."""
    given = {row.public_id: row for row in votes}
    scores = {row.idea: given[row.idea].score if row.idea in given else 0 for row in jury}
    numbers = combine(jury, scores, jury_weight=weight)
    of_jury = shares({row.idea: row.normal for row in jury})
    of_votes = shares(scores)
    return [
        Line(idea, place, numbers[idea], of_jury[idea], of_votes[idea], given.get(idea))
        for place, idea in enumerate(combined_order(jury, numbers), start=1)
    ]
