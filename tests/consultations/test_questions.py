"""Questions of a paper: written with it, translated with it, published with it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consultations.actions.paper import publish_paper
from consultations.actions.translation import save_translations
from consultations.models import ConsultationPage
from consultations.questions import definition_of_page
from consultations.translation import sentences, standings
from core import audit
from core.exceptions import Invalid
from questionnaires.editing import block_errors, faults
from questionnaires.flow import WHOLE, minutes
from questionnaires.loading import load_definition
from questionnaires.models import Option, Question, Questionnaire
from questionnaires.reading import anchor_of
from tests.factories.asked import again, asked_paper, draft_of, value_of
from tests.factories.consultations import (
    edit_paper,
    make_paper,
    make_paper_draft,
)
from tests.factories.desk import make_officer
from tests.factories.questions import five_questions, option, question, section, when
from tests.factories.questions import test_of as a_test

pytestmark = pytest.mark.django_db


@pytest.mark.db
def test_publishing_writes_one_row_a_block_with_words_in_three_languages() -> None:
    _page, row = asked_paper()
    assert [one.block_id for one in row.sections.all()] == ["s1", "s2"]
    rows = list(row.questions.all())
    assert [(one.block_id, one.number, one.kind) for one in rows] == [
        ("q-often", 1, "one"),
        ("q-what", 2, "several"),
        ("q-better", 3, "long"),
        ("q-agree", 4, "scale"),
        ("q-minutes", 5, "number"),
    ]
    assert rows[0].title == {
        "en": "How often do you buy at a market?",
        "zh-hant": "譯：How often do you buy at a market?",
        "zh-hans": "译：How often do you buy at a market?",
    }
    assert rows[0].anchor == anchor_of("q-often")
    assert rows[3].settings["labels"]["5"]["zh-hans"] == "译：Wholly"
    assert rows[4].settings["unit"]["zh-hant"] == "譯：minutes"
    assert rows[2].condition == {
        "join": "all",
        "tests": [{"question": "q-often", "test": "is-any", "values": ["o-daily", "o-weekly"]}],
    }
    assert [one.label["en"] for one in rows[1].options.all()] == [
        "Fish",
        "Something else",
        "Nothing",
    ]
    assert row.intro["zh-hant"] == "譯：Why."
    assert row.asked == 5
    assert row.minutes == minutes(load_definition(row), WHOLE)
    assert row.key_minutes >= 1
    assert audit.verify().ok


def test_the_rows_read_back_as_what_was_written() -> None:
    page, row = asked_paper()
    loaded = load_definition(row)
    written = definition_of_page(page)
    for key in ("q-often", "q-what", "q-better", "q-agree", "q-minutes"):
        there, here = loaded.question(key), written.question(key)
        assert there is not None
        assert here is not None
        assert there.condition == here.condition
        assert there.title["en"] == here.title["en"]
        assert [one.key for one in there.options] == [one.key for one in here.options]


def test_a_paper_without_questions_has_no_questionnaire() -> None:
    make_paper()
    assert not Questionnaire.objects.exists()


@pytest.mark.db
def test_before_anybody_answered_everything_may_change_and_nothing_is_deleted() -> None:
    page, row = asked_paper()
    blocks = five_questions()
    del blocks[0]["value"]["questions"][1]
    value_of(blocks, 0, 0)["title"] = "How often do you shop?"
    del value_of(blocks, 0, 0)["options"][2]
    blocks[1]["value"]["questions"].append(question("short", "q-new", "Anything else?"))
    again(page, blocks)
    assert row.questions.count() == 6
    gone = row.questions.get(block_id="q-what")
    assert gone.retired_at is not None
    often = row.questions.get(block_id="q-often")
    assert often.title["en"] == "How often do you shop?"
    assert often.options.get(block_id="o-never").closed_at is not None
    assert [one.key for one in load_definition(row).questions()] == [
        "q-often",
        "q-better",
        "q-agree",
        "q-minutes",
        "q-new",
    ]
    # Taken back in, it is the same row.
    again(page, five_questions())
    back = row.questions.get(block_id="q-what")
    assert (back.pk, back.retired_at) == (gone.pk, None)
    assert often.options.get(block_id="o-never").closed_at is None
    assert not row.engagement.public_notices.filter(kind="corrected").exists()


def test_publishing_again_unchanged_writes_no_row() -> None:
    page, _row = asked_paper()
    before = list(Question.objects.values()) + list(Option.objects.values())
    publish_paper(page=page, by=None)
    assert before == list(Question.objects.values()) + list(Option.objects.values())


def _more(count: int) -> dict[str, Any]:
    return section(
        "s3",
        "More",
        *(
            question(
                "one",
                f"m{number}",
                f"Question {number}?",
                options=[option(f"m{number}-a", "A"), option(f"m{number}-b", "B")],
            )
            for number in range(count)
        ),
    )


@pytest.mark.db
def test_how_many_questions_there_are_costs_no_queries() -> None:
    from questionnaires.actions.definition import write_questionnaire

    spent = []
    # SQLite takes at most 999 values a statement: sixty would only count its batches.
    for count in (1, 20):
        page, row = asked_paper()
        edit_paper(page, questions=[*five_questions(), _more(count)])
        definition = definition_of_page(page.get_latest_revision_as_object())
        with CaptureQueriesContext(connection) as queries:
            write_questionnaire(engagement=row.engagement, definition=definition, by=None)
        assert row.questions.count() == 5 + count
        spent.append(len(queries))
    assert spent[0] == spent[1] <= 30


# --- translation ----------------------------------------------------------------------------------


def test_words_are_to_be_translated_and_structure_is_not() -> None:
    page = make_paper_draft(questions=five_questions(), translate=False)
    mine = [one for one in sentences(page) if one.path.startswith("questions.")]
    assert "How often do you buy at a market?" in [one.source for one in mine]
    assert "Weekly" in [one.source for one in mine]
    assert not any("o-daily" in one.source or one.source == "all" for one in mine)
    count = len(mine)
    blocks = five_questions()
    value_of(blocks, 0, 0)["options"][2]["value"]["closed"] = True
    value_of(blocks, 0, 2)["condition"] = when(a_test("q-often", "answered"))
    value_of(blocks, 1, 0)["required"] = True
    edit_paper(page, questions=blocks)
    assert len([one for one in sentences(page) if one.path.startswith("questions.")]) == count
    other = draft_of(page, "zh-hant").questions
    assert other[0].value["questions"][0].value["options"][2].value["closed"]
    assert other[1].value["questions"][0].value["required"]
    assert other[0].value["questions"][2].id == "q-better"
    assert other[0].value["questions"][2].value["condition"]["tests"][0]["name"] == "answered"


def test_simplified_words_follow_the_traditional_ones() -> None:
    page = make_paper_draft(questions=five_questions())
    simplified = draft_of(page, "zh-hans").questions
    assert simplified[0].value["questions"][0].value["options"][0].value["label"] == "译：Daily"
    standing = {one.language: one for one in standings(page)}
    assert standing["zh-hant"].is_complete


def test_a_translated_word_is_no_longer_than_its_field() -> None:
    page = make_paper_draft(questions=five_questions())
    row = next(one for one in sentences(page) if one.source == "Weekly")
    with pytest.raises(Invalid):
        save_translations(
            page=page, language="zh-hant", texts={row.key: "長" * 201}, by=make_officer()
        )


# --- what does not hold together ------------------------------------------------------------------


def test_an_unsound_questionnaire_is_refused_before_anything_is_written() -> None:
    blocks = five_questions()
    value_of(blocks, 0, 0)["condition"] = when(a_test("q-agree", "at-least", "3"))
    page = make_paper_draft(questions=blocks)
    with pytest.raises(Invalid) as refused:
        publish_paper(page=page, by=None)
    assert refused.value.field == "questions"
    assert refused.value.data["question"] == "q-often"
    assert not Questionnaire.objects.exists()
    assert not ConsultationPage.objects.live().exists()


def test_unfinished_questions_may_be_saved_but_not_published() -> None:
    blocks = [section("s1", "One", question("one", "q", "Which?", options=[option("a", "A")]))]
    page = make_paper_draft(questions=blocks)
    draft = page.get_latest_revision_as_object()
    assert faults(definition_of_page(draft), unfinished=False) == []
    with pytest.raises(Invalid) as refused:
        publish_paper(page=page, by=None)
    assert refused.value.field == "questions"


def test_each_fault_is_shown_at_its_block() -> None:
    blocks = five_questions()
    value_of(blocks, 0, 0)["condition"] = when(a_test("q-agree", "at-least", "3"))
    value_of(blocks, 1, 0)["required"] = True
    page = make_paper_draft(questions=blocks)
    draft = page.get_latest_revision_as_object()
    found = faults(definition_of_page(draft))
    data = block_errors(draft.questions, found).as_json_data()["blockErrors"]
    first = data[0]["blockErrors"]["questions"]["blockErrors"][0]["blockErrors"]
    assert "later question" in str(first["condition"])
    scale = data[1]["blockErrors"]["questions"]["blockErrors"][0]["blockErrors"]
    assert scale["reason"]["messages"]


def test_five_key_questions_are_refused_at_the_fifth() -> None:
    blocks = [
        section("s1", "One", *(question("short", f"q{n}", f"Q{n}?", is_key=True) for n in range(5)))
    ]
    page = make_paper_draft(questions=blocks)
    draft = page.get_latest_revision_as_object()
    (fault,) = faults(definition_of_page(draft))
    assert (fault.question, fault.field) == ("q4", "is_key")
