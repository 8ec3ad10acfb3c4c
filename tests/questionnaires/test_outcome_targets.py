"""Questions as what an outcome answers to: figures, quotes of single answers, receipts."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from core.exceptions import Invalid
from participation import material
from participation.actions import outcome_items as items
from participation.actions.outcomes import save_outcome, submit_outcome
from participation.models import OutcomeItem, OutcomeStep
from participation.outcome_faults import NotReady
from participation.outcome_reading import figure_lines, public_items
from questionnaires.actions.moderating import decide_answer
from questionnaires.actions.responses import submit_response
from questionnaires.models import Answer, Question
from tests.factories.engagements import make_engagement
from tests.factories.outcomes import SHORT, close, make_desk, make_item, publish
from tests.factories.participation import make_citizen, make_moderator
from tests.factories.questionnaires import definition, make_questionnaire, question

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked() -> Any:
    """A closed paper with two questions, answered by six; one text is public."""
    desk = make_desk(make_engagement())
    survey = make_questionnaire(
        desk.engagement, definition(question("sunday", "one"), question("ideas", "long"))
    )
    receipts = []
    for number in range(6):
        account = make_citizen(f"Neighbour {number}")
        receipts.append(
            submit_response(
                questionnaire=survey,
                answers={
                    "sunday": {"option": "yes" if number < 5 else "no"},
                    "ideas": f"Open the library on Sundays in winter too, please ({number}).",
                },
                person=account.person,
                account=account,
                publish_choice="name",
                source="address:192.0.2.1",
            )
        )
    answer = Answer.objects.filter(question__block_id="ideas").order_by("pk").first()
    assert answer is not None
    if answer.state != "published":
        decide_answer(
            public_id=answer.public_id, by=make_moderator(), version=answer.version, publish=True
        )
        answer.refresh_from_db()
    close(desk.engagement)
    keys = dict(Question.objects.values_list("block_id", "public_id"))
    return desk, answer, keys, receipts


def test_figures_of_choices_hide_what_few_chose(asked: Any, client: Client) -> None:
    desk, _answer, keys, _receipts = asked
    item = make_item(desk, "question", keys["sunday"])
    publish_with(desk, keys)
    (view, *_rest) = public_items(desk.engagement, item.outcome.__class__.objects.get(), "en")
    lines = [(line.label, line.value, line.of, line.hidden) for line in view.figures]
    # Six less five would tell of the one.
    assert ("Yes", None, None, True) in lines
    assert ("No", None, None, True) in lines
    html = client.get(f"/en/e/{desk.engagement.public_id}/outcome/").content.decode()
    assert html.count("<dd>hidden</dd>") == 2
    # One of the two is five: to call both fewer would be untrue, to call one so would tell both.
    assert "fewer than 5</dd>" not in html
    assert "Counts of fewer than 5 are hidden, and those they could be worked out from." in html


def test_nothing_is_told_of_choices_where_few_answered() -> None:
    lines = figure_lines(
        {
            "rows": [
                {"key": "answers", "value": 3, "of": None, "label": {}},
                {"key": "option", "value": 3, "of": 3, "label": {"en": "Yes"}},
                {"key": "option", "value": 0, "of": 3, "label": {"en": "No"}},
            ]
        },
        "en",
    )
    assert [(line.value, line.of, line.few) for line in lines] == [(None, None, True)] * 3


@pytest.mark.parametrize(
    ("language", "few"), [("en", "fewer than 5"), ("zh-hant", "少於5人"), ("zh-hans", "少于5人")]
)
def test_where_few_answered_every_figure_reads_fewer_than_five(
    client: Client, language: str, few: str
) -> None:
    desk = make_desk(make_engagement())
    survey = make_questionnaire(desk.engagement, definition(question("sunday", "one")))
    for number in range(3):
        account = make_citizen(f"Neighbour {number}")
        submit_response(
            questionnaire=survey,
            answers={"sunday": {"option": "yes"}},
            person=account.person,
            account=account,
            publish_choice="confidential",
            source="address:192.0.2.1",
        )
    close(desk.engagement)
    key = survey.questions.get().public_id
    item = make_item(desk, "question", key)
    client.force_login(desk.officer)
    publish(desk)
    html = client.get(f"/{language}/e/{desk.engagement.public_id}/outcome/").content.decode()
    figures = html.partition('<dl class="hk-figures">')[2].partition("</dl>")[0]
    # Received and public are the register's and always told; answered, yes, no, perhaps are not.
    assert figures.count(f"<dd>{few}</dd>") == 4
    assert "%" not in figures.replace("0%", "")
    api = client.get(f"/api/v1/consultations/{desk.engagement.public_id}/outcome").json()
    (part,) = api["parts"]
    assert part["id"] == item.public_id
    hidden = [row for row in part["figures"] if row["key"] in {"answers", "option"}]
    assert [(row["value"], row["of"]) for row in hidden] == [(None, None)] * 4


def test_sealed_answers_are_quoted_to_nobody_before_their_moment(client: Client) -> None:
    engagement = make_engagement(results_from="outcome", moderation_policy="after")
    desk = make_desk(engagement)
    survey = make_questionnaire(engagement, definition(question("ideas", "long")))
    account = make_citizen("Wai")
    receipt = submit_response(
        questionnaire=survey,
        answers={"ideas": "Sealed words of mine"},
        person=account.person,
        account=account,
        publish_choice="name",
    )
    answer = Answer.objects.get()
    key = Question.objects.get().public_id
    item = make_item(desk, "question", key)
    assert receipt.contribution is not None
    source = (receipt.contribution.public_id, answer.public_id)

    def cite() -> None:
        items.cite(engagement=engagement, item=item.public_id, sources=[source], by=desk.officer)

    # Open: not for the bureau's own officers either.
    assert material.quotable(engagement, "question", key, "") == []
    assert material.letters(engagement, "question", key).total == 0
    with pytest.raises(Invalid):
        cite()
    close(engagement)
    engagement.refresh_from_db()
    assert [one.text for one in material.quotable(engagement, "question", key, "")] == [answer.text]
    cite()
    publish(desk, OutcomeStep.HEARD)
    path = f"/en/e/{engagement.public_id}/outcome/"
    heard = client.get(path).content.decode()
    assert answer.text not in heard
    assert "is shown when the results are" in heard
    publish(desk)
    # What purges it waits for a commit that no test makes.
    cache.clear()
    assert answer.text in client.get(path).content.decode()


def publish_with(desk: Any, keys: dict[str, str]) -> None:
    for key in keys.values():
        if not OutcomeItem.objects.filter(target_key=key).exists():
            make_item(desk, "question", key)
    publish(desk)


def test_each_question_needs_its_answer(asked: Any) -> None:
    desk, _answer, keys, _receipts = asked
    make_item(desk, "question", keys["sunday"])
    save_outcome(engagement=desk.engagement, text=SHORT, by=desk.officer)
    with pytest.raises(NotReady) as caught:
        submit_outcome(engagement=desk.engagement, by=desk.officer)
    assert [fault.target for fault in caught.value.faults] == [("question", keys["ideas"])]


def test_a_public_answer_is_quoted_and_goes_when_it_is_withheld(asked: Any, client: Client) -> None:
    desk, answer, keys, receipts = asked
    item = make_item(desk, "question", keys["ideas"])
    whose = answer.response.contribution.public_id
    (found,) = material.quotable(desk.engagement, "question", keys["ideas"], "SUNDAYS winter")
    assert (found.public_id, found.part, found.text) == (whose, answer.public_id, answer.text)
    letters = material.letters(desk.engagement, "question", keys["ideas"])
    assert letters.total <= 6
    other = Answer.objects.filter(question__block_id="ideas").order_by("pk").last()
    assert other is not None
    for part in (other.public_id, ""):
        with pytest.raises(Invalid):
            items.cite(
                engagement=desk.engagement,
                item=item.public_id,
                sources=[(other.response.contribution.public_id, part)],
                by=desk.officer,
            )
    items.cite(
        engagement=desk.engagement,
        item=item.public_id,
        sources=[(whose, answer.public_id)],
        by=desk.officer,
    )
    publish_with(desk, keys)
    outcome = item.outcome.__class__.objects.get()

    def quote() -> Any:
        views = public_items(desk.engagement, outcome, "en")
        return next(view for view in views if view.quotes).quotes[0]

    assert (quote().text, quote().name) == (answer.text, "Neighbour 0")
    body = client.get(f"/en/receipts/{receipts[0].code}/").content.decode()
    assert "It quotes what you wrote." in body
    body = client.get(f"/en/receipts/{receipts[5].code}/").content.decode()
    assert "Trees are planted." in body
    answer.state = "withheld"
    answer.save(update_fields=["state"])
    assert (quote().text, quote().name) == ("", "")
    assert quote().stub
