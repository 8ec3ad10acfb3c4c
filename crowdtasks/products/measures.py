"""How usable a build is, in figures with their uncertainty. Plain numbers in, plain numbers out.

All intervals are of 95 per cent. The methods are those of Sauro and Lewis, *Quantifying the User
Experience* (2nd edition, Morgan Kaufmann 2016), which names the sources given below at each.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, variance

from scipy import special

#: Two-sided.
LEVEL = 0.95
#: The normal deviate of the level, 1.959964.
Z = float(special.ndtri((1 + LEVEL) / 2))
SUS_ITEMS = 10


@dataclass(frozen=True)
class Interval:
    """An estimate from ``n`` observations with the ends of its interval; the ends are None where
    too few were seen to say."""

    value: float
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True)
class Difference:
    """What the second has more than the first; ``clear`` where the interval leaves out no
    difference at all (0, or 1 for a ratio)."""

    value: float
    low: float
    high: float
    none: float = 0.0

    @property
    def clear(self) -> bool:
        return not self.low <= self.none <= self.high


def t_quantile(freedom: float) -> float:
    """Student's t for the level with that many degrees of freedom, which need not be whole."""
    return float(special.stdtrit(freedom, (1 + LEVEL) / 2))


def sus_score(answers: Sequence[int]) -> float:
    """The System Usability Scale of one person: ten answers from 1 to 5 in order, 0 to 100.

    Odd items count their answer less one, even ones five less their answer, the sum times 2.5.
    Source: J. Brooke, *SUS: a "quick and dirty" usability scale*, in Jordan et al., Usability
    Evaluation in Industry, Taylor & Francis 1996, pages 189-194. Raises ``ValueError`` unless
    there are ten answers from 1 to 5.
    """
    if len(answers) != SUS_ITEMS or not all(1 <= one <= 5 for one in answers):
        raise ValueError("The scale has ten answers from 1 to 5.")
    odd = sum(one - 1 for one in answers[0::2])
    even = sum(5 - one for one in answers[1::2])
    return (odd + even) * 2.5


def mean_interval(values: Sequence[float]) -> Interval | None:
    """The mean with Student's interval: mean ± t·s/√n. None of nothing.

    Source: Student (W. S. Gosset), *The probable error of a mean*, Biometrika 6 (1908); for scores
    of the SUS and of difficulty as Sauro and Lewis, chapter 3.
    """
    if not values:
        return None
    mean = fmean(values)
    if len(values) < 2:
        return Interval(mean, None, None, len(values))
    half = t_quantile(len(values) - 1) * math.sqrt(variance(values) / len(values))
    return Interval(mean, mean - half, mean + half, len(values))


def success(done: int, tried: int) -> Interval | None:
    """The share who did it, with the adjusted Wald interval, cut at 0 and 1. None of nobody.

    Half of z² is added to the successes and z² to the tries before Wald's formula; the share shown
    is the plain one. Source: A. Agresti and B. Coull, *Approximate is better than "exact" for
    interval estimation of binomial proportions*, The American Statistician 52 (1998); recommended
    for task success by Sauro and Lewis, chapter 3.
    """
    if tried == 0:
        return None
    adjusted_n = tried + Z * Z
    share = (done + Z * Z / 2) / adjusted_n
    half = Z * math.sqrt(share * (1 - share) / adjusted_n)
    return Interval(done / tried, max(0.0, share - half), min(1.0, share + half), tried)


def typical_time(seconds: Sequence[float]) -> Interval | None:
    """The geometric mean of the times of those who did it, with the interval of Student's t on
    logarithms, turned back. None of nothing. Times are positive.

    Times have a long tail to the right, which logarithms make even. Source: J. Sauro and J. Lewis,
    *Average task times in usability tests: what to report?*, CHI 2010.
    """
    found = mean_interval([math.log(one) for one in seconds])
    if found is None:
        return None
    low = math.exp(found.low) if found.low is not None else None
    high = math.exp(found.high) if found.high is not None else None
    return Interval(math.exp(found.value), low, high, found.n)


def mean_difference(first: Sequence[float], second: Sequence[float]) -> Difference | None:
    """The mean of the second less that of the first, with Welch's interval; None with fewer than
    two observations on a side, or none that differ.

    Source: B. L. Welch, *The generalization of "Student's" problem when several different
    population variances are involved*, Biometrika 34 (1947); degrees of freedom as there
    (Welch-Satterthwaite).
    """
    if len(first) < 2 or len(second) < 2:
        return None
    a, b = variance(first) / len(first), variance(second) / len(second)
    if a + b == 0:
        return None
    freedom = (a + b) ** 2 / (a * a / (len(first) - 1) + b * b / (len(second) - 1))
    value, half = fmean(second) - fmean(first), t_quantile(freedom) * math.sqrt(a + b)
    return Difference(value, value - half, value + half)


def success_difference(
    first_done: int, first_tried: int, second_done: int, second_tried: int
) -> Difference | None:
    """The share of the second less that of the first, with the adjusted Wald interval for two
    groups: z²/4 (about one) is added to the successes of each and z²/2 (about two) to its tries.

    Source: A. Agresti and B. Caffo, *Simple and effective confidence intervals for proportions and
    differences of proportions result from adding two successes and two failures*, The American
    Statistician 54 (2000), with z as Sauro and Lewis, chapter 5. None where a side is empty.
    """
    if not first_tried or not second_tried:
        return None
    more = Z * Z / 4
    n1, n2 = first_tried + 2 * more, second_tried + 2 * more
    p1, p2 = (first_done + more) / n1, (second_done + more) / n2
    half = Z * math.sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
    value = second_done / second_tried - first_done / first_tried
    return Difference(value, max(-1.0, p2 - p1 - half), min(1.0, p2 - p1 + half))


def time_ratio(first: Sequence[float], second: Sequence[float]) -> Difference | None:
    """How many times as long the second takes as the first: the ratio of geometric means, with
    Welch's interval on logarithms, turned back; None where ``mean_difference`` is."""
    found = mean_difference([math.log(one) for one in first], [math.log(one) for one in second])
    if found is None:
        return None
    return Difference(math.exp(found.value), math.exp(found.low), math.exp(found.high), none=1.0)
