"""'Try it': the real form with a draft's questions, for its own bureau, keeping nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consultations.models import ConsultationPage
from core.texts import LANGUAGES, html_lang
from participation.models import Contribution
from questionnaires.models import Answer, Draft, Question, Response
from questionnaires.reading import anchor_of
from tests.factories.consultations import make_paper_draft
from tests.factories.desk import make_administrator, make_approver, make_officer
from tests.factories.engagements import make_bureau
from tests.factories.questions import five_questions, question, section

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> ConsultationPage:
    return make_paper_draft(by=make_officer(), questions=five_questions())


def base(page: ConsultationPage, language: str = "en") -> str:
    engagement = page.engagement
    assert engagement is not None
    return f"/cms/desk/{engagement.public_id}/questions/try/{language}/"


def words(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return re.sub(r"\s+", " ", response.content.decode())


def name_of(key: str) -> str:
    return f"q-{anchor_of(key)}"


def nothing_was_kept() -> bool:
    rows = (Draft, Response, Answer, Question, Contribution)
    return not any(model._default_manager.exists() for model in rows)


def begin(
    client: Client, page: ConsultationPage, language: str = "en", route: str = "whole"
) -> Any:
    return client.post(base(page, language), {"route": route})


def test_the_draft_is_walked_from_start_to_end_and_forgotten(
    client: Client, draft: ConsultationPage
) -> None:
    client.force_login(make_officer(email="second@example.org"))
    start = words(client.get(base(draft)))
    assert "Nothing is kept or counted." in start
    assert "5 questions, about 2 min." in start
    answer = begin(client, draft)
    assert answer.status_code == 302
    assert answer.url == f"{base(draft)}1/"
    part = words(client.get(answer.url))
    assert "How often do you buy at a market?" in part
    seen = [name_of("q-often"), name_of("q-what")]
    turned = client.post(answer.url, {"seen": seen, seen[0]: "o-daily"})
    assert turned.url == f"{base(draft)}2/"
    # 'Daily' opens the third question on the first part.
    assert re.search(
        rf'id="box-{name_of("q-better")}"[^>]*(?<!hidden) data-hk-question',
        words(client.get(f"{base(draft)}1/")),
    )
    wrong = client.post(f"{base(draft)}2/", {name_of("q-minutes"): "far"})
    assert wrong.status_code == 422
    assert "Enter a number in digits" in wrong.content.decode()
    done = client.post(f"{base(draft)}2/", {name_of("q-agree"): "4", name_of("q-minutes"): "１２"})
    assert done.url == f"{base(draft)}check/"
    check = words(client.get(done.url))
    assert "Daily" in check
    assert "12" in check
    end = client.post(done.url)
    assert end.url.startswith("/cms/pages/")
    assert "Daily" not in words(client.get(f"{base(draft)}check/"))
    assert nothing_was_kept()


def test_the_short_way_asks_the_key_questions_alone(
    client: Client, draft: ConsultationPage
) -> None:
    client.force_login(make_officer(email="second@example.org"))
    url = begin(client, draft, route="key").url
    part = words(client.get(url))
    assert "How often do you buy" in part
    assert "What do you buy?" not in part


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_tried_in_each_language(
    client: Client, draft: ConsultationPage, language: str
) -> None:
    client.force_login(make_officer(email="second@example.org"))
    start = words(client.get(base(draft, language)))
    assert f'<html lang="{html_lang(language)}"' in start
    begin(client, draft, language)
    part = words(client.get(f"{base(draft, language)}1/"))
    wanted = {"en": "How often", "zh-hant": "譯：How often", "zh-hans": "译：How often"}[language]
    assert wanted in part
    assert client.get(base(draft, "fr")).status_code == 404


def test_a_later_draft_is_tried_as_it_is_now(client: Client, draft: ConsultationPage) -> None:
    from tests.factories.consultations import edit_paper

    client.force_login(make_officer(email="second@example.org"))
    begin(client, draft)
    client.post(f"{base(draft)}2/", {name_of("q-agree"): "4"})
    blocks = five_questions()
    blocks[1]["value"]["questions"].pop(0)
    edit_paper(draft, questions=blocks)
    check = words(client.get(f"{base(draft)}check/"))
    assert "Do you agree with the trial?" not in check
    assert client.get(f"{base(draft)}9/").status_code == 404
    assert nothing_was_kept()


def test_the_scripts_save_keeps_nothing(client: Client, draft: ConsultationPage) -> None:
    client.force_login(make_officer(email="second@example.org"))
    begin(client, draft)
    answer = client.post(
        f"{base(draft)}1/",
        {name_of("q-often"): "o-daily"},
        headers={"accept": "application/json"},
    )
    assert answer.json()["saved"] is True
    assert "Daily</p>" not in words(client.get(f"{base(draft)}check/"))


def test_the_approver_and_the_administrator_may_try_and_other_bureaux_not(
    client: Client, draft: ConsultationPage
) -> None:
    for account in (make_approver(), make_administrator("head@example.org")):
        client.force_login(account)
        assert client.get(base(draft)).status_code == 200
    client.force_login(make_officer(make_bureau("LCSD"), "other@example.org"))
    for path in ("", "1/", "check/"):
        assert client.get(f"{base(draft)}{path}").status_code == 404
        assert client.post(f"{base(draft)}{path}").status_code == 404


def test_without_questions_there_is_nothing_to_try(client: Client) -> None:
    officer = make_officer()
    page = make_paper_draft(by=officer, translate=False)
    client.force_login(officer)
    assert client.get(base(page)).status_code == 404


def test_a_question_that_needs_an_answer_is_named_at_the_end(client: Client) -> None:
    officer = make_officer()
    blocks = five_questions()
    blocks[1]["value"]["questions"][0]["value"].update(required=True, reason="The law asks it.")
    page = make_paper_draft(by=officer, questions=blocks)
    client.force_login(officer)
    begin(client, page)
    check = words(client.get(f"{base(page)}check/"))
    assert "The real form would not let these be sent:" in check
    assert "Do you agree with the trial?" in check


def test_many_questions_cost_no_more_queries(client: Client) -> None:
    officer = make_officer()
    client.force_login(officer)
    counts = set()
    for number in (2, 40):
        asked = (question("short", f"q{n}", f"Q{n}?") for n in range(number))
        page = make_paper_draft(by=officer, questions=[section("s", "S", *asked)], translate=False)
        begin(client, page)
        with CaptureQueriesContext(connection) as queries:
            words(client.get(f"{base(page)}1/"))
        counts.add(len(queries))
    assert len(counts) == 1, counts
