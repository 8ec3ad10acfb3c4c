"""Where questions are shown: steps, review, mail, preview, public paper, lists, the editor."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts.models import Account
from consultations import checklist
from consultations.actions.approval import submit_paper
from consultations.cards import answering, cards
from consultations.models import ConsultationPage
from consultations.questions import definition_of_page, summary
from core import clock, jobs
from participation.models import Engagement
from questionnaires.flow import minutes
from tests.factories.consultations import make_paper, make_paper_draft
from tests.factories.desk import make_approver, make_officer
from tests.factories.engagements import make_bureau
from tests.factories.questions import five_questions, option, question, section, when
from tests.factories.questions import test_of as a_test

pytestmark = pytest.mark.django_db


def step_of(page: ConsultationPage) -> checklist.Step:
    draft = page.get_latest_revision_as_object()
    return next(one for one in checklist.steps(draft, page.engagement) if one.key == "questions")


def long_ones(count: int) -> list[dict[str, Any]]:
    return [section("s1", "Many", *(question("long", f"q{n}", f"Why {n}?") for n in range(count)))]


def text_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, response.status_code
    return re.sub(r"\s+", " ", response.content.decode())


# --- steps ----------------------------------------------------------------------------------------


def test_the_step_advises_counts_warns_and_names_what_is_wrong() -> None:
    with override("en"):
        none = step_of(make_paper_draft(translate=False))
        assert none.state is checklist.StepState.ADVISED
        good = step_of(make_paper_draft(translate=False, questions=five_questions()))
        assert good.state is checklist.StepState.DONE
        assert good.sentence.startswith("5 questions, about 2 minutes to answer. 2 key questions")
        long = step_of(make_paper_draft(translate=False, questions=long_ones(12)))
        assert long.state is checklist.StepState.ADVISED
        assert "over ten minutes" in long.sentence
        blocks = five_questions()
        blocks[0]["value"]["questions"][0]["value"]["condition"] = when(
            a_test("q-agree", "at-least", "3")
        )
        wrong = step_of(make_paper_draft(translate=False, questions=blocks))
        assert wrong.state is checklist.StepState.MISSING
        assert wrong.sentence.startswith("Question 1: A condition is about a later question.")
        only_read = [section("s1", "S", question("information", "i", "Read"))]
        empty = step_of(make_paper_draft(translate=False, questions=only_read))
        assert empty.state is checklist.StepState.MISSING


def test_the_steps_page_leads_to_the_questions(client: Client) -> None:
    officer = make_officer()
    page = make_paper_draft(by=officer, questions=five_questions())
    client.force_login(officer)
    engagement = page.engagement
    assert engagement is not None
    html = text_of(client, f"/cms/desk/{engagement.public_id}/")
    assert f"/cms/pages/{page.pk}/edit/#kf-questions" in html


def test_minutes_of_the_summary_are_the_engines() -> None:
    page = make_paper_draft(translate=False, questions=long_ones(12))
    definition = definition_of_page(page.get_latest_revision_as_object())
    assert summary(definition).minutes == minutes(definition) > 10


# --- approval -------------------------------------------------------------------------------------


def test_the_approver_reads_the_questions_in_each_language(client: Client) -> None:
    officer, approver = make_officer(), make_approver()
    page = make_paper_draft(by=officer, questions=five_questions())
    submission = submit_paper(page=page, by=officer)
    client.force_login(approver)
    html = text_of(client, f"/cms/desk/review/{submission.public_id}/")
    assert "How often do you buy at a market?" in html
    assert "譯：How often do you buy at a market?" in html
    assert "译：Weekly" in html
    shown = re.sub(r"<[^>]+>", "", html)
    assert "Shown when question 1 is “Daily” or “Weekly”." in shown


def test_the_approvers_mail_says_how_much_is_asked() -> None:
    officer = make_officer()
    make_approver()
    submit_paper(page=make_paper_draft(by=officer, questions=five_questions()), by=officer)
    jobs.drain()
    assert "5 questions, about 2 min to answer" in mail.outbox[-1].body


# --- preview and public paper ---------------------------------------------------------------------


def test_the_preview_shows_the_questions_of_the_draft(client: Client) -> None:
    officer = make_officer()
    page = make_paper_draft(by=officer, questions=five_questions())
    client.force_login(officer)
    url = reverse("wagtailadmin_pages:view_draft", args=[page.pk])
    html = text_of(client, f"{url}?mode=open")
    assert "The questions of this draft" in html
    assert "What would make it better?" in html


@pytest.mark.parametrize(
    ("opens", "closes", "wanted", "link"),
    [
        (-1, 40, "5 questions, about 2 min.", True),
        (5, 40, "You can answer once it opens.", False),
        (-40, -2, "It has closed.", False),
    ],
)
def test_the_public_paper_leads_to_the_questions_by_its_state(
    client: Client, opens: int, closes: int, wanted: str, link: bool
) -> None:
    page, engagement = make_paper(questions=five_questions(), opens=opens, closes=closes)
    html = text_of(client, engagement.paths["en"])
    asked = html[html.index('id="questions"') :]
    assert wanted in asked
    assert (f'href="/en/e/{engagement.public_id}/answer/"' in html) is link
    assert "The questions of this draft" not in html
    chinese = text_of(client, engagement.paths["zh-hant"])
    assert (f'href="/zh-hant/e/{engagement.public_id}/answer/"' in chinese) is link
    assert page.live


def test_a_paper_without_questions_says_nothing_of_them(client: Client) -> None:
    _page, engagement = make_paper()
    assert 'id="questions"' not in text_of(client, engagement.paths["en"])


def test_a_correction_stands_on_the_paper_at_once(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    from questionnaires.actions.definition import correct_question
    from questionnaires.reading import anchor_of

    _page, engagement = make_paper(questions=five_questions())
    row = engagement.questionnaires.get()
    row.frozen_at = clock.now()
    row.save()
    text_of(client, engagement.paths["en"])
    with django_capture_on_commit_callbacks(execute=True):
        correct_question(
            questionnaire=row,
            anchor=anchor_of("q-what"),
            text={"en": "We meant fresh fish."},
            by=make_officer(),
        )
    html = text_of(client, engagement.paths["en"])
    assert "Correction to question 2" in html
    assert "We meant fresh fish." in html
    assert "We meant fresh fish." in text_of(client, engagement.paths["zh-hant"])
    # And beside the question, for whoever answers now.
    answer = f"/en/e/{engagement.public_id}/answer/"
    client.post(answer, {"route": "whole"})
    part = text_of(client, f"{answer}part/1/")
    box = part[part.index(f'id="box-q-{anchor_of("q-what")}"') :]
    assert box.index("We meant fresh fish.") < box.index("What do you buy?")
    assert part.count("We meant fresh fish.") == 1


def test_cards_say_what_can_be_answered_for_one_query(
    client: Client, django_assert_num_queries: Any
) -> None:
    papers = [make_paper(questions=five_questions())[1] for _ in range(3)]
    _none, without = make_paper()
    rows = list(
        Engagement.objects.filter(pk__in=[one.pk for one in papers] + [without.pk])
        .select_related("owner", "outcome")
        .prefetch_related("phases")
    )
    with django_assert_num_queries(1):
        found = answering(rows)
    assert set(found) == {one.pk for one in papers}
    assert [one.get("questions", 0) for one in cards(rows, clock.now())].count(5) == 3
    html = text_of(client, "/en/consultations/")
    assert html.count("5 questions to answer, about 2 min") == 3


# --- the editor -----------------------------------------------------------------------------------


def editor(client: Client, page: ConsultationPage, by: Account) -> str:
    client.force_login(by)
    return text_of(client, f"/cms/pages/{page.pk}/edit/")


def test_the_editor_counts_minutes_and_reads_conditions_as_saved(client: Client) -> None:
    officer = make_officer()
    page = make_paper_draft(by=officer, questions=five_questions())
    html = editor(client, page, officer)
    assert "5 questions, about 2 minutes to answer." in html
    shown = re.sub(r"<[^>]+>", "", html)
    assert "Shown when question 1 is “Daily” or “Weekly”." in shown
    # The lists of a condition hold the saved questions before any script runs.
    assert "1. How often do you buy at a market?" in html
    assert "consultations/questions.js" in html


def posted(blocks: list[dict[str, Any]], key: str = "questions") -> dict[str, str]:
    """Blocks as the editor's form posts them."""
    data = {f"{key}-count": str(len(blocks))}
    for place, block in enumerate(blocks):
        one = f"{key}-{place}"
        data.update(
            {
                f"{one}-type": block["type"],
                f"{one}-order": str(place),
                f"{one}-deleted": "",
                f"{one}-id": block["id"],
            }
        )
        value = block["value"]
        fields = {"title": "", "intro": "", "hint": "", "background": "", "reason": "", **value}
        condition = fields.pop("condition", {"join": "all", "tests": []})
        for name, given in fields.items():
            if isinstance(given, list):
                data.update(posted(given, f"{one}-value-{name}"))
            elif given is True:
                data[f"{one}-value-{name}"] = "on"
            elif given is not False:
                data[f"{one}-value-{name}"] = str(given)
        if block["type"] in {"one", "several"} and "options" not in fields:
            data[f"{one}-value-options-count"] = "0"
        data[f"{one}-value-condition-join"] = condition["join"]
        tests = condition["tests"]
        data[f"{one}-value-condition-tests-count"] = str(len(tests))
        for at, test in enumerate(tests):
            base = f"{one}-value-condition-tests-{at}"
            data.update({f"{base}-order": str(at), f"{base}-deleted": "", f"{base}-id": test["id"]})
            for name, given in test["value"].items():
                data[f"{base}-value-{name}"] = given
    return data


