"""Measures by examples from the literature and by hand."""

from __future__ import annotations

import math

import pytest

from crowdtasks.products.measures import (
    mean_difference,
    mean_interval,
    success,
    success_difference,
    sus_score,
    t_quantile,
    time_ratio,
    typical_time,
)


def test_the_scale_of_brookes_own_example() -> None:
    """Brooke 1996 prints one filled-in form: contributions 4 1 1 4 1 2 1 1 4 3 make 22, 55."""
    assert sus_score([5, 4, 2, 1, 2, 3, 2, 4, 5, 2]) == 55
    assert sus_score([5, 1] * 5) == 100
    assert sus_score([1, 5] * 5) == 0
    for wrong in ([3] * 9, [3] * 9 + [6]):
        with pytest.raises(ValueError, match="ten answers"):
            sus_score(wrong)


def test_students_t_is_the_printed_table() -> None:
    """t for 95 per cent, two-sided, as every table has it."""
    for freedom, printed in ((1, 12.706), (4, 2.776), (9, 2.262), (30, 2.042)):
        assert t_quantile(freedom) == pytest.approx(printed, abs=0.0005)


def test_task_success_by_hand() -> None:
    """Nine of ten: z² = 3.8415; p = 10.9207/13.8415 = 0.78899;
    half = 1.96·√(0.78899·0.21101/13.8415) = 0.21495: 0.57404 to 1.00394, cut at 1."""
    found = success(9, 10)
    assert found is not None
    assert found.value == 0.9
    assert found.low == pytest.approx(0.57404, abs=1e-5)
    assert found.high == 1.0
    # All of five: p = 6.9207/8.8415 = 0.78275, half = 1.96·√(0.78275·0.21725/8.8415) = 0.27182.
    found = success(5, 5)
    assert found is not None
    assert found.low == pytest.approx(0.51093, abs=1e-4)
    assert success(0, 0) is None


def test_time_is_a_geometric_mean_with_a_log_interval_by_hand() -> None:
    """Powers of e: logs 3, 4, 5 have mean 4, s = 1, t(2) = 4.3027: 4 ± 4.3027/√3 = 4 ± 2.48414."""
    found = typical_time([math.exp(3), math.exp(4), math.exp(5)])
    assert found is not None
    assert found.value == pytest.approx(math.exp(4))
    assert found.low == pytest.approx(math.exp(4 - 2.48414), rel=1e-4)
    assert found.high == pytest.approx(math.exp(4 + 2.48414), rel=1e-4)
    alone = typical_time([40])
    assert alone is not None
    assert (alone.value, alone.low) == (pytest.approx(40), None)
    assert typical_time([]) is None


def test_a_mean_by_hand() -> None:
    """2, 4, 6: mean 4, s = 2, t(2) = 4.3027: half = 4.3027·2/√3 = 4.96828."""
    found = mean_interval([2, 4, 6])
    assert found is not None
    assert (found.value, found.n) == (4, 3)
    assert found.high == pytest.approx(8.96828, abs=1e-4)


def test_a_difference_of_means_by_hand() -> None:
    """1 2 3 and 4 6 8: variances 1 and 4 of 3 each; se² = 1/3 + 4/3 = 5/3;
    freedom = (5/3)²/((1/9)/2 + (16/9)/2) = 50/17; the difference is 4."""
    found = mean_difference([1, 2, 3], [4, 6, 8])
    assert found is not None
    assert found.value == 4
    half = t_quantile(50 / 17) * math.sqrt(5 / 3)
    assert (found.low, found.high) == (pytest.approx(4 - half), pytest.approx(4 + half))
    assert found.clear is (half < 4)
    assert mean_difference([1], [2, 3]) is None
    assert mean_difference([2, 2], [2, 2]) is None


def test_a_difference_of_success_by_hand() -> None:
    """5 of 10 and 9 of 10: z²/4 = 0.96036; p1 = 5.96036/11.92073 = 0.5,
    p2 = 9.96036/11.92073 = 0.83555; half = 1.96·√(0.25/11.92073 + 0.137406/11.92073) = 0.35333."""
    found = success_difference(5, 10, 9, 10)
    assert found is not None
    assert found.value == pytest.approx(0.4)
    assert found.low == pytest.approx(0.33555 - 0.35333, abs=1e-4)
    assert found.high == pytest.approx(0.33555 + 0.35333, abs=1e-4)
    assert not found.clear
    assert success_difference(0, 0, 1, 2) is None


def test_a_ratio_of_times_by_hand() -> None:
    """Logs 3 4 5 against 4 5 6: the difference is 1, so the second takes e times as long."""
    first, second = ([math.exp(n) for n in logs] for logs in ((3, 4, 5), (4, 5, 6)))
    found = time_ratio(first, second)
    assert found is not None
    assert found.value == pytest.approx(math.e)
    half = t_quantile(4) * math.sqrt(2 / 3)
    assert found.low == pytest.approx(math.exp(1 - half))
    assert not found.clear
