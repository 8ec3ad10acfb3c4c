"""How a jury's scores become an order: pure functions, without Django.

Each juror scores each idea on each criterion, from ``LOWEST`` to ``HIGHEST``. The rules in words,
and an example worked out by hand, are in ``docs/jury.md``.

1. A juror's score of an idea is the mean of its marks, weighted by the criteria's weights.
2. Normalised (z-score): the juror's scores less the juror's mean, divided by their standard
   deviation (of all ideas the juror scored, divided by their number). A juror whose scores are all
   equal tells no idea from another and counts 0 for each.
3. An idea's result is the mean over the jurors who scored it. Who has a conflict with an idea, or
   was not asked about it, is left out of that mean: it counts neither for nor against. An idea
   that nobody scored has no result and no place.
4. Results are compared to ``DECIMALS`` decimals. What is equal then is decided by: the mean mark
   on the heaviest criterion (several of the same weight together); the number of jurors who put
   the idea first; a lot, drawn from a seed that is kept with the result.

Sums are exact (fractions) up to the root, and ``math.fsum`` after it, so that nothing depends on
the order in which jurors are read, and adding a constant to all scores of a juror changes nothing.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

LOWEST, HIGHEST = 0, 10
#: Results are compared, and kept, to so many decimals.
DECIMALS = 4
#: What tells equals apart, in this order; ``Standing.decided_by`` names one of them.
TIES = ("heaviest", "firsts", "lot")

#: Criterion -> mark, of one juror for one idea.
Marks = Mapping[str, int]
#: Idea -> marks, of one juror; ideas with a conflict are not in it.
Sheet = Mapping[str, Marks]
#: Juror -> sheet.
Sheets = Mapping[str, Sheet]
#: Criterion -> weight.
Weights = Mapping[str, int]


def weighted(marks: Marks, weights: Weights) -> Fraction:
    """One juror's score of one idea. Raises ValueError for marks off the scale or missing."""
    if set(marks) != set(weights):
        raise ValueError("A mark for each criterion, and for nothing else.")
    for mark in marks.values():
        if isinstance(mark, bool) or not isinstance(mark, int) or not LOWEST <= mark <= HIGHEST:
            raise ValueError(f"A mark is a whole number from {LOWEST} to {HIGHEST}.")
    total = sum(weights.values())
    if total <= 0 or min(weights.values()) < 0:
        raise ValueError("Weights are positive.")
    return Fraction(sum(weights[name] * marks[name] for name in weights), total)


def normalised(scores: Mapping[str, Fraction]) -> dict[str, float]:
    """One juror's scores as z-scores; 0 for each where all are equal (and for a single one)."""
    if not scores:
        return {}
    mean = sum(scores.values(), Fraction(0)) / len(scores)
    apart = {idea: score - mean for idea, score in scores.items()}
    variance = sum((each * each for each in apart.values()), Fraction(0)) / len(apart)
    if variance == 0:
        return dict.fromkeys(scores, 0.0)
    # The square of each is exact; one root and one division lose the least.
    return {
        idea: math.copysign(math.sqrt(each * each / variance), each) if each else 0.0
        for idea, each in apart.items()
    }


@dataclass(frozen=True)
class Standing:
    """Where an idea stands. ``plain`` and ``normal`` are rounded as they are compared."""

    idea: str
    jurors: int
    plain: float
    normal: float
    #: Means on the heaviest criterion, and jurors who put it first: what decides among equals.
    heaviest: float
    firsts: int
    lot: str
    plain_place: int = 0
    normal_place: int = 0
    #: What told it from the one before it in the normalised order: '' or one of ``TIES``.
    decided_by: str = ""


