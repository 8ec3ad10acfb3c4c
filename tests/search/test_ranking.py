"""Which of two documents comes first, and why."""

from dataclasses import replace

from search.engines import ENGINES
from search.finding import find
from search.ranking import BARE, WEIGHTS, rarity


def order(query, *documents, weights=WEIGHTS):
    with ENGINES["sqlite"]() as engine:
        engine.add((at, *each) for at, each in enumerate(documents))
        return find(engine, query, weights).hits


def test_a_title_counts_more_than_a_repetition():
    documents = [("", "屋邨。屋邨。其他"), ("屋邨", "其他文字其他文字")]
    assert order("屋邨", *documents) == [1, 0]
    assert order("屋邨", *documents, weights=BARE) == [0, 1]


def test_holding_more_of_what_is_asked_counts_more_than_holding_a_part_often():
    filler = " ".join(f"w{at}" for at in range(100))
    documents = [("", "alpha " * 30), ("", f"beta gamma delta {filler}")]
    assert order("alpha beta gamma delta", *documents) == [1, 0]
    blind = replace(WEIGHTS, coverage=0.0)
    assert order("alpha beta gamma delta", *documents, weights=blind) == [0, 1]


def test_a_rare_word_tells_more_and_no_word_tells_less_than_nothing():
    told = [rarity(100, holding) for holding in (0, 1, 50, 99, 100)]
    assert told == sorted(told, reverse=True)
    assert told[-1] > 0
    documents = [("", "common word"), ("", "common word"), ("", "rare word")]
    assert order("common rare", *documents)[0] == 2


def test_equals_stay_in_the_order_they_came_in():
    assert order("same", ("", "same"), ("", "same"), ("", "same")) == [0, 1, 2]
    assert order("什麼", ("", "垃圾")) == []
