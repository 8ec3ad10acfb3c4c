"""A jury's numbers: the example of docs/jury.md worked out by hand, and what holds for all."""

import hashlib
import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ideas.scoring import (
    HIGHEST,
    LOWEST,
    combine,
    combined_order,
    normalised,
    shares,
    standings,
    weighted,
)

WEIGHTS = {"effect": 60, "feasible": 40}


def _marks(effect: int, feasible: int) -> dict[str, int]:
    return {"effect": effect, "feasible": feasible}


#: Ana tells the ideas apart, Ben is strict and has a conflict with the rest stop, Cho likes all.
EXAMPLE = {
    "ana": {"pergola": _marks(8, 6), "queue": _marks(6, 6), "rest": _marks(4, 3)},
    "ben": {"pergola": _marks(2, 2), "queue": _marks(4, 4)},
    "cho": {"pergola": _marks(9, 9), "queue": _marks(9, 9), "rest": _marks(9, 9)},
}


def test_the_example_worked_out_by_hand():
    ana = {idea: weighted(marks, WEIGHTS) for idea, marks in EXAMPLE["ana"].items()}
    assert ana == {"pergola": Fraction("7.2"), "queue": 6, "rest": Fraction("3.6")}
    # Mean 5.6, apart 1.6, 0.4 and -2, standard deviation the root of 2.24: 1.4967.
    assert {idea: round(z, 4) for idea, z in normalised(ana).items()} == {
        "pergola": 1.069,
        "queue": 0.2673,
        "rest": -1.3363,
    }
    rows = standings(EXAMPLE, WEIGHTS, seed="hand")
    assert [(row.idea, row.jurors, row.plain, row.normal) for row in rows] == [
        ("queue", 3, 6.3333, 0.4224),
        ("pergola", 3, 6.0667, 0.023),
        ("rest", 2, 6.3, -0.6682),
    ]
    # Without normalisation the rest stop is second: the strict juror did not score it.
    assert [row.plain_place for row in rows] == [1, 3, 2]
    assert [row.decided_by for row in rows] == ["", "", ""]
    combined = combine(rows, {"pergola": 120, "queue": 40, "rest": 80}, jury_weight=70)
    assert combined == {"queue": 0.7, "pergola": 0.7436, "rest": 0.15}
    assert combined_order(rows, combined) == ["pergola", "queue", "rest"]


def test_a_juror_whose_scores_are_all_equal_counts_nothing():
    assert normalised({"a": Fraction(7), "b": Fraction(7)}) == {"a": 0, "b": 0}
    assert normalised({"a": Fraction(7)}) == {"a": 0}
    assert normalised({}) == {}


def test_equals_are_told_apart_by_the_heaviest_criterion_then_firsts_then_the_lot():
    # Effect 5 and feasibility 5 against 3 and 8: 5.0 each.
    heavy = {"one": {"a": _marks(3, 8), "b": _marks(5, 5)}}
    rows = standings(heavy, WEIGHTS, seed="s")
    assert [(row.idea, row.decided_by) for row in rows] == [("b", ""), ("a", "heaviest")]
    # Means 5 and marks are equal all over; a is first with two jurors, b with one.
    even = {"even": 100}
    firsts = {
        "one": {"a": {"even": 6}, "b": {"even": 5}, "c": {"even": 0}},
        "two": {"a": {"even": 6}, "b": {"even": 5}, "c": {"even": 0}},
        "three": {"a": {"even": 3}, "b": {"even": 5}, "c": {"even": 4}},
    }
    plain = sorted(standings(firsts, even, seed="s"), key=lambda row: row.plain_place)
    assert [(row.idea, row.plain, row.firsts) for row in plain[:2]] == [
        ("a", 5.0, 2),
        ("b", 5.0, 1),
    ]
    # Nothing tells them apart: the lot does, and everybody can draw it again.
    same = {"one": {"a": _marks(5, 5), "b": _marks(5, 5)}}
    for seed in ("0", "1", "2", "3"):
        rows = standings(same, WEIGHTS, seed=seed)
        lots = {idea: hashlib.sha256(f"{seed}:{idea}".encode()).hexdigest() for idea in "ab"}
        assert [row.idea for row in rows] == sorted("ab", key=lots.__getitem__)
        assert rows[1].decided_by == "lot"
    assert {standings(same, WEIGHTS, seed=str(n))[0].idea for n in range(20)} == {"a", "b"}


