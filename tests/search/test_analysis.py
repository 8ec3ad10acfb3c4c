"""What of a text can be found, and what a query asks for."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.fold import fold
from search.analysis import QUERY_LENGTH, SENTENCE, plain, read_query, segments, tokens
from search.words import ASKING, FUNCTION_WORDS

ANYTHING = st.text(max_size=60)
#: What databases read as more than a letter.
SIGNS = frozenset(string.punctuation + string.whitespace + "\x00\ud800")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("垃圾收費", ["垃圾", "圾收", "收费", "费"]),
        ("諮", ["咨"]),
        ("MTR 票價", ["mtr", "票价", "价"]),
        ("ＡＩ技術", ["ai", "技术", "术"]),
        ("Consultations' waste-charging", ["consult", "wast", "charg"]),
        ("the Government's café", ["the", "govern", "cafe"]),
        ("don’t", ["dont"]),
        ("$1,234,567 in 2019,2020", ["1234567", "in", "2019", "2020"]),
        # PostgreSQL keeps no token of more than 2,046 bytes.
        ("1" + ",234" * 900, [("1" + "234" * 900)[:64]]),
        ("x" * 900, ["x" * 64]),
        ("搭𨋢", ["搭䢂", "䢂"]),
        ("𠮩", ["𠮩"]),
        ("カラオケ", ["カラ", "ラオ", "オケ", "ケ"]),
        ("里。面", ["里", "面"]),
        ("a_b", ["a", "b"]),
        ("Москва", ["москва"]),
        ("", []),
        ("…！？\"'()*:^-&|<> \x00 😀", []),
    ],
)
def test_a_text_is_cut_into_tokens(text, expected):
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("垃圾收費", "垃圾收费"),
        ("諮詢", "咨询"),
        ("裏面", "裡面"),
        ("衞生", "衛生"),
        ("路綫", "路線"),
        ("台灣", "臺灣"),
        ("ＡＩ", "ai"),
        ("consultation", "Consultations"),
        ("household’s", "households'"),
        ("垃\u200b圾", "垃圾"),
    ],
)
def test_writings_of_one_word_have_the_same_tokens(one, other):
    assert tokens(one) == tokens(other)


def test_a_run_is_a_term_and_one_character_a_prefix():
    query = read_query("MTR 票價 諮")
    assert [(term.text, term.parts()) for term in query.terms] == [
        ("mtr", ["mtr"]),
        ("票价", ["票价"]),
        ("咨", ["咨*"]),
    ]
    assert not query.sentence


def test_words_without_a_meaning_are_asked_for_only_when_alone():
    assert [term.text for term in read_query("the consultation on waste").terms] == [
        "consult",
        "wast",
    ]
    assert [term.text for term in read_query("to be").terms] == ["to", "be"]


def test_asking_words_do_not_rank_but_are_looked_for():
    query = read_query("政府何時收費？")
    assert [term.text for term in query.terms] == ["政府何时收费"]
    assert [term.text for term in query.asked] == ["政府", "收费"]
    assert query.sentence
    assert [term.text for term in read_query("什麼").asked] == ["什幺"]


def test_a_long_query_is_a_sentence_and_is_cut():
    assert not read_query("都市固體廢物收費計劃").sentence
    assert read_query("字" * (SENTENCE + 1)).sentence
    assert read_query("圾" * 10_000).terms[0].text == "圾" * QUERY_LENGTH


def test_function_words_are_written_as_texts_are_stemmed():
    assert {word for word in FUNCTION_WORDS if tokens(word) != [word]} == set()
    assert ASKING.sub("", fold("什么时候 甚麼時候")) == " "


@given(ANYTHING)
def test_every_part_of_a_run_is_found_in_its_text(text):
    found = segments(text)
    whole = plain(found)
    for term in read_query(text[:QUERY_LENGTH]).terms:
        assert term.held_by(whole)
        for key in term.parts():
            assert any(token == key or f"{token[0]}*" == key for token in tokens(text))


@given(ANYTHING)
def test_tokens_are_of_letters_and_digits_alone(text):
    for token in tokens(text):
        assert 0 < len(token) <= 64
        assert not SIGNS.intersection(token)


def test_a_word_of_ten_thousand_letters_is_cut_the_same_everywhere():
    assert tokens("x" * 10_000) == ["x" * 64]
    assert read_query("x" * 10_000).terms[0].text == "x" * 64
