"""The outcome through the API: what its public page shows, and nothing that the page hides."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import close_account
from core import clock
from participation.actions import outcome_items as items
from participation.actions.contributions import withdraw_contribution, withhold_contribution
from participation.actions.lateness import explain_delay
from participation.models import Contribution
from participation.outcome_api import OutcomeOut
from participation.stages import today
from questionnaires.actions.responses import submit_response
from questionnaires.models import Answer, Question
from tests.factories.accounts import make_account
from tests.factories.engagements import make_engagement
from tests.factories.outcomes import SHORT, Desk, both, close, make_desk, make_item, publish
from tests.factories.participation import make_citizen, make_public_comment
from tests.factories.questionnaires import definition, make_questionnaire, question
from tests.factories.statements import make_statement, make_votes

pytestmark = pytest.mark.django_db


def told(api: Any, desk: Desk) -> tuple[int, Any]:
    """Status and body; what is there must keep to the schema."""
    status, found = api().ask("GET", f"consultations/{desk.engagement.public_id}/outcome")
    if status == 200:
        OutcomeOut.model_validate(found)
    return status, found


def cite(desk: Desk, item: str, *sources: tuple[str, str]) -> None:
    items.cite(engagement=desk.engagement, item=item, sources=list(sources), by=desk.officer)


def quoted(author: Any = None, text: str = "More shade.") -> tuple[Desk, Contribution]:
    """A closed paper whose one part quotes one comment; nothing is published yet."""
    desk = make_desk()
    row = make_public_comment(desk.engagement, text, account=author or make_citizen("Ah Ming"))
    close(desk.engagement)
    cite(desk, make_item(desk).public_id, (row.contribution.public_id, ""))
    return desk, row.contribution


def test_nothing_is_there_before_a_step_is_published(api):
    desk, _row = quoted()
    assert told(api, desk)[0] == 404


def test_what_was_heard_comes_without_what_is_decided(api):
    desk, row = quoted()
    publish(desk, "heard")
    status, found = told(api, desk)
    assert (status, found["published_at"], found["text"]) == (200, None, {})
    assert found["heard_at"]
    (part,) = found["parts"]
    assert part["said"]["zh-hant"] == "中文：Most want trees."
    assert part["quotes"][0]["text"] == row.text
    assert (part["verdict"], part["decided"], part["change_on"]) == (None, {}, None)
    told_text = json.dumps(found)
    for hidden in ("Trees are planted.", "They give shade.", "Two hundred trees.", "adopted"):
        assert hidden not in told_text


def test_a_published_outcome_is_told_in_parts_with_the_contributions_cited(api):
    desk, row = quoted()
    publish(desk)
    status, found = told(api, desk)
    assert status == 200
    assert found["text"]["en"] == SHORT["en"]
    assert (found["days_late"], found["delay"]) == (0, None)
    (part,) = found["parts"]
    assert (part["target"]["kind"], part["target"]["key"]) == ("whole", "")
    for name, text in (
        ("asked", "Should there be trees?"),
        ("said", "Most want trees."),
        ("decided", "Trees are planted."),
        ("why", "They give shade."),
        ("change", "Two hundred trees."),
    ):
        assert both(text).items() <= part[name].items()
    assert (part["verdict"], part["change_on"]) == ("adopted", "2027-03-01")
    assert {each["key"]: each["value"] for each in part["figures"]}["received"] == 1
    (quote,) = part["quotes"]
    assert (quote["contribution"], quote["answer"]) == (row.public_id, None)
    assert (quote["text"], quote["author"], quote["hidden"]) == ("More shade.", "Ah Ming", None)
    assert quote["page"].endswith(f"#c-{row.public_id}")


@pytest.mark.parametrize("how", ["withheld", "withdrawn", "erased"])
def test_a_quote_that_is_public_no_more_leaves_its_reason_alone(api, how):
    author = make_citizen("Ah Ming")
    desk, row = quoted(author)
    publish(desk)
    if how == "erased":
        close_account(account=author)
    elif how == "withheld":
        withhold_contribution(
            contribution=row, by=make_account(), version=row.version, rule="r1", sentence=""
        )
    else:
        assert row.engagement.closes_at is not None
        with clock.freeze(row.engagement.closes_at - dt.timedelta(days=1)):
            withdraw_contribution(contribution=row, person=author.person, account=author)
    _status, found = told(api, desk)
    (quote,) = found["parts"][0]["quotes"]
    assert quote["hidden"] == how
    assert not any(quote[name] for name in quote if name != "hidden")
    for secret in ("More shade.", "Ah Ming", row.public_id):
        assert secret not in json.dumps(found)


def test_a_name_that_was_withheld_is_not_told(api):
    desk, row = quoted()
    publish(desk)
    Contribution.objects.filter(pk=row.pk).update(name_withheld=True)
    (quote,) = told(api, desk)[1]["parts"][0]["quotes"]
    assert (quote["author"], quote["name_withheld"]) == ("", True)


def _asked(number: int, results_from: str = "live") -> tuple[Desk, list[Answer]]:
    """A closed paper with one question to choose and one to write, answered by so many."""
    desk = make_desk(make_engagement(results_from=results_from, moderation_policy="after"))
    survey = make_questionnaire(
        desk.engagement, definition(question("sunday", "one"), question("ideas", "long"))
    )
    for place in range(number):
        account = make_citizen(f"Neighbour {place}")
        submit_response(
            questionnaire=survey,
            answers={
                "sunday": {"option": "no" if place == 0 else "yes"},
                "ideas": f"Words of mine, number {place}.",
            },
            person=account.person,
            account=account,
            publish_choice="name",
        )
    close(desk.engagement)
    desk.engagement.refresh_from_db()
    return desk, list(Answer.objects.filter(question__block_id="ideas").order_by("pk"))


def test_an_answer_is_quoted_by_its_own_id_and_small_counts_are_hidden(api):
    desk, answers = _asked(6)
    keys = dict(Question.objects.values_list("block_id", "public_id"))
    make_item(desk, "question", keys["sunday"])
    item = make_item(desk, "question", keys["ideas"])
    source = answers[0].response.contribution
    cite(desk, item.public_id, (source.public_id, answers[0].public_id))
    publish(desk)
    _status, found = told(api, desk)
    chosen, written = found["parts"]
    assert [chosen["target"]["key"], written["target"]["key"]] == ["sunday", "ideas"]
    counts = {each["label"].get("en", each["key"]): each for each in chosen["figures"]}
    assert counts["answers"]["value"] == 6
    # Six less five would tell of the one.
    assert (counts["Yes"]["value"], counts["Yes"]["of"]) == (None, None)
    assert (counts["No"]["value"], counts["No"]["of"]) == (None, None)
    (quote,) = written["quotes"]
    assert (quote["answer"], quote["contribution"]) == (answers[0].public_id, None)
    assert quote["text"] == answers[0].text
    # The id of a response would join answers that are shown one by one.
    assert source.public_id not in json.dumps(found)


def test_sealed_answers_are_quoted_when_the_results_are(api):
    desk, answers = _asked(1, results_from="outcome")
    item = make_item(desk, "question", Question.objects.get(block_id="ideas").public_id)
    cite(
        desk,
        item.public_id,
        (answers[0].response.contribution.public_id, answers[0].public_id),
    )
    make_item(desk, "question", Question.objects.get(block_id="sunday").public_id)
    publish(desk, "heard")
    _status, found = told(api, desk)
    assert [each["hidden"] for part in found["parts"] for each in part["quotes"]] == ["sealed"]
    assert answers[0].text not in json.dumps(found)
    assert {part["sealed"] for part in found["parts"]} == {True}
    publish(desk)
    assert answers[0].text in json.dumps(told(api, desk)[1])


def test_a_late_answer_is_told_with_its_reason_and_the_days(api):
    desk = make_desk()
    close(desk.engagement, 40, due=today(clock.now()) - dt.timedelta(days=3))
    explain_delay(
        engagement=desk.engagement,
        reason=both("The survey came late."),
        expected=today(clock.now()) + dt.timedelta(days=9),
        by=desk.officer,
    )
    make_item(desk)
    publish(desk, "heard")
    _status, found = told(api, desk)
    assert found["delay"]["reason"]["en"] == "The survey came late."
    assert found["delay"]["expected"]
    publish(desk)
    _status, found = told(api, desk)
    assert (found["days_late"], found["delay"]["expected"]) == (3, None)


def test_fifty_parts_take_the_queries_of_one(api):
    def count(number: int) -> int:
        desk = make_desk()
        statements = [make_statement(desk.engagement) for _place in range(number)]
        rows = [make_public_comment(desk.engagement, f"Text {place}.") for place in range(number)]
        for statement in statements:
            make_votes(statement, {1: 2})
        close(desk.engagement)
        for statement, row in zip(statements, rows, strict=True):
            item = make_item(desk, "statement", statement.public_id)
            cite(desk, item.public_id, (row.contribution.public_id, ""))
        publish(desk)
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            status, found = told(api, desk)
        assert status == 200
        assert len(found["parts"]) == number
        assert all(part["quotes"] for part in found["parts"])
        return len(queries)

    assert count(1) == count(50) <= 14
