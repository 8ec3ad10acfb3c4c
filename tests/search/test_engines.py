"""The same cases on every engine, the same hits: scripts, variants, stems, signs, long texts."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import pytest

from search.engines import ENGINES, Engine
from search.finding import Answer, find
from search.ranking import Row
from search.synonyms import Thesaurus

DOCUMENTS = {
    "waste": ("都市固體廢物收費", "垃圾收費計劃的公眾諮詢。收費按袋計算，垃圾分類在屋邨推行。"),
    "waste-simplified": ("垃圾收费", "环境局就垃圾收费咨询市民。"),
    "fares": ("MTR 票價", "港鐵（MTR）票價調整機制的檢討，車費優惠。"),
    "health": ("衞生署", "衛生署裏面的裡間，路綫與路線，臺灣的台風。"),
    "lift": ("加裝𨋢", "喺屋邨加裝升降機。"),
    "ai": ("ＡＩ 應用", "政府如何應用人工智能 (AI)？預算為1,500萬元。"),
    "consultation": ("Consultations on waste", "The Bureau's consultations about charging closed."),
    "single": ("Consultation", "One consultation, and nothing about the matter."),
    # Every pair of characters of 垃圾收費, and never the four together.
    "apart": ("垃圾收", "圾收。收集和費用：圾，收費。"),
    "rare": ("", "𠮩𠮩 café naïve Москва 東京タワー"),
}
IDS = list(DOCUMENTS)

#: A query and all that hold what it asks.
CASES = [
    ("垃圾收費", {"waste", "waste-simplified"}),
    ("垃圾收费", {"waste", "waste-simplified"}),
    ("「垃圾收費」", {"waste", "waste-simplified"}),
    ("圾收", {"waste", "waste-simplified", "apart"}),
    ("收費", {"waste", "waste-simplified", "apart"}),
    ("垃圾 收費", {"waste", "waste-simplified", "apart"}),
    ("諮詢", {"waste", "waste-simplified"}),
    ("咨询", {"waste", "waste-simplified"}),
    ("諮", {"waste", "waste-simplified"}),
    ("裏", {"health"}),
    ("裡", {"health"}),
    ("衞生", {"health"}),
    ("衛生", {"health"}),
    ("路綫", {"health"}),
    ("路線", {"health"}),
    ("台灣", {"health"}),
    ("臺风", {"health"}),
    ("𨋢", {"lift"}),
    ("加裝𨋢", {"lift"}),
    ("喺屋邨", {"lift"}),
    ("屋邨", {"lift", "waste"}),
    ("ＡＩ", {"ai"}),
    ("ai", {"ai"}),
    ("1500", {"ai"}),
    ("consultation", {"consultation", "single"}),
    ("consultations", {"consultation", "single"}),
    ("CONSULTATION waste", {"consultation"}),
    ("the bureau’s consultation", {"consultation"}),
    ("MTR 票價", {"fares"}),
    ("mtr票价", {"fares"}),
    ("票價 MTR 屋邨", set()),
    ("𠮩", {"rare"}),
    ("𠮩𠮩", {"rare"}),
    ("cafe", {"rare"}),
    ("NAIVE", {"rare"}),
    ("москва", {"rare"}),
    ("タワー", {"rare"}),
    ("京タ", {"rare"}),
    ("徵費", set()),
    ("consult* OR fares", set()),
    ("consultation NOT waste", set()),
    ("consultation AND waste", {"consultation"}),
]

#: Words for the same thing, the texts that say it, and who is found by what.
SAME = [
    ("港鐵", "MTR", "地鐵"),
    ("𨋢", "升降機", "電梯", "lift"),
    ("垃圾徵費", "都市固體廢物收費", "MSW charging"),
    ("東鐵綫", "East Rail Line"),
]
SAID = {
    "mtr": ("MTR fares", "The MTR reviews its fares."),
    "tit": ("地鐵票價", "地铁票价的檢討。"),
    "gong": ("港鐵票價", "港鐵票價調整機制。"),
    "both": ("MTR 票價", "票價由 MTR 公布。"),
    "lift-hk": ("加裝𨋢", "屋邨加裝𨋢，港鐵站也一樣。"),
    "lift-tw": ("電梯", "電梯保養。"),
    "lift-en": ("Lifts", "Lifts in MTR stations."),
    "lift-formal": ("升降機", "升降機條例。"),
    "levy": ("垃圾徵費", "按袋計算。"),
    "charging": ("都市固體廢物收費", "按袋計算。"),
    "msw": ("MSW charging", "By the bag."),
    # The words apart, and a word that only begins like one of ours.
    "apart-en": ("Charging", "Charging for what is not MSW. A liftoff, an eastern rail."),
    "line": ("East Rail Line", "It runs to Lo Wu."),
    "line-zh": ("東鐵綫", "東鐵線往羅湖。"),
}
SAID_IDS = list(SAID)
_RAIL = {"mtr", "tit", "gong", "both", "lift-hk", "lift-en"}
_LIFTS = {"lift-hk", "lift-tw", "lift-en", "lift-formal"}
_LEVY = {"levy", "charging", "msw"}
SAME_CASES = [
    ("MTR", _RAIL),
    ("港鐵", _RAIL),
    ("地铁", _RAIL),
    ("ＭＴＲ", _RAIL),
    ("MTR and 港鐵", _RAIL),
    ("MTR 票價", {"tit", "gong", "both"}),
    ("mtr票价", {"tit", "gong", "both"}),
    ("港鐵票價", {"tit", "gong", "both"}),
    ("地鐵票價調整", {"gong"}),
    ("票價", {"tit", "gong", "both"}),
    ("𨋢", _LIFTS),
    ("升降机", _LIFTS),
    ("lift", _LIFTS),
    ("Lifts", _LIFTS),
    ("電梯 港鐵", {"lift-hk", "lift-en"}),
    ("港鐵升降機", {"lift-en"}),
    ("加裝電梯", {"lift-hk"}),
    ("垃圾徵費", _LEVY),
    ("都市固体废物收费", _LEVY),
    ("msw CHARGING", _LEVY | {"apart-en"}),
    ("charging", {"msw", "apart-en"}),
    ("東鐵線", {"line", "line-zh"}),
    ("east rail line", {"line", "line-zh"}),
    ("rail east", {"line"}),
    ("垃圾", {"levy"}),
]

#: What no engine may read as its own: none raises, none finds what was not asked.
SIGNS = [
    "",
    " ",
    "\x00",
    "……！？",
    "😀🎉",
    "'",
    '"',
    '""" OR 1=1 --',
    "'; DROP TABLE search_eval_document; --",
    "title:收費",
    "NEAR(垃圾 收費, 5)",
    "^垃圾 + -收費",
    "垃圾 <-> 收費",
    "垃圾:* & !(收費",
    "{title}: *",
    "\\' \\\\ %s %(x)s {0}",
    "\u202e\u200f\u2066",
    "\ud800",
    "*",
    "a*",
]


