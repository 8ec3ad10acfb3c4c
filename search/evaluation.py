"""Judged cases held against an engine: what was found, as numbers, and which cases failed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from search.analysis import Expand
from search.engines import Engine
from search.finding import Answer, find
from search.judged import Case, Judged
from search.ranking import WEIGHTS, Weights

#: For a case that names its first hit: how far down it still counts as found.
PAGE = 20


@dataclass(slots=True)
class Failure:
    """A case that failed: what it should have found, and what came."""

    case: Case
    hits: list[str]


@dataclass(slots=True)
class Figures:
    """What came out. Counts, and means over the cases that have such a number."""

    engine: str
    queries: int = 0
    sets: int = 0
    exact: int = 0
    firsts: int = 0
    first: int = 0
    failures: list[Failure] = field(default_factory=list)
    _recalls: list[float] = field(default_factory=list, repr=False)
    _precisions: list[float] = field(default_factory=list, repr=False)
    _ranks: list[float] = field(default_factory=list, repr=False)

    @property
    def recall(self) -> float:
        return _mean(self._recalls)

    @property
    def precision(self) -> float:
        return _mean(self._precisions)

    @property
    def mrr(self) -> float:
        return _mean(self._ranks)

    def as_json(self) -> dict[str, Any]:
        return {
            "engine": self.engine,
            "queries": self.queries,
            "exact": self.exact,
            "first": self.first,
            "recall": round(self.recall, 4),
            "precision": round(self.precision, 4),
            "mrr": round(self.mrr, 4),
            "failed": [failure.case.q for failure in self.failures],
        }

    def judge(self, case: Case, answer: Answer, ids: list[str]) -> None:
        """Count one case; ``ids`` are the hits, best first."""
        self.queries += 1
        fine = True
        if case.expect is not None:
            # What holds only a part of a few words is offered, not found.
            found = ids if answer.whole or answer.sentence else []
            fine = self._judge_set(case.expect, found)
        if case.first is not None:
            fine = self._judge_first(case.first, ids) and fine
        if not fine:
            self.failures.append(Failure(case, ids[:PAGE]))

    def _judge_set(self, expect: frozenset[str], found: list[str]) -> bool:
        right = len(expect.intersection(found))
        exact = right == len(expect) == len(found)
        self.sets += 1
        self.exact += exact
        self._recalls.append(right / len(expect) if expect else 1.0)
        self._precisions.append(right / len(found) if found else float(not expect))
        if expect:
            self._ranks.append(_reciprocal(found, expect))
        return exact

    def _judge_first(self, first: str, ids: list[str]) -> bool:
        right = ids[:1] == [first]
        self.firsts += 1
        self.first += right
        self._recalls.append(float(first in ids[:PAGE]))
        self._precisions.append(float(right))
        self._ranks.append(_reciprocal(ids, {first}))
        return right


def _reciprocal(ids: list[str], wanted: frozenset[str] | set[str]) -> float:
    return next((1 / at for at, each in enumerate(ids, start=1) if each in wanted), 0.0)


def _mean(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers) if numbers else 0.0


def evaluate(
    judged: Judged,
    make: Callable[[], Engine],
    *,
    weights: Weights = WEIGHTS,
    expand: Expand | None = None,
) -> Figures:
    """Index the documents apart, ask each query, count, and leave nothing.

    ``expand``: with whose synonyms. Raises ``EngineUnavailable``.
    """
    ids = [document.id for document in judged.documents]
    with make() as engine:
        figures = Figures(engine.name)
        engine.add(
            (number, document.title, document.body)
            for number, document in enumerate(judged.documents)
        )
        for case in judged.cases:
            answer = find(engine, case.q, weights, expand)
            figures.judge(case, answer, [ids[number] for number in answer.hits])
    return figures
