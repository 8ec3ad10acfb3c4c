"""Differences between versions, phases as shown, orders: the small parts by themselves."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.dates import FOREVER, format_deadline, format_range, left_until
from ideas.difference import difference
from ideas.rules import written


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_difference_leads_from_one_text_to_the_other(old: str, new: str) -> None:
    pieces = difference(old, new)
    assert "".join(one.text for one in pieces if one.kind != "added") == old
    assert "".join(one.text for one in pieces if one.kind != "gone") == new


def test_a_difference_in_chinese_is_by_character() -> None:
    pieces = difference("多種樹", "多種大樹")
    assert [(one.kind, one.text) for one in pieces] == [
        ("same", "多種"),
        ("added", "大"),
        ("same", "樹"),
    ]


def test_long_texts_are_compared_by_line() -> None:
    old = "\n".join(f"line {number} of many" for number in range(1200))
    pieces = difference(old, old + "\nthe last")
    assert pieces[0].kind == "same"
    assert pieces[-1].text.endswith("the last")


@pytest.mark.parametrize(
    ("language", "deadline", "span"),
    [
        ("en", "no closing date", "from 1 November 2026"),
        ("zh-hant", "不設截止日期", "2026年11月1日起"),
        ("zh-hans", "不设截止日期", "2026年11月1日起"),
    ],
)
def test_what_has_no_end_names_no_date(language: str, deadline: str, span: str) -> None:
    assert format_deadline(FOREVER, language) == deadline
    assert format_range(dt.date(2026, 11, 1), FOREVER, language) == span
    assert left_until(FOREVER, dt.datetime(2026, 11, 1, tzinfo=dt.UTC)) == "No closing date"


def test_the_written_form_of_rules_depends_on_nothing_but_them() -> None:
    assert written({"b": 1, "a": "街"}) == written({"a": "街", "b": 1}) == '{"a":"街","b":1}'
