"""The numbers of opinion groups, on conversations small enough to know the answer."""

import math
import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.opinion.clustering import find_clusters
from consultations.opinion.describing import consensus, marks_of, shared_by_all
from consultations.opinion.grouping import counts_by_group, find_groups
from consultations.opinion.matrix import included, vote_matrix
from consultations.opinion.outline import LEAST, outline
from consultations.opinion.space import opinion_space

Vote = tuple[int, int, int]


def camps(sizes: tuple[int, ...] = (30, 20), statements: int = 12, seed: int = 1) -> list[Vote]:
    """People of two minds: the second camp answers the first half the other way round."""
    chance = random.Random(seed)
    votes, person = [], 0
    for camp, size in enumerate(sizes):
        for _each in range(size):
            person += 1
            for statement in range(1, statements + 1):
                if chance.random() < 0.15:
                    continue
                choice = -1 if camp and statement <= statements // 2 else 1
                votes.append((person, statement, 0 if chance.random() < 0.1 else choice))
    return votes


def test_two_camps_are_found_with_their_people():
    groups = find_groups(camps())
    assert [len(each) for each in groups.members] == [30, 20]
    assert groups.members[0] == list(range(1, 31))
    assert groups.people == groups.placed == 50
    assert groups.silhouette > 0.6
    assert 0 < groups.explained[1] < groups.explained[0] < 1


def test_the_same_votes_in_any_order_give_the_same_groups_to_the_last_digit():
    votes = camps()
    first = find_groups(votes)
    for seed in range(3):
        random.Random(seed).shuffle(votes)
        again = find_groups(iter(votes))
        assert again.members == first.members
        assert again.silhouette == first.silhouette
        for one, two in zip(first.positions, again.positions, strict=True):
            assert (one == two).all()


def test_places_are_those_of_the_filled_matrix():
    """Against the plain way: fill with means, centre, decompose, scale."""
    votes = camps(sizes=(9, 8), statements=10, seed=4)
    matrix = vote_matrix(votes)
    full = np.full((len(matrix.people), len(matrix.statements)), np.nan)
    full[matrix.rows, matrix.columns] = matrix.choices
    filled = np.where(np.isnan(full), np.nanmean(full, axis=0), full)
    filled -= filled.mean(axis=0)
    _left, _sizes, axes = np.linalg.svd(filled)
    places = filled @ axes[:2].T
    places *= np.sqrt(full.shape[1] / (~np.isnan(full)).sum(axis=1))[:, None]
    ours = opinion_space(matrix).positions
    for axis in (0, 1):
        sign = np.sign(places[:, axis] @ ours[:, axis])
        assert np.allclose(ours[:, axis], sign * places[:, axis], atol=1e-8)


def test_a_rejected_statement_moves_nobody_but_counts_for_who_took_part():
    votes = camps()
    noise = [(person, 99, random.Random(person).choice([1, -1])) for person in range(1, 51)]
    plain, with_noise = find_groups(votes), find_groups(votes + noise, set_aside=[99])
    assert with_noise.members == plain.members
    few = [(77, statement, 1) for statement in range(1, 7)]
    assert find_groups(votes + few).placed == 50
    assert find_groups([*votes, *few, (77, 99, 1)], set_aside=[99]).placed == 51


def test_who_is_included():
    """Seven answers, or all of fewer; at least fifteen people where there are so many."""
    seven = [(person, each, 1) for person in range(20) for each in range(7)]
    six = [(100, each, 1) for each in range(6)]
    assert included(vote_matrix(seven + six)).tolist() == [True] * 20 + [False]
    short = [(person, each, 1) for person in range(20) for each in range(3)] + [(50, 0, 1)]
    assert included(vote_matrix(short)).tolist() == [True] * 20 + [False]
    # Ten with seven answers; five more by answers, of equals the smaller number.
    few = [(person, each, 1) for person in range(10) for each in range(7)]
    few += [(person, each, 1) for person in range(10, 14) for each in range(2)]
    few += [(person, 0, 1) for person in range(14, 20)]
    assert np.flatnonzero(included(vote_matrix(few))).tolist() == list(range(15))


@pytest.mark.parametrize(
    "votes",
    [
        [],
        [(1, 1, 1)],
        [(1, 1, 0)],
        [(person, 1, 1) for person in range(40)],
        [(person, 1, choice) for person, choice in enumerate([1, -1, 0] * 10)],
        [(person, each, 1) for person in range(40) for each in range(9)],
        [(person, each, 0) for person in range(40) for each in range(9)],
        [(1, each, 1) for each in range(50)],
        [(person, person, 1) for person in range(30)],
    ],
)
def test_poor_conversations_give_groups_or_none_but_no_error(votes):
    groups = find_groups(votes)
    assert groups.people == len({person for person, _statement, _choice in votes})
    placed = [person for members in groups.members for person in members]
    assert len(placed) == len(set(placed))
    assert np.isfinite(np.array([groups.silhouette, *groups.explained])).all()
    for places in groups.positions:
        assert np.isfinite(places).all()


