"""What search must not promise or repeat: rounds that one was not invited to, words withheld."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from consultations.actions.statements import propose_statement
from core import clock
from crowdtasks.panel.actions.planning import open_to_all
from crowdtasks.products.models import Round
from moderation.actions import report
from participation.models import Engagement
from search.asking import Found, ask
from search.live import Narrowing
from search.writing import differences
from tests.factories.engagements import make_account, make_engagement
from tests.factories.outcomes import close, make_desk, make_item, publish
from tests.factories.panel import make_invited, officer_of
from tests.factories.participation import decide
from tests.factories.products import make_round

pytestmark = [pytest.mark.django_db, pytest.mark.db]


def asked(text: str, *states: str) -> Found:
    narrowing = Narrowing(states=states)
    return ask(text, narrowing, sort="relevance", language="en", now=clock.now())


def rounds(*states: str) -> set[int]:
    return {hit.object_id for hit in asked("numbat", *states).hits if hit.kind == "round"}


def test_an_invited_round_is_not_what_everybody_can_take_part_in() -> None:
    _page, free = make_round(title="Numbat crossings", opens=0)
    invited: Round = make_invited(title="Numbat timetable", opens=0)
    both = {free.engagement_id, invited.engagement_id}
    assert rounds() == both
    assert rounds("open") == {free.engagement_id}
    assert asked("numbat").facets["state"]["open"] == 1
    text = Client().get("/en/search/?q=numbat+timetable").content.decode()
    assert "For those invited" in text
    assert differences() == []

    open_to_all(round=invited, account=officer_of(invited))
    assert rounds("open") == both
    assert "For those invited" not in Client().get("/en/search/?q=numbat").content.decode()
    assert differences() == []


def test_an_outcome_does_not_repeat_a_statement_that_was_withheld(
    django_capture_on_commit_callbacks: Any,
) -> None:
    engagement: Engagement = make_engagement(moderation_policy="after", paths={"en": "/en/x/"})
    account = make_account()
    said = propose_statement(
        engagement=engagement,
        person=account.person,
        account=account,
        text="Numbat crossings for everybody.",
        language="en",
    ).contribution
    decide(said)
    desk = make_desk(engagement)
    close(engagement)
    words = {"en": "Numbat crossings for everybody.", "zh-hant": "袋食蟻獸過路處"}
    make_item(desk, "statement", said.statement.public_id, asked=words)
    publish(desk)

    def outcomes() -> list[str]:
        return [hit.kind for hit in asked("numbat").hits if hit.kind == "outcome"]

    page, api = (
        f"/en/e/{engagement.public_id}/outcome/",
        f"/api/v1/consultations/{engagement.public_id}/outcome",
    )
    assert outcomes() == ["outcome"]
    assert "Numbat crossings" in Client().get(page).content.decode()
    report(
        kind="statement",
        target_id=said.public_id,
        rule="r1",
        account=None,
        reporter_key="reader:1",
    )
    # The page is kept: withholding lets it go.
    with django_capture_on_commit_callbacks(execute=True):
        decide(said, "withhold")
    assert outcomes() == []
    assert asked("trees").hits
    text = Client().get(page).content.decode()
    assert "Numbat crossings" not in text
    assert "The text quoted here is no longer public." in text
    assert "Numbat" not in Client().get(api).content.decode()
    assert differences() == []