def read(client: Client, page: ConsultationPage, blocks: list[dict[str, Any]]) -> dict[str, Any]:
    engagement = page.engagement
    assert engagement is not None
    response = client.post(
        f"/cms/desk/{engagement.public_id}/questions/read/",
        posted(blocks),
        headers={"accept-language": "en"},
    )
    assert response.status_code == 200, response.content
    found: dict[str, Any] = response.json()
    return found


def test_what_is_being_written_is_counted_and_read_back(client: Client) -> None:
    officer = make_officer()
    page = make_paper_draft(by=officer, translate=False)
    client.force_login(officer)
    found = read(client, page, five_questions())
    assert found["time"].startswith("5 questions, about 2 minutes to answer.")
    assert found["faults"] == []
    assert (
        "".join(one["text"] for one in found["sentences"]["q-better"])
        == "Shown when question 1 is “Daily” or “Weekly”."
    )
    assert "over ten minutes" in read(client, page, long_ones(12))["faults"][0]
    keys = [section("s1", "S", *(question("short", f"q{n}", "Q?", is_key=True) for n in range(5)))]
    assert read(client, page, keys)["faults"] == ["At most four questions may be key questions."]
    assert not page.get_latest_revision_as_object().questions


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"questions-count": "x"},
        {"questions-count": "1"},
        {"questions-count": "-5"},
        {
            "questions-count": "1",
            "questions-0-type": "section",
            "questions-0-order": "0",
            "questions-0-deleted": "",
            "questions-0-value-title": "S",
            "questions-0-value-intro": "",
            "questions-0-value-questions-count": "1",
            "questions-0-value-questions-0-type": "number",
            "questions-0-value-questions-0-order": "0",
            "questions-0-value-questions-0-deleted": "",
        },
    ],
)
def test_fields_that_no_editor_sends_break_nothing(client: Client, data: dict[str, str]) -> None:
    officer = make_officer()
    page = make_paper_draft(by=officer, translate=False)
    client.force_login(officer)
    engagement = page.engagement
    assert engagement is not None
    url = f"/cms/desk/{engagement.public_id}/questions/read/"
    assert client.post(url, data).status_code in {200, 422}