@pytest.mark.parametrize(
    "votes", [[(1, 1, 2)], [(1, 1, 1), (1, 1, -1)], [(1, 1, 1), (2, 1, 1), (1, 1, 1)]]
)
def test_votes_that_cannot_be_are_refused(votes):
    with pytest.raises(ValueError, match="vote"):
        find_groups(votes)


def test_a_person_alone_does_not_decide_the_number_of_groups():
    points = np.array([[0.0, each / 50] for each in range(40)])
    points = np.vstack((points, [[3.0, each / 50] for each in range(40)], [[400.0, 0.0]]))
    found = find_clusters(points)
    # Without setting it aside, the one far away would be one group and all the others the other.
    assert min(np.bincount(found.labels)[:2]) >= 40


@given(st.lists(st.tuples(*[st.integers(0, 40)] * 3), min_size=1, max_size=5))
def test_consensus_is_the_stated_product(groups):
    product = math.prod((a + 1) / (a + d + p + 2) for a, d, p in groups)
    assert consensus(groups) == pytest.approx(product, abs=1e-12)
    opposite = math.prod((d + 1) / (a + d + p + 2) for a, d, p in groups)
    assert consensus(groups, "disagree") == pytest.approx(opposite, abs=1e-12)


def test_what_marks_a_group_is_what_it_answers_otherwise():
    groups = find_groups(camps(statements=12))
    for number, side in ((0, "agree"), (1, "disagree")):
        marks = marks_of(number, groups.table)
        assert {mark.side for mark in marks} == {side}
        assert {mark.statement for mark in marks} <= set(range(1, 7))
        assert all(mark.own > 0.5 > mark.others for mark in marks)
        assert [mark.score for mark in marks] == sorted(
            (mark.score for mark in marks), reverse=True
        )


def test_a_group_that_nothing_marks_for_certain_has_its_greatest_difference():
    table = {1: [(3, 2, 0), (2, 3, 0)], 2: [(2, 2, 1), (2, 2, 1)]}
    assert [(mark.statement, mark.side) for mark in marks_of(0, table)] == [(1, "agree")]
    assert marks_of(0, {1: [(0, 0, 0), (4, 0, 0)]}) == []
    assert marks_of(0, {}) == []


def test_what_all_groups_share():
    table = {
        1: [(9, 0, 1), (8, 1, 1)],
        2: [(9, 0, 1), (1, 8, 1)],
        3: [(0, 9, 1), (1, 9, 0)],
        4: [(3, 0, 1), (9, 0, 0)],
        5: [(5, 0, 5), (9, 0, 0)],
    }
    shared = shared_by_all(table, least=5)
    assert [(each.statement, each.side) for each in shared] == [(3, "disagree"), (1, "agree")]
    assert shared[1].consensus == pytest.approx(10 / 12 * 9 / 12)


@pytest.mark.parametrize("size", [5, 6, 11, 49, 400])
def test_an_outline_shows_nobody_alone(size):
    points = np.round(np.random.default_rng(size).normal(size=(size, 2)), 9)
    points[0] = (40.0, 40.0)
    drawn = outline(points)
    assert sum(dot.people for dot in drawn.dots) == size
    assert all(dot.people >= LEAST for dot in drawn.dots)
    for dot in drawn.dots:
        distances = np.hypot(*(points - (dot.x, dot.y)).T)
        assert distances.min() > 0 or size == LEAST
    assert all(one.people >= two.people for one, two in pairwise(drawn.dots))
    assert drawn.long >= drawn.short >= 0


def test_one_person_far_out_does_not_shape_the_outline():
    points = np.random.default_rng(3).normal(size=(8, 2))
    near = outline(np.vstack((points, [[9.0, 0.0]])))
    far = outline(np.vstack((points, [[9000.0, 0.0]])))
    for name in ("x", "y", "long", "short"):
        assert getattr(far, name) == pytest.approx(getattr(near, name), abs=0.2)
    assert far.long < 5


def test_an_outline_of_four_is_refused_and_one_of_equals_is_a_point():
    with pytest.raises(ValueError, match="five"):
        outline(np.zeros((4, 2)))
    drawn = outline(np.ones((12, 2)))
    assert (drawn.long, drawn.short, len(drawn.dots)) == (0, 0, 1)


def test_counts_by_given_groups_leave_out_who_has_none():
    votes = [(1, 7, 1), (2, 7, -1), (3, 7, 0), (4, 7, 1), (1, 8, 1)]
    assert counts_by_group(votes, [[1, 2], [3]]) == {
        7: [(1, 1, 0), (0, 0, 1)],
        8: [(1, 0, 0), (0, 0, 0)],
    }
