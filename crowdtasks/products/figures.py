"""The measures of a round, and how two rounds of a product compare. Four queries a round.

Who did it with trouble did it. Times are of those who did it and were not interrupted.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from core.disclosure import LEAST
from core.fold import fold
from core.texts import pick
from crowdtasks.products.access import steps_of
from crowdtasks.products.measures import (
    Difference,
    Interval,
    mean_difference,
    mean_interval,
    success,
    success_difference,
    time_ratio,
    typical_time,
)
from crowdtasks.products.models import Attempt, Round, Step, StepResult, Went
from crowdtasks.products.sus import scores_of

DID_IT = frozenset({Went.DONE, Went.TROUBLE})


@dataclass
class Seen:
    """What was said of one step."""

    went: list[str] = field(default_factory=list)
    seconds: list[int] = field(default_factory=list)
    ease: list[int] = field(default_factory=list)

    @property
    def did(self) -> int:
        return sum(one in DID_IT for one in self.went)

    @property
    def with_trouble(self) -> int:
        return self.went.count(Went.TROUBLE)


@dataclass(frozen=True)
class StepFigures:
    """One step in figures."""

    step: Step
    seen: Seen

    @property
    def success(self) -> Interval | None:
        return success(self.seen.did, len(self.seen.went))

    @property
    def time(self) -> Interval | None:
        return typical_time(self.seen.seconds)

    @property
    def ease(self) -> Interval | None:
        return mean_interval(self.seen.ease)


@dataclass(frozen=True)
class Compared:
    """One step in two rounds: what the later has more than the earlier; ``time`` is a ratio."""

    step: Step
    earlier: StepFigures
    later: StepFigures

    @property
    def success(self) -> Difference | None:
        one, two = self.earlier.seen, self.later.seen
        return success_difference(one.did, len(one.went), two.did, len(two.went))

    @property
    def time(self) -> Difference | None:
        return time_ratio(self.earlier.seen.seconds, self.later.seen.seconds)

    @property
    def ease(self) -> Difference | None:
        return mean_difference(self.earlier.seen.ease, self.later.seen.ease)


@dataclass(frozen=True)
class Figures:
    """A round in figures. ``enough``: fewer than a few tries tell of persons, not of a build."""

    tried: int
    steps: list[StepFigures]
    #: The System Usability Scale of each try that answered it.
    scores: list[float] = field(default_factory=list)

    @property
    def enough(self) -> bool:
        return self.tried >= LEAST

    @property
    def usability(self) -> Interval | None:
        """The mean score; None of fewer than a few."""
        return mean_interval(self.scores) if len(self.scores) >= LEAST else None


def figures_of(row: Round) -> Figures:
    """What was handed in and stands."""
    counted = Attempt.objects.counted().filter(round=row)
    said: dict[int, Seen] = defaultdict(Seen)
    results = StepResult.objects.filter(attempt__in=counted).exclude(went="")
    for step, went, seconds, ease in results.values_list("step", "went", "seconds", "difficulty"):
        seen = said[step]
        seen.went.append(went)
        if seconds is not None and went in DID_IT:
            seen.seconds.append(seconds)
        if ease is not None:
            seen.ease.append(ease)
    steps = [StepFigures(step, said[step.pk]) for step in steps_of(row)]
    return Figures(counted.count(), steps, scores_of(row))


def usability_difference(earlier: Figures, later: Figures) -> Difference | None:
    """What the later scores more on the System Usability Scale; None where one has no score."""
    if earlier.usability is None or later.usability is None:
        return None
    return mean_difference(earlier.scores, later.scores)


def earlier_of(row: Round) -> Round | None:
    """The round before this one of the same product, on another build; None where there is none."""
    return (
        Round.objects.filter(
            build__product=row.build.product_id,
            engagement__state="published",
            engagement__opens_at__lt=row.engagement.opens_at,
        )
        .exclude(build=row.build_id)
        .select_related("build", "engagement__owner", "engagement__outcome")
        .order_by("-engagement__opens_at", "-pk")
        .first()
    )


def compare(earlier: Figures, later: Figures) -> list[Compared]:
    """The steps both rounds asked for: those of one title, in the order of the later."""
    known = {_name(one.step): one for one in earlier.steps}
    return [
        Compared(one.step, known[_name(one.step)], one)
        for one in later.steps
        if _name(one.step) in known
    ]


def _name(step: Step) -> str:
    return fold(pick(step.title, "en").text)
