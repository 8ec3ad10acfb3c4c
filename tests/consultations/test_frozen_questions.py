"""Questions of a paper once it is open: what answers freeze, and what may still be done."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.utils.translation import override

from consultations.actions.paper import publish_paper
from consultations.actions.translation import save_translations
from consultations.models import ConsultationPage
from consultations.questions import definition_of_page
from consultations.translation import sentences
from core import audit
from core.exceptions import Conflict, Invalid
from participation.models import Engagement
from questionnaires.actions.definition import correct_question
from questionnaires.loading import load_definition
from questionnaires.models import Option
from questionnaires.reading import anchor_of
from tests.factories.asked import Blocks, again, asked_paper, draft_of, freeze, value_of
from tests.factories.consultations import (
    edit_paper,
    make_paper_draft,
    translate_all,
)
from tests.factories.desk import make_officer
from tests.factories.engagements import make_account
from tests.factories.questions import five_questions, option, question, when

pytestmark = pytest.mark.django_db


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