def fill(engine: Engine) -> None:
    engine.add((number, *DOCUMENTS[name]) for number, name in enumerate(IDS))


@pytest.fixture
def engine(engine_name: str) -> Iterator[Engine]:
    with ENGINES[engine_name]() as made:
        fill(made)
        yield made


def names(answer: Answer) -> list[str]:
    return [IDS[number] for number in answer.hits]


@pytest.mark.db
class TestEveryEngine:
    """Engines that are added later are tried by being in ``ENGINES``."""

    def test_hits_are_exactly_the_documents_that_hold_it(self, engine):
        found = {}
        for query, _expected in CASES:
            answer = find(engine, query)
            found[query] = set(names(answer)) if answer.whole else set()
        assert found == dict(CASES)

    def test_what_is_said_another_way_is_found_as_well(self, engine_name):
        same = Thesaurus(SAME)
        found = {}
        with ENGINES[engine_name]() as engine:
            engine.add((number, *SAID[name]) for number, name in enumerate(SAID_IDS))
            for query, _expected in SAME_CASES:
                answer = find(engine, query, expand=same.expand)
                found[query] = {SAID_IDS[number] for number in answer.hits if answer.whole}
            # As it was asked comes first, and who asks in a sentence is answered too.
            assert SAID_IDS[find(engine, "電梯", expand=same.expand).hits[0]] == "lift-tw"
            asked = find(engine, "怎樣保養升降機？", expand=same.expand)
            assert SAID_IDS[asked.hits[0]] == "lift-tw"
            assert find(engine, "電梯").hits == [SAID_IDS.index("lift-tw")]
        assert found == dict(SAME_CASES)

    @pytest.mark.parametrize("signs", SIGNS)
    def test_no_sign_is_an_operator_and_none_raises(self, engine, signs):
        answer = find(engine, signs)
        letters = "".join(each for each in signs if each.isalnum())
        assert letters or answer.hits == []

    def test_signs_between_words_change_nothing(self, engine):
        assert names(find(engine, '"垃圾" & (收費)')) == names(find(engine, "垃圾 收費"))
        assert names(find(engine, "^垃圾 + -收費'")) == names(find(engine, "垃圾 收費"))

    def test_a_query_of_ten_thousand_characters_is_answered(self, engine):
        far = "".join(chr(0x4E00 + at % 5000) for at in range(10_000))
        for query in (far, "垃" * 10_000, "word " * 2_000, "垃圾收費" + "！" * 10_000):
            find(engine, query)
        assert names(find(engine, "垃圾收費" + "！" * 10_000))[:1] == ["waste-simplified"]

    def test_what_holds_all_comes_before_what_is_only_near(self, engine):
        near = find(engine, "垃圾徵費")
        assert not near.whole
        assert {"waste", "waste-simplified", "apart"} == set(names(near))
        assert find(engine, "政府怎樣應用人工智能？").sentence
        assert names(find(engine, "政府怎樣應用人工智能？"))[0] == "ai"
        assert names(find(engine, "政府怎样应用人工智能？"))[0] == "ai"

    def test_what_stands_in_a_title_comes_first(self, engine):
        assert names(find(engine, "屋邨 加裝"))[0] == "lift"
        assert names(find(engine, "垃圾收費"))[0] == "waste-simplified"

    def test_a_text_longer_than_a_vector_s_places_is_found_to_its_end(self, engine_name):
        long = "垃圾收費。" * 15_000 + "最後一句"
        with ENGINES[engine_name]() as engine:
            engine.add([(0, "長", long), (1, "短", "最後。一句")])
            assert find(engine, "最後一句").hits == [0]
            assert find(engine, "收費").hits == [0]

    def test_an_index_without_documents_finds_nothing(self, engine_name):
        with ENGINES[engine_name]() as engine:
            engine.add([])
            assert find(engine, "垃圾").hits == []

    def test_nothing_is_left_behind(self, engine_name):
        for _again in range(2):
            with ENGINES[engine_name]() as engine:
                fill(engine)
                assert find(engine, "諮詢").hits


