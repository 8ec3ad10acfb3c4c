"""The order of cards and the scores of results, against their written rules."""

import math
import random
from collections import Counter

import pytest

from consultations.statements import (
    NONE,
    SORTS,
    Counts,
    counts_of,
    in_card_order,
    ranked,
    voters_of,
    weight,
)
from tests.factories.engagements import make_engagement
from tests.factories.statements import make_statement, make_votes

READERS = 4000


class Card:
    """What the order reads of a statement."""

    def __init__(self, name: str, pk: int) -> None:
        self.public_id, self.pk, self.ballot_id, self.order = name, pk, pk, pk


CARDS = [Card(name, number) for number, name in enumerate(("new", "divided", "agreed", "worn"))]
COUNTS = {
    1: Counts(100, 100, 0),
    2: Counts(195, 5, 0),
    3: Counts(4000, 10, 0),
}


def first_cards(sealed: bool = False) -> Counter[str]:
    rng = random.Random(2026)
    seeds = [f"{rng.getrandbits(64):x}" for _number in range(READERS)]
    return Counter(
        in_card_order(CARDS, COUNTS, seed=seed, sealed=sealed)[0].public_id for seed in seeds
    )


def test_the_weight_is_the_written_formula():
    assert weight(NONE) == (1 + 1) * (1 + 20)
    assert weight(Counts(3, 1, 15)) == pytest.approx((1 + 4 * 4 * 2 / 36) * 2)
    assert weight(Counts(10, 10)) > weight(Counts(18, 2)) > weight(Counts(20, 0))
    assert weight(Counts(1, 1)) > weight(Counts(50, 50)) > 1
    assert weight(Counts(18, 2), sealed=True) == weight(Counts(10, 10), sealed=True)


def test_little_seen_and_dividing_statements_come_first_as_often_as_weighed():
    came = first_cards()
    whole = sum(weight(COUNTS.get(card.pk, NONE)) for card in CARDS)
    for card in CARDS:
        expected = READERS * weight(COUNTS.get(card.pk, NONE)) / whole
        # Four standard deviations of a draw with that probability.
        slack = 4 * (expected * (1 - expected / READERS)) ** 0.5
        assert abs(came[card.public_id] - expected) <= slack, card.public_id
    assert came["new"] > came["divided"] > came["agreed"] > came["worn"] > 0


def test_the_order_is_one_reader_s_own_and_stays():
    one = [card.public_id for card in in_card_order(CARDS, COUNTS, seed="a")]
    assert one == [card.public_id for card in in_card_order(CARDS[::-1], COUNTS, seed="a")]
    orders = {
        tuple(card.public_id for card in in_card_order(CARDS, COUNTS, seed=str(seed)))
        for seed in range(50)
    }
    assert len(orders) > 3
    assert all(sorted(order) == sorted(one) for order in orders)


def test_a_sealed_order_tells_nothing_of_the_choices():
    other = {key: Counts(each.disagree, each.agree, each.passed) for key, each in COUNTS.items()}
    flat = {key: Counts(0, 0, each.voters) for key, each in COUNTS.items()}
    for seed in map(str, range(200)):
        orders = [
            [card.pk for card in in_card_order(CARDS, counts, seed=seed, sealed=True)]
            for counts in (COUNTS, other, flat)
        ]
        assert orders[0] == orders[1] == orders[2]


def wilson(part: int, whole: int, z: float = 1.96) -> float:
    """The interval's lower end as books give it, to compare the database's with."""
    if not part:
        return 0.0
    share = part / whole
    spread = z * math.sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    return (share + z * z / (2 * whole) - spread) / (1 + z * z / whole)


@pytest.mark.db
@pytest.mark.django_db
def test_the_database_ranks_by_the_wilson_interval_s_lower_end():
    engagement = make_engagement()
    votes = [(1, 0, 0), (9, 1, 2), (30, 30, 0), (40, 2, 3), (0, 0, 4), (0, 5, 0), (0, 0, 0)]
    made = [make_statement(engagement) for _each in votes]
    for statement, (agree, disagree, passed) in zip(made, votes, strict=True):
        make_votes(statement, {1: agree, -1: disagree, 0: passed})
    make_votes(make_statement(make_engagement()), {1: 99})
    place = {statement.ballot_id: number for number, statement in enumerate(made)}
    found = {order: list(ranked(engagement, order)) for order in SORTS}
    for order, rows in found.items():
        for row in rows:
            agree, disagree, passed = votes[place[row["pk"]]]
            assert (row["agree"], row["disagree"], row["passed"]) == (agree, disagree, passed)
            part = {"agreement": agree, "division": min(agree, disagree)}.get(order)
            wanted = agree + disagree + passed if part is None else wilson(part, agree + disagree)
            assert row["score"] == pytest.approx(wanted)
    orders = {order: [place[row["pk"]] for row in rows] for order, rows in found.items()}
    # Few votes do not rank high; what nobody answered comes last, in its own order.
    assert orders == {
        "agreement": [3, 1, 2, 0, 5, 4, 6],
        "division": [2, 1, 3, 5, 4, 0, 6],
        "votes": [2, 3, 1, 5, 4, 0, 6],
    }


@pytest.mark.django_db
def test_counts_are_of_this_engagement_and_of_live_votes(django_assert_num_queries):
    engagement = make_engagement()
    one, two, _empty = (make_statement(engagement) for _number in range(3))
    make_votes(one, {1: 3, -1: 2, 0: 1})
    make_votes(two, {0: 2})
    make_votes(make_statement(make_engagement()), {1: 5})
    with django_assert_num_queries(1):
        counts = counts_of(engagement)
    assert counts == {one.ballot_id: Counts(3, 2, 1), two.ballot_id: Counts(0, 0, 2)}
    assert voters_of(engagement) == 8
