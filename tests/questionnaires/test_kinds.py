"""Each kind takes what people and programs send, in one form, or says why not."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from core.exceptions import Invalid
from questionnaires import kinds
from questionnaires.models import Answer, QuestionKind
from tests.factories.questionnaires import options, question, words

HOSTILE: tuple[Any, ...] = (
    object(),
    b"1",
    [],
    {},
    [[]],
    {"option": {}},
    {"options": [[1]]},
    {"options": "yes"},
    {"option": "yes", "x": 1},
    True,
    False,
    float("nan"),
    float("inf"),
    1e309,
    Decimal("NaN"),
    Decimal("sNaN"),
    10**5000,
    "\x00",
    "\ud800",
    "9" * 100_000,
    "1e5",
    "0x10",
    "1_0",
)


def test_every_kind_of_the_table_has_its_class_and_no_other():
    assert set(kinds.names()) == set(QuestionKind.values)
    assert all(kinds.of(name).name == name for name in kinds.names())
    with pytest.raises(LookupError):
        kinds.of("ranking")


@pytest.mark.parametrize("name", QuestionKind.values)
@pytest.mark.parametrize("raw", HOSTILE, ids=range(len(HOSTILE)))
def test_a_kind_answers_a_value_none_or_why_not(name, raw):
    asked = question("q", name)
    error = None
    value = None
    try:
        value = kinds.of(name).clean(raw, asked)
    except Invalid as caught:
        error = caught
    if error is not None:
        assert (error.field, error.data["question"]) == ("q-q", "q")
        assert str(error)
    assert value is None or kinds.of(name).clean(value, asked) == value


NUMBERS = [
    ("1200", "1200"),
    ("１２００", "1200"),
    ("1,200", "1200"),
    ("１，２００", "1200"),
    ("1 234 567", "1234567"),
    ("1\u00a0234", "1234"),
    (" 7 ", "7"),
    ("007", "7"),
    ("+5", "5"),
    ("\u22125", "-5"),
    ("－５", "-5"),
    ("-0", "0"),
    ("-0.00", "0"),
    ("3.50", "3.5"),
    ("３．５", "3.5"),
    (".5", "0.5"),
    ("5.", "5"),
    (12, "12"),
    (2.5, "2.5"),
    (-0.0, "0"),
    (Decimal("1.10"), "1.1"),
    ("999999999999999999", "999999999999999999"),
    ("", None),
    ("  ", None),
    (None, None),
]


@pytest.mark.parametrize(("raw", "value"), NUMBERS)
def test_a_number_has_one_form(raw, value):
    asked = question("q", "number", settings={"places": 2})
    assert kinds.of("number").clean(raw, asked) == value


@pytest.mark.parametrize(
    "raw",
    [
        "1e309",
        "1e3",
        "NaN",
        "nan",
        "inf",
        "-Infinity",
        "∞",
        "1,5",
        "1,2345",
        "12,34",
        "1.2.3",
        "1,234 567",
        "٣",
        "½",
        "五",
        "12a",
        "--5",
        "1_000",
        "0b1",
        "1000000000000000000",
        "1\x002",
        "\ud800",
        float("nan"),
        float("-inf"),
        1e309,
        10**30,
        True,
        ["1"],
        {"option": "1"},
    ],
)
def test_what_is_no_number_is_refused(raw):
    with pytest.raises(Invalid) as caught:
        kinds.of("number").clean(raw, question("q", "number", settings={"places": 2}))
    assert caught.value.code == "not_a_number"


def test_a_number_keeps_to_its_bounds_and_places():
    asked = question("q", "number", settings={"least": "0", "most": "100.5", "places": 1})
    clean = kinds.of("number").clean
    assert clean("100.5", asked) == "100.5"
    for raw, code in (("-1", "too_small"), ("100.6", "too_large"), ("1.25", "too_many_places")):
        with pytest.raises(Invalid) as caught:
            clean(raw, asked)
        assert caught.value.code == code
    with pytest.raises(Invalid) as caught:
        clean("1.5", question("q", "number"))
    assert caught.value.code == "too_many_places"


DATES = [
    ("2026-12-31", "2026-12-31"),
    (["2026", "12", "31"], "2026-12-31"),
    (["２０２６", "２", "３"], "2026-02-03"),
    (["2024", "2", "29"], "2024-02-29"),
    (["2000", "02", "29"], "2000-02-29"),
    (["1979", "4", "1"], "1979-04-01"),
    ([" 2026 ", "1", "1"], "2026-01-01"),
    (["", "", ""], None),
    ("", None),
    (None, None),
]


@pytest.mark.parametrize(("raw", "value"), DATES)
def test_a_date_has_one_form(raw, value):
    assert kinds.of("date").clean(raw, question("q", "date")) == value


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (["2026", "2", "29"], "not_a_date"),
        (["1900", "2", "29"], "not_a_date"),
        (["2026", "13", "1"], "not_a_date"),
        (["2026", "4", "31"], "not_a_date"),
        (["26", "1", "1"], "not_a_date"),
        (["2026", "", "1"], "not_a_date"),
        (["2026", "1"], "not_a_date"),
        (["2026", "1_0", "1"], "not_a_date"),
        (["٢٠٢٦", "1", "1"], "not_a_date"),
        ("20261231", "not_a_date"),
        ("2026-W01-1", "not_a_date"),
        ("31/12/2026", "not_a_date"),
        ("2026-12-31T00:00:00Z", "not_a_date"),
        ("0000-01-01", "not_a_date"),
        (20261231, "not_a_date"),
        ("0001-01-01", "too_early"),
        ("9999-12-31", "too_late"),
    ],
)
def test_what_is_no_date_is_refused(raw, code):
    with pytest.raises(Invalid) as caught:
        kinds.of("date").clean(raw, question("q", "date"))
    assert caught.value.code == code


def test_a_date_keeps_to_its_bounds():
    asked = question("q", "date", settings={"least": "2026-01-01", "most": "2026-12-31"})
    clean = kinds.of("date").clean
    assert clean("2026-01-01", asked) == "2026-01-01"
    for raw, code in (("2025-12-31", "too_early"), ("2027-01-01", "too_late")):
        with pytest.raises(Invalid) as caught:
            clean(raw, asked)
        assert caught.value.code == code


ASKED = question(
    "q",
    "several",
    options=options("a", "b", "c", "none", "else", alone="none", other="else"),
    settings={"least": 2, "most": 3},
)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ({"options": ["a", "zebra"]}, "unknown_option"),
        ({"options": ["a", 1]}, "unknown_option"),
        ({"options": ["a", None]}, "unknown_option"),
        ({"options": ["none", "a"]}, "not_alone"),
        ({"options": ["a"]}, "too_few"),
        ({"options": ["a", "b", "c", "else"]}, "too_many"),
        ({"options": ["a", "b"], "other": "words"}, "other_not_chosen"),
        ({"options": ["a", "else"], "other": "x" * 201}, "too_long"),
        ({"options": ["a", "else"], "other": "\ud800"}, "control_characters"),
        ({"options": ["a", "else"], "other": ["x"]}, "not_text"),
    ],
)
def test_several_refuses(raw, code):
    with pytest.raises(Invalid) as caught:
        kinds.of("several").clean(raw, ASKED)
    assert caught.value.code == code


def test_several_takes_each_once_in_the_questions_order():
    clean = kinds.of("several").clean
    assert clean({"options": ["c", "a", "c"]}, ASKED) == {"options": ["a", "c"]}
    assert clean(["b", "a"], ASKED) == {"options": ["a", "b"]}
    assert clean({"options": ["none"]}, ASKED) == {"options": ["none"]}
    assert clean({"options": ["a", "else"], "other": " x "}, ASKED)["other"] == "x"
    assert clean({"options": []}, ASKED) is None


def test_a_closed_option_stays_with_who_chose_it_before():
    asked = question("q", "one", options=options("a", "b", "c", closed="b"))
    clean = kinds.of("one").clean
    with pytest.raises(Invalid) as caught:
        clean({"option": "b"}, asked)
    assert caught.value.code == "closed_option"
    assert clean({"option": "b"}, asked, {"option": "b"}) == {"option": "b"}
    field = kinds.of("one").form_field(asked, "en")
    assert [key for key, _label in field.choices] == ["a", "c"]
    field = kinds.of("one").form_field(asked, "en", {"option": "b"})
    assert [key for key, _label in field.choices] == ["a", "b", "c"]


@pytest.mark.parametrize("raw", ["0", "6", "3.5", "NaN", "x", 1e309, [3], "1e0"])
def test_a_scale_has_steps_and_no_others(raw):
    with pytest.raises(Invalid):
        kinds.of("scale").clean(raw, question("q", "scale"))


def test_a_scale_is_a_whole_number():
    asked = question("q", "scale", settings={"least": 0, "most": 10})
    assert [kinds.of("scale").clean(raw, asked) for raw in ("0", "１０", 7, 3.0)] == [0, 10, 7, 3]


@pytest.mark.parametrize("kind", ["short", "long"])
@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("a\x00b", "control_characters"),
        ("\ud800", "control_characters"),
        ("\ufffe", "control_characters"),
        ("a" + "\u0301" * 9, "marks"),
        ("x" * 20_000, "too_long"),
        (12, "not_text"),
    ],
)
def test_text_that_cannot_be_kept_is_refused(kind, raw, code):
    with pytest.raises(Invalid) as caught:
        kinds.of(kind).clean(raw, question("q", kind))
    assert (caught.value.code, caught.value.field) == (code, "q-q")


def test_text_is_nfc_of_code_points():
    short = question("q", "short", settings={"limit": 3})
    assert kinds.of("short").clean("𨋢𨋢e\u0301", short) == "𨋢𨋢é"
    with pytest.raises(Invalid):
        kinds.of("short").clean("𨋢𨋢𨋢𨋢", short)
    assert kinds.of("long").clean("a\r\nb", question("q", "long")) == "a\nb"
    assert kinds.of("short").clean("\u200b\ufeff", short) is None


@pytest.mark.parametrize(
    ("raw", "value"), [("on", True), (True, True), ("", None), (False, None), (None, None)]
)
def test_consent_is_a_tick_or_nothing(raw, value):
    assert kinds.of("consent").clean(raw, question("q", "consent")) is value


def test_consent_is_nothing_else():
    with pytest.raises(Invalid):
        kinds.of("consent").clean("perhaps", question("q", "consent"))


KEPT = [
    ("one", {"option": "else", "other": "By boat"}),
    ("one", {"option": "a"}),
    ("several", {"options": ["a", "c"]}),
    ("several", {"options": ["b", "else"], "other": "On foot"}),
    ("scale", 5),
    ("number", "1234.5"),
    ("number", "-3"),
    ("date", "2024-02-29"),
    ("short", "One line"),
    ("long", "Two\nlines"),
    ("consent", True),
]


def _asked(kind: str) -> Any:
    if kind in {"one", "several"}:
        return question("q", kind, options=options("a", "b", "c", "else", other="else"))
    return question("q", kind, settings={"places": 2} if kind == "number" else {})


class Kept:
    """Stands for an answer read back: its columns, and the options that were chosen."""

    def __init__(self, answer: Answer, asked: Any, chosen: list[str]) -> None:
        self.number = answer.number
        self.date = answer.date
        self.text = answer.text
        rows = [
            SimpleNamespace(option=SimpleNamespace(block_id=each.key, order=place, pk=place))
            for place, each in enumerate(asked.options)
            if each.key in chosen
        ]
        self.choices = SimpleNamespace(all=lambda: rows)


@pytest.mark.parametrize(("name", "value"), KEPT)
def test_what_is_kept_is_read_back_described_and_counted(name, value):
    asked, kind = _asked(name), kinds.of(name)
    assert kind.clean(value, asked) == value
    answer = Answer()
    chosen = kind.store(answer, value)
    assert kind.read(Kept(answer, asked, chosen)) == value
    assert all(line.text for line in kind.describe(value, asked, "zh-hant"))
    buckets = kind.buckets(value)
    assert buckets
    assert all(len(one) <= 40 for one in buckets)


@pytest.mark.parametrize("name", [name for name in QuestionKind.values if name != "information"])
def test_a_form_shows_a_value_and_sends_it_back(name):
    for kept_name, value in KEPT:
        if kept_name != name:
            continue
        asked, kind = _asked(name), kinds.of(name)
        main, other = kind.initial(value)
        fields = {"q-q": kind.form_field(asked, "en")}
        extra = kind.other_field(asked, "en")
        if extra is not None:
            fields["q-q-other"] = extra
        shape = type("Shape", (forms.Form,), fields)
        html = str(shape(initial={"q-q": main, "q-q-other": other}))
        assert "Question q" in html
        sent = QueryDict(mutable=True)
        if name == "date":
            for part, number in zip(("year", "month", "day"), value.split("-"), strict=True):
                sent[f"q-q_{part}"] = number
        else:
            sent.setlist("q-q", [str(each) for each in (main if type(main) is list else [main])])
        sent["q-q-other"] = other
        form = shape(sent)
        assert form.is_valid()
        raw = kind.raw(form.cleaned_data["q-q"], form.cleaned_data.get("q-q-other"), asked)
        assert kind.clean(raw, asked) == value


def test_words_alone_choose_other():
    asked = _asked("one")
    assert kinds.of("one").raw("", "By boat", asked) == {"option": "else", "other": "By boat"}
    assert kinds.of("one").raw("a", "By boat", asked) == {"option": "a"}
    several = _asked("several")
    raw = kinds.of("several").raw(["a"], "By boat", several)
    assert kinds.of("several").clean(raw, several)["options"] == ["a", "else"]


def test_words_in_another_language_than_the_page_are_marked():
    asked = question("q", "one", title={"en": "Only <English>"})
    field = kinds.of("one").form_field(asked, "zh-hant")
    assert field.label == '<span lang="en">Only &lt;English&gt;</span>'
    assert "（繁）" in str(field.choices)


def test_private_text_has_nothing_for_a_moderator():
    asked = question("q", "long", settings={"private": True})
    assert kinds.of("long").text("secret", asked) == ""
    assert kinds.of("long").text("said", question("q", "long")) == "said"


@given(st.text())
def test_any_text_is_a_number_or_refused(raw):
    asked = question("q", "number", settings={"places": 6})
    try:
        value = kinds.of("number").clean(raw, asked)
    except Invalid:
        return
    assert value is None or Decimal(value).is_finite()


def test_labels_of_a_scale_are_read_with_their_step():
    asked = question("q", "scale", settings={"labels": {"1": words("Never")}})
    assert kinds.of("scale").describe(1, asked, "en")[0].text == "1 – Never"
    assert kinds.of("scale").describe(2, asked, "en")[0].text == "2"
