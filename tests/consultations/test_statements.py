"""The order of cards and the scores of results, against their written rules."""

import random
from collections import Counter

import pytest

from consultations.statements import (
    NONE,
    Counts,
    counts_of,
    in_card_order,
    sort_results,
    voters_of,
    weight,
    wilson,
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


def test_the_wilson_interval_s_lower_end():
    assert wilson(0, 0) == 0
    assert wilson(0, 10) == 0
    assert wilson(10, 10) == pytest.approx(10 / (10 + 1.96**2))
    assert wilson(50, 100) == pytest.approx(0.4038298, abs=1e-6)
    assert wilson(1, 1) < wilson(90, 100)


def test_sorting_does_not_let_few_votes_rank_high():
    rows = [(card, COUNTS.get(card.pk, Counts(1))) for card in CARDS]
    names = {
        order: [card.public_id for card, _counts in sort_results(rows, order)]
        for order in ("agreement", "division", "votes")
    }
    assert names["agreement"] == ["worn", "agreed", "divided", "new"]
    assert names["division"][0] == "divided"
    assert names["votes"] == ["worn", "agreed", "divided", "new"]


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