def standings(sheets: Sheets, weights: Weights, *, seed: str) -> list[Standing]:
    """All ideas that somebody scored, in the normalised order, each with both places."""
    scores = {
        juror: {idea: weighted(marks, weights) for idea, marks in sheet.items()}
        for juror, sheet in sheets.items()
    }
    zs = {juror: normalised(sheet) for juror, sheet in scores.items()}
    best = {juror: max(sheet.values()) for juror, sheet in scores.items() if sheet}
    heavy = [name for name in weights if weights[name] == max(weights.values())]
    rows = []
    for idea in sorted({idea for sheet in scores.values() for idea in sheet}):
        by = [juror for juror in scores if idea in scores[juror]]
        marks = [sheets[juror][idea][name] for juror in by for name in heavy]
        rows.append(
            Standing(
                idea=idea,
                jurors=len(by),
                plain=_rounded(sum((scores[juror][idea] for juror in by), Fraction(0)) / len(by)),
                normal=_rounded(math.fsum(zs[juror][idea] for juror in by) / len(by)),
                heaviest=_rounded(Fraction(sum(marks), len(marks))),
                firsts=sum(scores[juror][idea] == best[juror] for juror in by),
                lot=lot_of(idea, seed),
            )
        )
    plain = {row.idea: place for place, row in enumerate(sorted(rows, key=_plain_key), start=1)}
    ordered = sorted(rows, key=_normal_key)
    return [
        Standing(
            **{
                **row.__dict__,
                "plain_place": plain[row.idea],
                "normal_place": place,
                "decided_by": _decided(ordered[place - 2], row) if place > 1 else "",
            }
        )
        for place, row in enumerate(ordered, start=1)
    ]


def _rounded(value: Fraction | float) -> float:
    # Minus nought is nought: the two must compare and print the same.
    return round(float(value), DECIMALS) + 0.0


def _ties(row: Standing) -> tuple[float, int, str]:
    return (-row.heaviest, -row.firsts, row.lot)


def _plain_key(row: Standing) -> tuple[float | str, ...]:
    return (-row.plain, *_ties(row))


def _normal_key(row: Standing) -> tuple[float | str, ...]:
    return (-row.normal, *_ties(row))


def _decided(before: Standing, row: Standing) -> str:
    if before.normal != row.normal:
        return ""
    pairs = zip(TIES, _ties(before), _ties(row), strict=True)
    return next(name for name, one, other in pairs if one != other)


def lot_of(idea: str, seed: str) -> str:
    """The lot of an idea: SHA-256 of seed, colon and idea; the smaller comes first."""
    return hashlib.sha256(f"{seed}:{idea}".encode()).hexdigest()


def shares(values: Mapping[str, float]) -> dict[str, Fraction]:
    """How far each is on the way from the lowest (0) to the highest (1); all 0 where equal.

    Votes and normalised scores come so to one scale, on which weights mean what they say.
    Raises ValueError for what is no number.
    """
    if not all(math.isfinite(value) for value in values.values()):
        raise ValueError("A result is a finite number.")
    exact = {idea: Fraction(value) for idea, value in values.items()}
    if not exact:
        return {}
    low, high = min(exact.values()), max(exact.values())
    if low == high:
        return dict.fromkeys(exact, Fraction(0))
    return {idea: (value - low) / (high - low) for idea, value in exact.items()}


class Placed(Protocol):
    """What combining reads of an idea's standing with the jury."""

    @property
    def idea(self) -> str: ...
    @property
    def normal(self) -> float: ...
    @property
    def normal_place(self) -> int: ...


def combine(
    jury: Iterable[Placed], votes: Mapping[str, int | float], *, jury_weight: int
) -> dict[str, float]:
    """Jury and public vote as one number from 0 to 1 for each idea that the jury placed.

    ``jury_weight`` in per cent, the rest is the vote's. An idea without votes has 0 of them; votes
    for what the jury did not judge count for nothing. Raises ValueError for an impossible weight.
    """
    if not 0 <= jury_weight <= 100:
        raise ValueError("A weight is from 0 to 100 per cent.")
    normal = {row.idea: row.normal for row in jury}
    of_jury = shares(normal)
    of_votes = shares({idea: votes.get(idea, 0) for idea in normal})
    return {
        idea: _rounded((jury_weight * of_jury[idea] + (100 - jury_weight) * of_votes[idea]) / 100)
        for idea in normal
    }


def combined_order(jury: Iterable[Placed], combined: Mapping[str, float]) -> list[str]:
    """Ideas by the combined number; equals stand as the jury's normalised order has them."""
    rows = sorted(jury, key=lambda row: row.normal_place)
    return [row.idea for row in sorted(rows, key=lambda row: -combined[row.idea])]