def test_the_form_refuses_at_the_block_and_saves_what_is_unfinished(client: Client) -> None:
    officer = make_officer()
    page = make_paper_draft(by=officer, translate=False)
    form_class = ConsultationPage.get_edit_handler().get_form_class()
    draft = page.get_latest_revision_as_object()
    form = form_class(instance=draft, for_user=officer, parent_page=page.get_parent())
    data = {name: form[name].value() or "" for name in form.fields}
    data.update({f"{name}-count": "0" for name in ("body", "statements", "key_dates")})

    def bound(blocks: list[dict[str, Any]]) -> Any:
        made = form_class(
            {**data, **posted(blocks)},
            instance=page.get_latest_revision_as_object(),
            for_user=officer,
            parent_page=page.get_parent(),
        )
        made.defer_required_fields()
        return made

    unfinished = [section("s1", "S", question("one", "q", "", options=[option("a", "A")]))]
    good = bound(unfinished)
    assert good.is_valid(), good.errors
    blocks = five_questions()
    blocks[0]["value"]["questions"][0]["value"]["condition"] = when(
        a_test("q-agree", "at-least", "3")
    )
    bad = bound(blocks)
    assert not bad.is_valid()
    assert list(bad.errors) == ["questions"]
    with override("en"):
        html = str(bad["questions"].as_widget())
        drawn = bad.fields["questions"].widget.render_with_errors(
            "questions", bad["questions"].value(), errors=bad.errors["questions"]
        )
    assert "How often do you buy at a market?" in html
    assert "later question" in drawn


def test_another_bureaus_officer_meets_none_of_it(client: Client) -> None:
    page = make_paper_draft(by=make_officer(), questions=five_questions())
    engagement = page.engagement
    assert engagement is not None
    client.force_login(make_officer(make_bureau("LCSD"), "other@example.org"))
    for path in ("questions/bank/", "questions/correct/"):
        assert client.get(f"/cms/desk/{engagement.public_id}/{path}").status_code == 404
    answer = client.post(f"/cms/desk/{engagement.public_id}/questions/read/", posted([]))
    assert answer.status_code == 404


def test_the_bank_is_shown_with_its_options_and_taken(client: Client) -> None:
    officer = make_officer()
    page = make_paper_draft(by=officer, questions=five_questions())
    client.force_login(officer)
    engagement = page.engagement
    assert engagement is not None
    url = f"/cms/desk/{engagement.public_id}/questions/bank/"
    html = text_of(client, url)
    assert "Sham Shui Po" in html
    assert "深水埗區" not in html or 'lang="zh-Hant-HK"' in html
    assert client.post(url, {"section": "s2"}).status_code == 422
    answer = client.post(url, {"keys": ["comments", "age-group"], "section": "s2"})
    assert answer.status_code == 302
    draft = page.get_latest_revision_as_object()
    page.refresh_from_db()
    draft = page.get_latest_revision_as_object()
    assert len(draft.questions[1].value["questions"]) == 4


def test_days_do_not_matter_to_the_time_of_a_card() -> None:
    _page, engagement = make_paper(questions=five_questions(), opens=5)
    with clock.travel(dt.timedelta(days=10)):
        assert answering([engagement])[engagement.pk]["questions"] == 5
