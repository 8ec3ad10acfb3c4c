"""The sampler: as many places filled as can be, nobody twice, and always the same from the same."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from crowdtasks.panel.sampling import Framed, digest_of, draw, in_order, key_of

CELLS = ("a", "b", "c")
frames = st.lists(
    st.lists(st.sampled_from(CELLS), min_size=1, max_size=3, unique=True), max_size=12
).map(lambda rows: [Framed(f"k{number}", tuple(cells)) for number, cells in enumerate(rows)])
quotas = st.dictionaries(st.sampled_from(CELLS), st.integers(1, 4), min_size=1)


def most(quota: dict[str, int], frame: list[Framed]) -> int:
    """How many places can be filled at most: by Hall's theorem, over all sets of cells.

    Places left empty are at least those of a set of cells less whoever belongs to one of them.
    """
    lacks = [
        sum(quota[cell] for cell in cells) - sum(bool(set(one.cells) & set(cells)) for one in frame)
        for size in range(len(quota) + 1)
        for cells in combinations(quota, size)
    ]
    return sum(quota.values()) - max(lacks)


@settings(max_examples=150)
@given(frames, quotas, st.text(max_size=8))
def test_as_many_places_are_filled_as_can_be_and_nobody_is_drawn_twice(frame, quota, seed):
    found = draw(seed, quota, frame)
    assert len({one.key for one in found}) == len(found) == most(quota, frame)
    cells = {one.key: one.cells for one in frame}
    assert all(one.cell in cells[one.key] for one in found)
    for cell, wanted in quota.items():
        assert sum(one.cell == cell for one in found) <= wanted


@settings(max_examples=60)
@given(frames, quotas, st.text(max_size=8), st.randoms(use_true_random=False))
def test_the_same_seed_draws_the_same_however_the_frame_is_sorted(frame, quota, seed, random):
    shuffled = [Framed(one.key, tuple(random.sample(one.cells, len(one.cells)))) for one in frame]
    random.shuffle(shuffled)
    assert draw(seed, quota, shuffled) == draw(seed, quota, frame)
    assert digest_of(shuffled) == digest_of(frame)


@settings(max_examples=60)
@given(frames.filter(len), st.text(max_size=8))
def test_places_say_where_in_the_order_somebody_stands(frame, seed):
    order = [one.key for one in in_order(seed, frame)]
    found = draw(seed, dict.fromkeys(CELLS, 12), frame)
    assert [order[one.place - 1] for one in found] == [one.key for one in found]


def test_an_example_by_hand():
    # ``printf '1\nk0' | sha256sum`` and so on: the order is that of what it prints.
    frame = [Framed(f"k{number}", ("a",)) for number in range(4)]
    order = ["k1", "k3", "k0", "k2"]
    assert [one.key for one in in_order("1", frame)] == order
    assert [one.key for one in draw("1", {"a": 2}, frame)] == order[:2]


def test_another_seed_draws_others_and_everybody_as_often():
    frame = [Framed(key_of("draw", str(number)), ("a",)) for number in range(20)]
    times = dict.fromkeys((one.key for one in frame), 0)
    for seed in range(400):
        for one in draw(str(seed), {"a": 5}, frame):
            times[one.key] += 1
    # 400 draws of 5 from 20: 100 times each, give or take four standard deviations (8.7).
    assert all(65 <= number <= 135 for number in times.values())


def test_keys_of_two_draws_cannot_be_joined():
    assert key_of("one", "volunteer") != key_of("two", "volunteer")


def test_a_changed_frame_has_another_digest():
    frame = [Framed("k1", ("a",)), Framed("k2", ("b",))]
    assert digest_of(frame) != digest_of(frame[:1])
    assert digest_of(frame) != digest_of([frame[0], Framed("k2", ("a", "b"))])
