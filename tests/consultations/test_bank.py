"""The bank of standard questions: sound in three languages, taken with their words."""

import pytest

from consultations.actions.approval import submit_paper
from consultations.actions.bank import take_from_bank
from consultations.models import ConsultationPage
from consultations.questions import definition_of_page, definition_of_pages, faults
from consultations.translation import standings
from core import clock
from core.exceptions import Conflict, Invalid
from core.texts import LANGUAGES
from questionnaires.bank import BANK, block_of
from questionnaires.blocks import QuestionsBlock, limit_of
from questionnaires.flow import check_definition
from questionnaires.reading import definition_of
from tests.factories.consultations import make_paper, make_paper_draft
from tests.factories.desk import make_approver, make_officer
from tests.factories.questions import five_questions, section

KEYS = [one.key for one in BANK]


def test_every_standard_question_is_sound_and_has_its_words_in_three_languages() -> None:
    assert len(set(KEYS)) == len(KEYS) >= 10
    for question in BANK:
        block, words = block_of(question, "zh-hant")
        stream = QuestionsBlock().to_python([section("s", "S", block)])
        assert check_definition(definition_of({"zh-hant": stream})) == [], question.key
        for path, texts in words.items():
            assert set(texts) == set(LANGUAGES)
            assert all(0 < len(text) <= limit_of(path) for text in texts.values())


def test_the_district_question_names_the_eighteen() -> None:
    from participation.facets import DISTRICTS

    question = next(one for one in BANK if one.key == "district")
    names = [choice.label["en"] for choice in question.options]
    assert names[:18] == [str(label) for _key, label in DISTRICTS]


def test_taken_twice_it_is_two_questions() -> None:
    first, _words = block_of(BANK[0], "en")
    second, _more = block_of(BANK[0], "en")
    assert first["id"] != second["id"]
    assert first["value"]["options"][0]["id"] != second["value"]["options"][0]["id"]


def drafts(page: ConsultationPage) -> dict[str, ConsultationPage]:
    found = ConsultationPage.objects.filter(translation_key=page.translation_key)
    return {one.language: one.get_latest_revision_as_object() for one in found}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_what_is_taken_comes_with_its_words_in_every_language(language: str) -> None:
    officer = make_officer()
    page = make_paper_draft(by=officer, language=language, translate=False)
    before = {one.language: one.missing for one in standings(page)}
    assert take_from_bank(page=page, keys=["overall", "district"], section="", by=officer) == 2
    assert {one.language: one.missing for one in standings(page)} == before
    definition = definition_of_pages(drafts(page), language)
    assert faults(definition) == []
    overall, district = definition.questions()
    assert overall.title["zh-hant"] == "整體而言，你是否同意有關建議？"
    assert overall.title["en"] == "Overall, do you agree with the proposal?"
    assert overall.title["zh-hans"] == "整体而言，你是否同意有关建议？"
    assert district.options[6].label["zh-hans"] == "深水埗区"
    assert definition.sections[0].title["en"] == "A few general questions"


@pytest.mark.django_db
def test_it_goes_to_the_end_of_the_section_chosen_and_leaves_the_rest() -> None:
    officer = make_officer()
    page = make_paper_draft(by=officer, questions=five_questions())
    take_from_bank(page=page, keys=["heard"], section="s1", by=officer)
    definition = definition_of_page(page.get_latest_revision_as_object())
    keys = [one.key for one in definition.sections[0].questions]
    assert keys[:3] == ["q-often", "q-what", "q-better"]
    assert len(keys) == 4
    assert [one.key for one in definition.sections[1].questions] == ["q-agree", "q-minutes"]


@pytest.mark.django_db
def test_nothing_is_taken_while_it_waits_or_once_people_answered() -> None:
    officer = make_officer()
    make_approver()
    page = make_paper_draft(by=officer)
    with pytest.raises(Invalid):
        take_from_bank(page=page, keys=["unheard-of"], section="", by=officer)
    submit_paper(page=page, by=officer)
    with pytest.raises(Conflict):
        take_from_bank(page=page, keys=["heard"], section="", by=officer)
    public, engagement = make_paper(questions=five_questions(), by=officer)
    row = engagement.questionnaires.get()
    row.frozen_at = clock.now()
    row.save()
    with pytest.raises(Conflict):
        take_from_bank(page=public, keys=["heard"], section="", by=officer)
    assert len(list(definition_of_page(public.get_latest_revision_as_object()).questions())) == 5