@pytest.mark.parametrize("mark", [-1, 11, 5.5, True, float("nan"), "7", None])
def test_a_mark_off_the_scale_is_refused(mark):
    with pytest.raises(ValueError, match="whole number"):
        weighted({"effect": mark, "feasible": 5}, WEIGHTS)


def test_a_mark_for_each_criterion_and_for_nothing_else():
    for marks in ({"effect": 5}, {**_marks(5, 5), "beauty": 9}, {}):
        with pytest.raises(ValueError, match="each criterion"):
            weighted(marks, WEIGHTS)


def test_shares_put_votes_and_scores_on_one_scale():
    assert shares({"a": 10, "b": 30, "c": 20}) == {"a": 0, "b": 1, "c": Fraction(1, 2)}
    assert shares({"a": 3, "b": 3}) == {"a": 0, "b": 0}
    assert shares({}) == {}
    for wrong in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="finite"):
            shares({"a": wrong, "b": 1})
    for weight in (-1, 101):
        with pytest.raises(ValueError, match="per cent"):
            combine([], {}, jury_weight=weight)


def test_votes_for_what_the_jury_did_not_judge_count_for_nothing():
    rows = standings(EXAMPLE, WEIGHTS, seed="s")
    votes = {"pergola": 9, "queue": 0}
    assert combine(rows, votes, jury_weight=0) == {"pergola": 1.0, "queue": 0.0, "rest": 0.0}
    assert combine(rows, {**votes, "strange": 500}, jury_weight=0) == combine(
        rows, votes, jury_weight=0
    )
    assert combined_order(rows, combine(rows, votes, jury_weight=100)) == [row.idea for row in rows]


MARK = st.integers(LOWEST, HIGHEST)
SHEETS = st.dictionaries(
    st.sampled_from([f"juror-{n}" for n in range(6)]),
    st.dictionaries(
        st.sampled_from([f"idea-{n}" for n in range(7)]),
        st.fixed_dictionaries({"effect": MARK, "feasible": MARK}),
        max_size=7,
    ),
    max_size=6,
)


@given(SHEETS, st.randoms(use_true_random=False))
def test_the_order_of_jurors_and_ideas_in_the_database_changes_nothing(sheets, rand: random.Random):
    def shuffled(rows):
        return dict(rand.sample(list(rows.items()), len(rows)))

    turned = shuffled({juror: shuffled(sheet) for juror, sheet in sheets.items()})
    assert standings(turned, WEIGHTS, seed="s") == standings(sheets, WEIGHTS, seed="s")


@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 500), max_size=8),
    st.integers(-1000, 1000),
    st.integers(1, 20),
)
def test_a_generous_or_a_bold_juror_counts_as_any_other(scores, more, stretch):
    """Adding a constant, or stretching all scores, changes nothing of a juror's z-scores."""
    plain = {idea: Fraction(score, 100) for idea, score in scores.items()}
    moved = {idea: stretch * score + Fraction(more, 100) for idea, score in plain.items()}
    assert normalised(moved) == normalised(plain)


@given(SHEETS.filter(bool), st.integers(1, 5))
def test_adding_a_constant_to_one_jurors_scores_changes_nothing_of_the_result(sheets, more):
    """Marks from 0 to 5 moved up within the scale."""
    low = {
        juror: {
            idea: {name: mark // 2 for name, mark in marks.items()} for idea, marks in sheet.items()
        }
        for juror, sheet in sheets.items()
    }
    first = min(low)
    moved = {
        **low,
        first: {
            idea: {name: mark + more for name, mark in marks.items()}
            for idea, marks in low[first].items()
        },
    }
    before = {row.idea: row.normal for row in standings(low, WEIGHTS, seed="s")}
    after = {row.idea: row.normal for row in standings(moved, WEIGHTS, seed="s")}
    assert after == before


@given(SHEETS)
def test_places_are_one_to_the_number_of_ideas_and_every_mean_is_zero(sheets):
    rows = standings(sheets, WEIGHTS, seed="s")
    numbers = list(range(1, len(rows) + 1))
    assert [row.normal_place for row in rows] == numbers
    assert sorted(row.plain_place for row in rows) == numbers
    assert {row.idea for row in rows} == {idea for sheet in sheets.values() for idea in sheet}
    for sheet in sheets.values():
        zs = normalised({idea: weighted(marks, WEIGHTS) for idea, marks in sheet.items()})
        assert abs(sum(zs.values())) < 1e-9
