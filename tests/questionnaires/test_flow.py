"""Conditions, routes, what is missing, and what keeps a definition from being published."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires import flow
from questionnaires.definition import Definition
from tests.factories.questionnaires import (
    answers_for,
    definition,
    many,
    options,
    question,
    section,
    twelve,
    when,
)


def keys(found) -> list[str]:
    return [one.key for one in found]


TESTS = [
    ("one", ("is-any", "yes", "no"), {"option": "yes"}, True),
    ("one", ("is-any", "no"), {"option": "yes"}, False),
    ("one", ("is-any", "yes"), None, False),
    ("one", ("is-none", "yes"), {"option": "no"}, True),
    ("one", ("is-none", "yes"), {"option": "yes"}, False),
    ("one", ("is-none", "yes"), None, True),
    ("several", ("is-any", "yes"), {"options": ["no", "yes"]}, True),
    ("several", ("is-none", "perhaps"), {"options": ["no", "yes"]}, True),
    ("one", ("answered",), {"option": "no"}, True),
    ("one", ("answered",), None, False),
    ("long", ("not-answered",), None, True),
    ("long", ("not-answered",), "said", False),
    ("scale", ("at-least", "4"), 4, True),
    ("scale", ("at-least", "4"), 3, False),
    ("scale", ("at-most", "2"), None, False),
    ("scale", ("is-any", "1", "2"), 2, True),
    ("number", ("at-least", "9"), "10", True),
    ("number", ("at-most", "9.5"), "9.50", True),
    ("number", ("at-least", "NaN"), "10", False),
    ("date", ("at-least", "2026-02-28"), "2026-03-01", True),
    ("date", ("at-most", "2026-02-28"), "2026-03-01", False),
    ("date", ("at-least", "12"), "2026-03-01", False),
    ("consent", ("answered",), True, True),
    ("one", ("at-least", "yes"), {"option": "yes"}, False),
]


@pytest.mark.parametrize(("kind", "test", "value", "met"), TESTS)
def test_a_condition_asks_one_thing(kind, test, value, met):
    asked = definition(question("a", kind), question("b", condition=when(("a", *test))))
    answers = {} if value is None else {"a": value}
    assert ("b" in keys(flow.shown(asked, answers))) is met


def test_conditions_join_by_all_or_any():
    first, second = ("a", "answered"), ("b", "answered")
    base = (question("a"), question("b"))
    both = definition(*base, question("c", condition=when(first, second)))
    either = definition(*base, question("c", condition=when(first, second, join="any")))
    assert "c" not in keys(flow.shown(both, {"a": "x"}))
    assert "c" in keys(flow.shown(both, {"a": "x", "b": "x"}))
    assert "c" in keys(flow.shown(either, {"b": "x"}))
    assert "c" not in keys(flow.shown(either, {}))


def test_an_answer_that_is_not_shown_any_more_decides_nothing():
    chain = definition(
        question("a", "one"),
        question("b", "one", condition=when(("a", "is-any", "yes"))),
        question("c", condition=when(("b", "is-any", "yes"))),
        question("d", condition=when(("b", "not-answered"))),
    )
    answers = {"a": {"option": "yes"}, "b": {"option": "yes"}, "c": "said"}
    assert keys(flow.shown(chain, answers)) == ["a", "b", "c"]
    answers["a"] = {"option": "no"}
    assert keys(flow.shown(chain, answers)) == ["a", "d"]
    assert flow.effective(chain, answers) == {"a": {"option": "no"}}


def test_a_condition_on_nothing_known_is_not_met():
    asked = definition(question("b", condition=when(("gone", "is-any", "x"))))
    assert flow.shown(asked, {"gone": {"option": "x"}}) == []


def test_two_routes_lead_over_one_model():
    asked = twelve()
    assert keys(flow.shown(asked, {}, flow.KEY)) == ["visits", "evening"]
    assert flow.has_key_route(asked)
    assert flow.asked(asked, flow.KEY) == 2
    assert flow.asked(asked) == 12
    assert flow.needs_task_list(asked)
    assert not flow.needs_task_list(asked, flow.KEY)
    assert not flow.has_key_route(definition(question("a", is_key=True)))
    assert not flow.has_key_route(definition(question("a")))


def test_pages_leave_out_what_is_not_shown():
    asked = Definition(
        sections=(
            section("s1", question("a", "one")),
            section("s2", question("b", condition=when(("a", "is-any", "yes")))),
            section("s3", question("c")),
        )
    )
    assert [page.key for page in flow.pages(asked, {})] == ["s1", "s3"]
    assert [page.key for page in flow.pages(asked, {"a": {"option": "yes"}})] == ["s1", "s2", "s3"]


def test_what_answers_of_the_same_page_may_open_is_known():
    asked = twelve()
    using = asked.sections[0]
    assert keys(flow.may_follow(asked, using, {})) == ["branches", "why-not"]
    assert keys(flow.may_follow(asked, using, {"visits": {"option": "no"}})) == ["branches"]
    hours = asked.sections[1]
    assert keys(flow.may_follow(asked, hours, {})) == ["until"]


def test_only_what_is_marked_and_shown_is_missing():
    asked = definition(
        question("a", "one"),
        question("b", required=True, condition=when(("a", "is-any", "yes"))),
        question("c", required=True),
        question("d"),
    )
    assert keys(flow.missing(asked, {})) == ["c"]
    assert keys(flow.missing(asked, {"a": {"option": "yes"}, "c": "x"})) == ["b"]


def test_minutes_grow_with_what_is_asked():
    assert flow.minutes(definition(question("a", "one"))) == 1
    assert flow.minutes(twelve(), flow.KEY) == 1
    assert flow.minutes(twelve()) < flow.minutes(many(60))
    assert flow.minutes(many(60)) > 10
    assert flow.minutes(definition()) == 1


def codes(asked: Definition) -> set[str]:
    return {problem.code for problem in flow.check_definition(asked)}


def test_a_sound_definition_has_no_problems():
    assert flow.check_definition(twelve()) == []
    assert flow.check_definition(many(300)) == []


BAD = [
    ("later-question", [question("a", condition=when(("b", "answered"))), question("b")]),
    ("own-question", [question("a", condition=when(("a", "answered")))]),
    ("unknown-question", [question("a", condition=when(("z", "answered")))]),
    (
        "cycle",
        [
            question("a", condition=when(("b", "answered"))),
            question("b", condition=when(("a", "answered"))),
        ],
    ),
    (
        "unknown-option",
        [question("a", "one"), question("b", condition=when(("a", "is-any", "zebra")))],
    ),
    (
        "unknown-test",
        [question("a", "long"), question("b", condition=when(("a", "is-any", "x")))],
    ),
    ("no-values", [question("a", "one"), question("b", condition=when(("a", "is-any")))]),
    (
        "bad-value",
        [question("a", "number"), question("b", condition=when(("a", "at-least", "1e309")))],
    ),
    (
        "bad-value",
        [question("a", "date"), question("b", condition=when(("a", "at-most", "2026-02-29")))],
    ),
    (
        "not-asked",
        [question("a", "information"), question("b", condition=when(("a", "answered")))],
    ),
    ("required-without-reason", [question("a", required=True, reason={})]),
    ("required-information", [question("a", "information", required=True)]),
    ("too-many-key-questions", [question(f"q{n}", is_key=True) for n in range(5)]),
    (
        "key-on-other",
        [question("a", "one"), question("b", is_key=True, condition=when(("a", "answered")))],
    ),
    ("too-few-options", [question("a", "one", options=options("yes"))]),
    ("too-few-options", [question("a", "one", options=options("a", "b", closed="b"))]),
    ("too-many-options", [question("a", "one", options=options(*(f"o{n}" for n in range(61))))]),
    ("same-option", [question("a", "one", options=options("a", "a"))]),
    ("same-key", [question("a"), question("a", anchor="b")]),
    ("same-anchor", [question("a"), question("b", anchor="a")]),
    ("no-title", [question("a", title={})]),
    ("unknown-kind", [question("a", "ranking")]),
    ("limits-of-choices", [question("a", "several", settings={"least": 4})]),
    ("limits-of-choices", [question("a", "several", settings={"least": 2, "most": 1})]),
    ("steps-of-scale", [question("a", "scale", settings={"least": 5, "most": 1})]),
    ("steps-of-scale", [question("a", "scale", settings={"least": 1, "most": 100})]),
    ("bounds", [question("a", "number", settings={"least": "9", "most": "1"})]),
    ("bounds", [question("a", "number", settings={"least": "NaN"})]),
    ("bounds", [question("a", "date", settings={"least": "2026-02-30"})]),
    ("text-limit", [question("a", "short", settings={"limit": 5000})]),
]


@pytest.mark.parametrize(
    ("code", "questions"), BAD, ids=lambda one: one if type(one) is str else ""
)
def test_what_cannot_be_published_is_named(code, questions):
    problems = flow.check_definition(definition(*questions))
    assert code in {problem.code for problem in problems}
    assert all(str(problem.sentence) for problem in problems)


def test_more_than_three_hundred_questions_are_refused():
    assert "too-many-questions" in codes(many(301))


def test_a_long_circle_is_named_without_what_hangs_from_it():
    number = 250
    ring = [
        question(f"q{n}", condition=when((f"q{(n + 1) % number}", "answered")))
        for n in range(number)
    ]
    tail = question("tail", condition=when(("q0", "answered")))
    found = flow.check_definition(definition(*ring, tail))
    assert {one.question for one in found if one.code == "cycle"} == {one.key for one in ring}


def test_two_others_in_one_choice_are_refused():
    pair = tuple(type(one)(one.key, one.label, other=True) for one in options("a", "b"))
    assert "two-others" in codes(definition(question("a", "one", options=pair)))


def test_an_option_without_words_is_named():
    bare = tuple(type(one)(one.key, {}) for one in options("a", "b"))
    assert "no-label" in codes(definition(question("a", "one", options=bare)))


@given(
    st.dictionaries(
        st.sampled_from(sorted(answers_for(twelve()))),
        st.none(),
    )
)
def test_shown_never_depends_on_what_comes_later(left_out):
    """Taking answers away from the end never changes what is shown before them."""
    asked = twelve()
    answers = {k: v for k, v in answers_for(asked).items() if k not in left_out}
    order = keys(asked.questions())
    full = keys(flow.shown(asked, answers))
    for place in range(len(order)):
        cut = {k: v for k, v in answers.items() if order.index(k) < place}
        before = [k for k in full if order.index(k) <= place]
        assert keys(flow.shown(asked, cut))[: len(before)] == before
