"""Questions of a paper: written with it, translated with it, published with it, then frozen."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from consultations.actions.paper import publish_paper
from consultations.actions.translation import save_translations
from consultations.models import ConsultationPage
from consultations.questions import block_errors, definition_of_page, faults
from consultations.translation import sentences, standings
from core import audit, clock
from core.exceptions import Conflict, Invalid
from participation.models import Engagement
from questionnaires.actions.definition import correct_question
from questionnaires.flow import WHOLE, minutes
from questionnaires.loading import load_definition
from questionnaires.models import Option, Question, Questionnaire
from questionnaires.reading import anchor_of
from tests.factories.consultations import (
    edit_paper,
    make_paper,
    make_paper_draft,
    translate_all,
)
from tests.factories.desk import make_officer
from tests.factories.engagements import make_account
from tests.factories.questions import five_questions, option, question, section, when
from tests.factories.questions import test_of as a_test

pytestmark = pytest.mark.django_db

Blocks = list[dict[str, Any]]


def asked_paper(**fields: Any) -> tuple[ConsultationPage, Questionnaire]:
    page, engagement = make_paper(questions=five_questions(), questions_intro="Why.", **fields)
    return page, engagement.questionnaires.get()


def freeze(row: Questionnaire) -> None:
    row.frozen_at = clock.now()
    row.save(update_fields=["frozen_at"])
    audit.record("questionnaire.freeze", actor=audit.SYSTEM, rows=[row])


def again(page: ConsultationPage, blocks: Blocks) -> None:
    """Save other questions, translate what is new, publish."""
    edit_paper(page, questions=blocks)
    translate_all(page, make_account())
    publish_paper(page=page, by=None)


def value_of(blocks: Blocks, place: int, below: int) -> dict[str, Any]:
    found: dict[str, Any] = blocks[place]["value"]["questions"][below]["value"]
    return found


def draft_of(page: ConsultationPage, language: str) -> ConsultationPage:
    found = ConsultationPage.objects.get(
        translation_key=page.translation_key, locale__language_code=language
    )
    draft: ConsultationPage = found.get_latest_revision_as_object()
    return draft


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


# --- frozen ---------------------------------------------------------------------------------------


def reworded(blocks: Blocks) -> None:
    value_of(blocks, 0, 0)["title"] = "How seldom?"


def hinted(blocks: Blocks) -> None:
    value_of(blocks, 0, 0)["hint"] = "Think of last month."


def relabelled(blocks: Blocks) -> None:
    value_of(blocks, 0, 0)["options"][0]["value"]["label"] = "Every day"


def removed_option(blocks: Blocks) -> None:
    del value_of(blocks, 0, 1)["options"][0]


def new_option(blocks: Blocks) -> None:
    value_of(blocks, 0, 0)["options"].append(option("o-new", "Monthly"))


def options_turned(blocks: Blocks) -> None:
    value_of(blocks, 0, 0)["options"].reverse()


def other_condition(blocks: Blocks) -> None:
    value_of(blocks, 0, 2)["condition"] = when()


def other_limit(blocks: Blocks) -> None:
    value_of(blocks, 0, 1)["most"] = 1


def other_scale(blocks: Blocks) -> None:
    value_of(blocks, 1, 0)["most"] = 7


def other_end(blocks: Blocks) -> None:
    value_of(blocks, 1, 0)["most_label"] = "Entirely"


def now_required(blocks: Blocks) -> None:
    value_of(blocks, 1, 1).update(required=True, reason="We must.")


def other_kind(blocks: Blocks) -> None:
    blocks[0]["value"]["questions"][2]["type"] = "short"


def new_question(blocks: Blocks) -> None:
    blocks[1]["value"]["questions"].append(question("short", "q-new", "More?"))


def questions_turned(blocks: Blocks) -> None:
    blocks[1]["value"]["questions"].reverse()


def moved(blocks: Blocks) -> None:
    blocks[0]["value"]["questions"].append(blocks[1]["value"]["questions"].pop(0))


def section_reworded(blocks: Blocks) -> None:
    blocks[0]["value"]["title"] = "Shopping"


@pytest.mark.db
@pytest.mark.parametrize(
    "change",
    [
        reworded,
        hinted,
        relabelled,
        removed_option,
        new_option,
        options_turned,
        other_condition,
        other_limit,
        other_scale,
        other_end,
        now_required,
        other_kind,
        new_question,
        questions_turned,
        moved,
        section_reworded,
    ],
)
def test_once_answered_no_change_of_meaning_gets_through(change: Any) -> None:
    page, row = asked_paper()
    freeze(row)
    before = load_definition(row)
    blocks = five_questions()
    change(blocks)
    with pytest.raises(Invalid) as refused:
        again(page, blocks)
    assert refused.value.field == "questions"
    assert "answered" in str(refused.value)
    assert load_definition(row) == before
    live = ConsultationPage.objects.get(pk=page.pk)
    assert definition_of_page(live).question("q-often").title["en"].startswith("How often")  # type: ignore[union-attr]


def test_once_answered_a_translation_keeps_its_words_too() -> None:
    page, row = asked_paper()
    freeze(row)
    sentence = next(one for one in sentences(page) if one.source == "Weekly")
    with pytest.raises(Invalid):
        save_translations(
            page=page, language="zh-hant", texts={sentence.key: "每星期"}, by=make_officer()
        )
    assert "譯：Weekly" in str(draft_of(page, "zh-hant").questions)
    # What else was translated may still be corrected.
    title = next(one for one in sentences(page) if one.path == "title")
    save_translations(page=page, language="zh-hant", texts={title.key: "新標題"}, by=make_officer())
    assert draft_of(page, "zh-hant").title == "新標題"


def test_a_version_that_joins_after_the_first_answer_is_no_change() -> None:
    from tests.factories.consultations import today

    page = make_paper_draft(questions=five_questions(), translate=False, versions_follow_on=today())
    engagement = publish_paper(page=page, by=None)
    row = engagement.questionnaires.get()
    freeze(row)
    translate_all(page, make_account())
    publish_paper(page=page, by=None)
    assert row.questions.get(block_id="q-often").title["zh-hant"].startswith("譯")
    assert not engagement.public_notices.exists()


@pytest.mark.db
def test_once_answered_an_option_can_be_closed_and_is_announced() -> None:
    page, row = asked_paper()
    freeze(row)
    blocks = five_questions()
    value_of(blocks, 0, 0)["options"][2]["value"]["closed"] = True
    again(page, blocks)
    assert row.questions.get(block_id="q-often").options.get(block_id="o-never").closed_at
    notice = row.engagement.public_notices.get(kind="corrected")
    assert notice.text["en"] == "1 option of question 1 was closed."
    assert notice.data["questions"] == [anchor_of("q-often")]
    again(page, five_questions())
    assert row.engagement.public_notices.filter(kind="corrected").count() == 2
    assert Option.objects.get(block_id="o-never").closed_at is None


@pytest.mark.db
def test_once_answered_a_question_can_be_taken_away_and_is_announced() -> None:
    page, row = asked_paper()
    freeze(row)
    blocks = five_questions()
    del blocks[0]["value"]["questions"][1]
    again(page, blocks)
    gone = row.questions.get(block_id="q-what")
    assert gone.retired_at is not None
    assert gone.options.filter(closed_at=None).count() == 3
    notice = row.engagement.public_notices.get(kind="corrected")
    assert notice.text["en"] == "Question 2 is no longer asked."


def test_one_that_others_depend_on_cannot_be_taken_away() -> None:
    page, row = asked_paper()
    freeze(row)
    blocks = five_questions()
    del blocks[0]["value"]["questions"][0]
    with pytest.raises(Invalid):
        again(page, blocks)
    assert row.questions.filter(retired_at=None).count() == 5


def test_a_correction_is_public_and_leaves_the_words() -> None:
    _page, row = asked_paper()
    officer = make_officer()
    anchor = anchor_of("q-often")
    with pytest.raises(Conflict):
        correct_question(questionnaire=row, anchor=anchor, text={"en": "Wrong."}, by=officer)
    freeze(row)
    with pytest.raises(Invalid):
        correct_question(questionnaire=row, anchor="q-0000000000", text={"en": "X"}, by=officer)
    with pytest.raises(Invalid):
        correct_question(questionnaire=row, anchor=anchor, text={"zh-hant": "錯"}, by=officer)
    notice = correct_question(
        questionnaire=row, anchor=anchor, text={"en": "We mean wet markets."}, by=officer
    )
    assert notice.kind == "corrected"
    assert notice.data == {"questions": [anchor], "numbers": [1]}
    question_row = row.questions.get(anchor=anchor)
    assert question_row.title["en"] == "How often do you buy at a market?"
    assert audit.verify().ok


def test_sentences_of_refusals_are_in_the_officers_language() -> None:
    page, row = asked_paper()
    freeze(row)
    blocks = copy.deepcopy(five_questions())
    reworded(blocks)
    edit_paper(page, questions=blocks)
    translate_all(page, make_account())
    with override("zh-hant"), pytest.raises(Invalid) as refused:
        publish_paper(page=page, by=None)
    with override("zh-hant"):
        assert "已有人" in str(refused.value)


def test_who_may_answer_stands_once_it_is_open() -> None:
    page, _row = asked_paper()
    edit_paper(page, answer_level=3)
    with pytest.raises(Invalid) as refused:
        publish_paper(page=page, by=None)
    assert refused.value.field == "answer_level"
    before, _later = asked_paper(opens=5)
    edit_paper(before, answer_level=3)
    assert publish_paper(page=before, by=None).levels["answer"] == 3


def test_the_engagement_says_who_may_answer() -> None:
    _page, row = asked_paper(answer_level=0)
    engagement = Engagement.objects.get(pk=row.engagement_id)
    assert engagement.levels["answer"] == 0
    assert engagement.levels["comment"] == 1
