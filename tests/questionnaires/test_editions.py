"""A response is kept with the words its author read, also where a publication comes between."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.exceptions import Conflict, Invalid
from participation.models import Contribution, Engagement, Receipt
from questionnaires.actions.changes import values_of
from questionnaires.actions.definition import write_questionnaire
from questionnaires.actions.drafts import begin_draft, save_draft
from questionnaires.actions.responses import submit_response
from questionnaires.definition import Definition
from questionnaires.models import Draft, Questionnaire, Response
from tests.factories.engagements import make_engagement
from tests.factories.participation import make_citizen
from tests.factories.questionnaires import (
    definition,
    make_questionnaire,
    question,
    section,
    when,
    words,
)
from tests.factories.together import released_together
from tests.questionnaires.test_pages import Walk

ASKED = Definition(
    sections=(
        section("first", question("a", number=1), question("b", "scale", number=2)),
        section("second", question("c", number=3)),
    )
)


def reworded(asked: Definition = ASKED, key: str = "a", text: str = "Other words?") -> Definition:
    """The same with other words for one question."""
    return replace(
        asked,
        sections=tuple(
            replace(
                each,
                questions=tuple(
                    replace(one, title=words(text)) if one.key == key else one
                    for one in each.questions
                ),
            )
            for each in asked.sections
        ),
    )


def publish(survey: Questionnaire, asked: Definition) -> None:
    write_questionnaire(engagement=survey.engagement, definition=asked, by=None)


def written(survey: Questionnaire, **how: Any) -> Draft:
    draft = begin_draft(questionnaire=survey, person=None, language="en", source="s")
    return save_draft(draft=draft, values={"a": "My answer.", "c": "More."}, **how)


@pytest.fixture
def engagement() -> Engagement:
    return make_engagement()


@pytest.fixture
def survey(engagement: Engagement) -> Questionnaire:
    return make_questionnaire(engagement, ASKED)


# --- one after the other --------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.db
def test_what_was_reworded_is_read_again_before_it_is_sent(survey):
    citizen = make_citizen()
    draft = written(survey)
    publish(survey, reworded())
    with pytest.raises(Conflict) as caught:
        submit_response(draft=draft, person=citizen.person, account=citizen)
    assert caught.value.code == "wording_changed"
    assert caught.value.data == {"questions": ["a"]}
    assert not Response.objects.exists()
    survey.refresh_from_db()
    assert survey.frozen_at is None
    draft.refresh_from_db()
    assert draft.answers == {"a": "My answer.", "c": "More."}
    draft = save_draft(draft=draft, values={"a": "My answer."}, edition=survey.edition)
    submit_response(draft=draft, person=citizen.person, account=citizen)
    assert values_of(Response.objects.get()) == {"a": "My answer.", "c": "More."}
    survey.refresh_from_db()
    assert survey.frozen_at is not None
    with pytest.raises(Invalid):
        publish(survey, reworded(text="Other words again?"))


@pytest.mark.django_db
def test_it_holds_after_somebody_else_answered_to_the_new_words(survey):
    slow, quick = make_citizen(), make_citizen()
    draft = written(survey)
    publish(survey, reworded())
    submit_response(draft=written(survey), person=quick.person, account=quick)
    with pytest.raises(Conflict) as caught:
        submit_response(draft=draft, person=slow.person, account=slow)
    assert caught.value.code == "wording_changed"


@pytest.mark.django_db
def test_a_page_that_was_open_while_words_changed_says_what_it_showed(survey):
    citizen = make_citizen()
    before = survey.edition
    draft = written(survey)
    publish(survey, reworded())
    draft = save_draft(draft=draft, values={"a": "Still to the old words."}, edition=before)
    with pytest.raises(Conflict):
        submit_response(draft=draft, person=citizen.person, account=citizen)
    draft = save_draft(draft=draft, values={"a": "To the new."}, edition=10**6)
    assert set(draft.seen.values()) == {1, 2}
    submit_response(draft=draft, person=citizen.person, account=citizen)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        lambda asked: asked,
        lambda asked: reworded(asked, "b"),
        lambda asked: replace(
            asked,
            sections=(*asked.sections, section("third", question("new", number=4))),
        ),
        lambda asked: replace(asked, intro=words("Welcome")),
    ],
    ids=["nothing", "a question not answered", "a new question", "the welcome"],
)
def test_other_changes_ask_nobody_again(survey, change):
    citizen = make_citizen()
    draft = written(survey)
    publish(survey, change(ASKED))
    submit_response(draft=draft, person=citizen.person, account=citizen)
    assert Response.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["hint", "background", "intro", "options", "settings"])
def test_every_word_that_is_read_counts(engagement, part):
    one = question("a", "one", number=1)
    survey = make_questionnaire(engagement, definition(one))
    draft = begin_draft(questionnaire=survey, person=None, language="en", source="s")
    draft = save_draft(draft=draft, values={"a": {"option": one.options[0].key}})
    if part == "intro":
        asked = definition(one)
        asked = replace(asked, sections=(replace(asked.sections[0], intro=words("Think of it")),))
    elif part == "options":
        first, *others = one.options
        changed = replace(one, options=(replace(first, label=words("Never")), *others))
        asked = definition(changed)
    elif part == "settings":
        asked = definition(replace(one, settings={"other_limit": 20}))
    else:
        asked = definition(replace(one, **{part: words("Think of it")}))
    publish(survey, asked)
    citizen = make_citizen()
    with pytest.raises(Conflict) as caught:
        submit_response(draft=draft, person=citizen.person, account=citizen)
    assert caught.value.code == "wording_changed"


@pytest.mark.django_db
def test_an_answer_that_is_not_shown_is_not_asked_about(engagement):
    asked = definition(
        question("a", "one", number=1),
        question("b", number=2, condition=when(("a", "is-any", "yes"))),
    )
    survey = make_questionnaire(engagement, asked)
    draft = begin_draft(questionnaire=survey, person=None, language="en", source="s")
    draft = save_draft(draft=draft, values={"a": {"option": "no"}, "b": "Said before."})
    publish(survey, reworded(asked, "b"))
    citizen = make_citizen()
    submit_response(draft=draft, person=citizen.person, account=citizen)
    assert values_of(Response.objects.get()) == {"a": {"option": "no"}}


@pytest.mark.django_db
def test_a_program_says_which_words_it_read(survey, client):
    citizen = make_citizen()
    client.force_login(citizen, backend="accounts.backends.AccountBackend")
    path = f"/api/v1/consultations/{survey.engagement.public_id}"
    read = client.get(f"{path}/questions").json()["edition"]
    publish(survey, reworded())
    sent = {"answers": {"a": "To the old words."}, "edition": read}
    refused = client.post(f"{path}/responses", sent, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "wording_changed")
    assert not Contribution.objects.exists()
    sent["edition"] = client.get(f"{path}/questions").json()["edition"]
    assert sent["edition"] == read + 1
    taken = client.post(f"{path}/responses", sent, content_type="application/json")
    assert taken.status_code == 201


# --- the pages ------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "again", "changed"),
    [
        ("en", "Read these questions again", "This question was changed after you answered it."),
        ("zh-hant", "請再看一次這些問題", "你作答後，這條問題的文字有改動。"),
        ("zh-hans", "请再看一次这些问题", "你作答后，这条问题的文字有改动。"),
    ],
)
def test_the_pages_lead_through_it_and_lose_nothing(survey, language, again, changed):
    walk = Walk(survey.engagement, language)
    walk.post("", route="whole")
    walk.send(**{"q-a": "My answer.", "q-b": "4"})
    page = walk.send(**{"q-c": "More."})
    assert again not in page.text
    check = walk.at
    walk.sign_in(make_citizen())
    publish(survey, reworded())
    refused = walk.post(check, capacity="individual", publish_choice="confidential")
    assert refused.status_code == 409
    assert again in refused.text
    assert "My answer." in refused.text
    link = refused.text.split('id="reworded"')[1].split('href="')[1].split("#")[0]
    page = walk.get(link.replace("&amp;", "&"))
    assert changed in page.text
    assert "My answer." in page.text
    assert page.text.count(changed) == 1
    page = walk.send(**{"q-a": "My answer.", "q-b": "4"})
    assert again not in page.text
    walk.post(walk.at, capacity="individual", publish_choice="confidential")
    assert values_of(Response.objects.get()) == {"a": "My answer.", "b": 4, "c": "More."}


# --- at the same moment ---------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.db
@pytest.mark.parametrize(
    "number",
    [
        *range(3),
        *(pytest.param(each, marks=pytest.mark.long) for each in range(3, 30)),
    ],
)
def test_the_first_response_and_new_words_at_the_same_moment(survey, number):
    """Either the words stand and the response is in, or they are new and it is read again."""
    citizen = make_citizen()
    draft = written(survey)
    works = [
        lambda: publish(survey, reworded()),
        lambda: submit_response(draft=draft, person=citizen.person, account=citizen),
    ]
    results = released_together(works if number % 2 else works[::-1])
    published, sent = results if number % 2 else results[::-1]
    title = survey.questions.get(block_id="a").title["en"]
    if isinstance(sent, Receipt):
        assert isinstance(published, Invalid)
        assert published.code == "questions_frozen"
        assert title != "Other words?"
        assert Response.objects.count() == 1
    else:
        assert (sent.code, published) == ("wording_changed", None)
        assert title == "Other words?"
        assert not Response.objects.exists()
        draft.refresh_from_db()
        assert draft.answers == {"a": "My answer.", "c": "More."}
        survey.refresh_from_db()
        assert survey.frozen_at is None
