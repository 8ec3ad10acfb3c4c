"""Rows of a job one by one: what fails is logged, the rest is done, the job is told of it."""

from __future__ import annotations

import logging

import pytest

from core.each import SomeFailed, each, in_batches, steps


def halve(number: int) -> int:
    if number % 2:
        raise ValueError("A text of somebody.")
    return number // 2


def test_all_that_can_be_done_is_done_and_the_job_fails(caplog):
    assert each([2, 4], halve) == [1, 2]
    done: list[int] = []
    with (
        caplog.at_level(logging.ERROR, logger="core.each"),
        pytest.raises(SomeFailed, match="1 failed, 2 done: ValueError") as failed,
    ):
        each([2, 3, 4], lambda number: done.append(halve(number)))
    assert done == [1, 2]
    assert "somebody" not in str(failed.value), "what a row holds stands in no schedule"
    (line,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert line.row == "3"
    assert line.exc_info is not None


def test_of_a_batch_that_fails_each_row_is_tried():
    seen: list[list[int]] = []

    def act(keys: list[int]) -> int:
        seen.append(keys)
        return sum(halve(key) for key in keys)

    assert in_batches(range(0, 8, 2), act, size=2) == [1, 5]
    seen.clear()
    with pytest.raises(SomeFailed, match="1 failed, 3 done"):
        in_batches([2, 3, 4, 6], act, size=2)
    assert seen == [[2, 3], [2], [3], [4, 6]]


def test_the_steps_of_a_job_do_not_wait_for_one_another():
    done: list[str] = []

    def fails() -> None:
        raise RuntimeError

    with pytest.raises(SomeFailed, match="1 failed, 2 done"):
        steps(lambda: done.append("first"), fails, lambda: done.append("last"))
    assert done == ["first", "last"]
