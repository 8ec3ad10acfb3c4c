"""From blocks to the plain definition: keys, words by language, conditions, sentences."""

import pytest
from django.utils.translation import override
from wagtail.blocks import StreamValue

from questionnaires import kinds
from questionnaires.blocks import (
    TESTS_OF_KIND,
    QuestionsBlock,
    QuestionStream,
    QuestionsWidget,
    known_questions,
    limit_of,
)
from questionnaires.definition import Condition, Definition, Test
from questionnaires.flow import check_definition
from questionnaires.models import QuestionKind
from questionnaires.reading import anchor_of, definition_of
from questionnaires.sentences import condition_sentence, plain
from tests.factories.questions import five_questions, option, question, section, when
from tests.factories.questions import test_of as a_test


def stream(*sections: dict[str, object]) -> StreamValue:
    return QuestionsBlock().to_python(list(sections))


def read(*sections: dict[str, object]) -> Definition:
    return definition_of({"en": stream(*sections)})


def sentence(definition: Definition, key: str) -> str:
    found = definition.question(key)
    assert found is not None
    return plain(condition_sentence(definition, found))


def test_every_kind_of_question_has_a_block() -> None:
    assert list(QuestionStream().child_blocks) == list(QuestionKind.values)
    for name, tests in TESTS_OF_KIND.items():
        assert set(tests) <= set(kinds.of(name).tests)
    with override("en"):
        for name, block in QuestionStream().child_blocks.items():
            assert str(block.label) == str(QuestionKind(name).label)


def test_a_definition_has_what_the_blocks_say() -> None:
    definition = read(*five_questions())
    assert check_definition(definition) == []
    assert [one.number for one in definition.questions()] == [1, 2, 3, 4, 5]
    often = definition.question("q-often")
    assert often is not None
    assert often.anchor == anchor_of("q-often")
    assert often.is_key
    assert [one.key for one in often.options] == ["o-daily", "o-weekly", "o-never"]
    better = definition.question("q-better")
    assert better is not None
    assert better.condition == Condition(
        "all", (Test("q-often", "is-any", ("o-daily", "o-weekly")),)
    )
    scale = definition.question("q-agree")
    assert scale is not None
    assert scale.settings == {
        "least": 1,
        "most": 5,
        "labels": {"1": {"en": "Not at all"}, "5": {"en": "Wholly"}},
    }
    several = definition.question("q-what")
    assert several is not None
    assert several.settings == {"most": 2}
    assert [(one.other, one.alone) for one in several.options] == [
        (False, False),
        (True, False),
        (False, True),
    ]


def test_settings_are_json_and_empty_ones_are_left_out() -> None:
    definition = read(
        section(
            "s",
            "S",
            question("number", "n", "N", least="0.50", most="10", places=2),
            question("date", "d", "D", least="2026-01-31"),
            question("short", "t", "T", limit=50, private=True),
            question("information", "i", "Read this", background="Facts."),
            question("consent", "c", "C"),
        )
    )
    found = {one.key: one for one in definition.questions()}
    assert found["n"].settings == {"least": "0.5", "most": "10", "places": 2}
    assert found["d"].settings == {"least": "2026-01-31"}
    assert found["t"].settings == {"limit": 50, "private": True}
    assert found["i"].number == 0
    assert found["c"].number == 4
    assert check_definition(definition) == []


def test_the_words_of_other_versions_join_by_block_id_whatever_their_order() -> None:
    one = stream(
        section(
            "s",
            "S",
            question("one", "a", "A", options=[option("x", "X"), option("y", "Y")]),
            question("short", "b", "B"),
        )
    )
    other = stream(
        section(
            "s",
            "甲",
            question("short", "b", "乙"),
            question("one", "a", "", options=[option("y", "歪", closed=True)]),
            question("short", "new", "新"),
        )
    )
    definition = definition_of({"zh-hant": other, "en": one}, source="en")
    assert [one.key for one in definition.questions()] == ["a", "b"]
    a, b = definition.questions()
    assert a.title == {"en": "A"}
    assert b.title == {"en": "B", "zh-hant": "乙"}
    assert definition.sections[0].title == {"en": "S", "zh-hant": "甲"}
    assert a.options[1].label == {"en": "Y", "zh-hant": "歪"}
    assert not a.options[1].closed


def test_a_test_that_was_begun_and_left_does_not_count() -> None:
    definition = read(
        section("s", "S", question("short", "a", "A", condition=when(a_test("", "answered"))))
    )
    found = definition.question("a")
    assert found is not None
    assert found.condition == Condition()
    assert condition_sentence(definition, found) == []


@pytest.mark.parametrize(
    ("test", "kind", "wanted"),
    [
        (a_test("q", "at-least", "3"), "scale", "Shown when question 1 is 3 or more."),
        (a_test("q", "at-most", "3"), "number", "Shown when question 1 is 3 or less."),
        (
            a_test("q", "at-least", "2026-01-01"),
            "date",
            "Shown when question 1 is 2026-01-01 or later.",
        ),
        (a_test("q", "answered"), "long", "Shown when question 1 is answered."),
        (a_test("q", "not-answered"), "long", "Shown when question 1 is not answered."),
        (
            a_test("gone", "answered"),
            "long",
            "Shown when a question that is not there is answered.",
        ),
    ],
)
def test_each_test_reads_as_a_sentence(test: dict[str, object], kind: str, wanted: str) -> None:
    definition = read(
        section(
            "s", "S", question(kind, "q", "Q"), question("short", "b", "B", condition=when(test))
        )
    )
    with override("en"):
        assert sentence(definition, "b") == wanted


def test_options_are_quoted_in_the_language_they_were_found_in() -> None:
    definition = read(*five_questions())
    with override("en"):
        assert sentence(definition, "q-better") == "Shown when question 1 is “Daily” or “Weekly”."
    with override("zh-hant"):
        found = definition.question("q-better")
        assert found is not None
        pieces = condition_sentence(definition, found)
        assert plain(pieces) == "當問題1是「Daily」或「Weekly」時才會顯示。"
        assert [one.language for one in pieces if one.text in {"Daily", "Weekly"}] == ["en", "en"]


def test_two_tests_are_joined_as_they_were_set() -> None:
    tests = (a_test("a", "answered"), a_test("b", "is-none", "x"))
    for join, word in (("all", " and "), ("any", ", or ")):
        definition = read(
            section(
                "s",
                "S",
                question("short", "a", "A"),
                question("one", "b", "B", options=[option("x", "X"), option("y", "Y")]),
                question("short", "c", "C", condition=when(*tests, join=join)),
            )
        )
        with override("en"):
            assert (
                sentence(definition, "c")
                == f"Shown when question 1 is answered{word}question 2 is not “X”."
            )


def test_the_lists_of_a_condition_offer_the_questions_drawn() -> None:
    value = stream(*five_questions())
    assert [one.key for one in known_questions(value)] == [
        "q-often",
        "q-what",
        "q-better",
        "q-agree",
        "q-minutes",
    ]
    widget = QuestionsWidget(QuestionsBlock())
    with override("en"):
        html = widget.render_with_errors("questions", value)
        assert "1. How often do you buy at a market?" in html
        assert "o-weekly" in html
        # The next form drawn by the same widget shows its own questions, not these.
        empty = widget.render_with_errors("questions", stream())
    assert "How often" not in empty


def test_words_are_no_longer_than_the_source_may_be() -> None:
    assert limit_of("questions.s1.questions.q1.title") == 300
    assert limit_of("questions.s1.questions.q1.options.o1.label") == 200
    assert limit_of("questions.s1.questions.q1.background") == 5000
