"""Rows of a job one by one: one that fails stops no other, and the job still ends as failed.

A job that stops at the first row that raises stops there again at its next run, and so for ever:
whatever comes after that row is never done. Here it is logged, the rest is done, and then
``SomeFailed`` is raised, which the schedule notes and the worker gives again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import TypeVar

logger = logging.getLogger(__name__)

T = TypeVar("T")
R = TypeVar("R")


class SomeFailed(RuntimeError):
    """Some rows raised and the others were done. Says how many and of what kind, no more."""

    def __init__(self, problems: Sequence[Exception], done: int) -> None:
        kinds = ", ".join(sorted({type(problem).__name__ for problem in problems}))
        super().__init__(f"{len(problems)} failed, {done} done: {kinds}")
        self.failed, self.done = len(problems), done


def each(rows: Iterable[T], act: Callable[[T], R]) -> list[R]:
    """What ``act`` returned for each row, in their order.

    ``act`` holds its own transaction: what it wrote before it raised must be undone by then. Raises
    ``SomeFailed`` after the last row if any raised. What ``rows`` itself raises ends it at once.
    """
    results: list[R] = []
    problems: list[Exception] = []
    for row in rows:
        try:
            results.append(act(row))
        except Exception as problem:
            _log(act, getattr(row, "pk", row))
            problems.append(problem)
    if problems:
        raise SomeFailed(problems, len(results))
    return results


def in_batches(keys: Iterable[int], act: Callable[[list[int]], R], *, size: int) -> list[R]:
    """The same where ``act`` does many at once: of a batch that raises each key is tried alone."""
    every = iter(keys)
    results: list[R] = []
    problems: list[Exception] = []
    done = 0
    while batch := list(islice(every, size)):
        try:
            results.append(act(batch))
            done += len(batch)
            continue
        except Exception:
            logger.info("A batch of a job failed; its rows are tried one by one.")
        for key in batch:
            try:
                results.append(act([key]))
                done += 1
            except Exception as problem:
                _log(act, key)
                problems.append(problem)
    if problems:
        raise SomeFailed(problems, done)
    return results


def steps(*parts: Callable[[], object]) -> None:
    """The parts of one job, each whatever became of those before it. Raises as ``each``."""
    each(parts, lambda part: part())


def _log(act: Callable[..., object], row: object) -> None:
    """Inside ``except``: names the row by its key, or the step by its name; never its contents."""
    name = getattr(row, "__qualname__", None) or (row if isinstance(row, int | str) else "")
    logger.exception(
        "One row of a job failed; the others go on.",
        extra={"job": getattr(act, "__qualname__", ""), "row": str(name)},
    )