class Looked(Engine):
    """Every document looked through for every key: what the engines are held against."""

    name = "looked"

    def __enter__(self) -> "Looked":
        self._rows: dict[int, tuple[Row, set[str]]] = {}
        self._counts: dict[str, int] = {}
        return self

    def __exit__(self, *_raised: object) -> None:
        return None

    def _holding(self, keys: Sequence[str], enough: Callable[[Iterable[bool]], bool]) -> list[int]:
        return [
            number
            for number, (_row, held) in sorted(self._rows.items())
            if enough(
                any(one.startswith(key[:-1]) for one in held) if key.endswith("*") else key in held
                for key in keys
            )
        ]

    def all_of(self, keys: Sequence[str]) -> list[int]:
        return self._holding(keys, all)

    def any_of(self, keys: Sequence[str]) -> list[int]:
        return self._holding(keys, any)

    def frequencies(self, keys: Iterable[str]) -> dict[str, int]:
        counted = {key: len(self._holding([key], all)) for key in keys}
        return {key: count for key, count in counted.items() if count}

    def rows(self, numbers: Sequence[int]) -> Iterator[Row]:
        return (self._rows[number][0] for number in numbers)

    def _write(self, rows: list[tuple[Row, list[str]]]) -> None:
        self._rows.update({row.number: (row, set(tokens)) for row, tokens in rows})

    def _write_frequencies(self, rows: list[tuple[str, int]]) -> None:
        self._counts = dict(rows)

    @property
    def counts(self) -> dict[str, int]:
        return self._counts


@pytest.mark.db
def test_an_engine_gives_what_looking_through_all_gives_in_the_same_order(engine):
    asked = [query for query, _expected in CASES] + SIGNS
    asked += ["政府點解要收垃圾費？", "waste fares", "收集費用的機制為何", "垃桶"]
    with Looked() as looked:
        fill(looked)
        assert looked.counts == looked.frequencies(looked.counts)
        for query in asked:
            assert find(engine, query) == find(looked, query), query
