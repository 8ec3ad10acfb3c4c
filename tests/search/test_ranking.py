"""Which of two documents comes first, and why."""

from dataclasses import replace

from search.analysis import read_query
from search.engines import ENGINES
from search.finding import find
from search.ranking import BARE, MOST, WEIGHTS, Corpus, Row, features, rarity, scored
from search.synonyms import Thesaurus


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


def watched(looked_for):
    class Body(str):
        __slots__ = ()

        def count(self, text, *rest):
            looked_for.append(text)
            return super().count(text, *rest)

    return Body


def test_of_a_pasted_page_the_rarest_parts_are_counted_and_no_more():
    looked_for = []
    body = watched(looked_for)
    page = "".join(chr(0x4E00 + at) for at in range(900)) + "𠮩𠮪"
    asked = features(read_query(page))
    assert len(asked.always) > 1500
    frequencies = {
        feature.key: 500 for feature in asked.always if feature.text not in {"𠮩𠮪", "𠮩"}
    }
    row = Row(1, "", body("𠮩𠮪"), 2)
    found = scored([row], asked, frequencies, Corpus(1000, 2.0))
    assert len(looked_for) == MOST
    assert {"𠮩𠮪", "𠮩"} <= set(looked_for)
    assert found[1] > 0


def test_of_a_pasted_page_said_in_many_ways_no_more_is_counted():
    """One run of a thousand characters that holds two words with several names: each way of it has
    two thousand parts."""
    looked_for = []
    run = "".join(chr(0x4E00 + at) for at in range(450))
    same = Thesaurus([["港鐵", "地鐵", "MTR"], ["升降機", "電梯", "𨋢", "lift"]])
    asked = features(read_query(f"{run}港鐵升降機{run[::-1]}", same.expand))
    assert len(asked.choices[0]) == 12
    assert all(len(way) > 1000 for way in asked.choices[0])
    row = Row(1, "", watched(looked_for)("地鐵的電梯"), 5)
    scored([row], asked, {}, Corpus(1000, 2.0))
    assert len(looked_for) <= 2 * MOST
