"""The citizen's way through a questionnaire, as a browser without scripts goes it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest

from core import clock
from participation.models import Engagement
from questionnaires.actions.changes import values_of
from questionnaires.definition import Definition
from questionnaires.models import Draft, Response
from tests.factories.engagements import make_engagement
from tests.factories.participation import make_citizen
from tests.factories.questionnaires import (
    definition,
    make_questionnaire,
    options,
    question,
)
from tests.questionnaires.walking import Walk, small

pytestmark = pytest.mark.django_db


@pytest.fixture
def engagement() -> Engagement:
    return make_engagement(title="Library hours")


@pytest.fixture
def walk(engagement: Engagement) -> Walk:
    make_questionnaire(engagement)
    return Walk(engagement)


def test_the_whole_way(walk):
    page = walk.get()
    assert "All questions" in page.text
    assert "Key questions only: 2" in page.text
    assert "/parts/" not in walk.at
    page = walk.post(route="whole")
    assert walk.at.endswith("/answer/parts/")
    assert "Part hours" in page.text
    page = walk.get("part/1/")
    assert "Part 1 of 4" in page.text
    # The answer opens a question on the same page: it comes before the next part.
    page = walk.send(**{"q-visits": "yes"})
    assert walk.at.endswith("/part/1/?more=1")
    assert walk.fragment == "box-q-branches"
    assert "opened more questions" in page.text
    walk.send(**{"q-visits": "yes", "q-branches": ["east", "elsewhere"], "q-branches-other": "Van"})
    assert walk.at.endswith("/part/2/")
    walk.send(
        **{"q-evening": "3", "q-begin_year": "2026", "q-begin_month": "12", "q-begin_day": "1"}
    )
    assert walk.at.endswith("/part/3/")
    walk.send(**{"q-ideas": "Open on Sundays.\r\nAnd late.", "q-pays": "１２．５０"})
    assert walk.at.endswith("/part/4/")
    # What needs an answer says so, and nothing is lost.
    page = walk.send(**{"q-agrees": "perhaps"})
    assert page.status_code == 422
    assert "Error:" in page.text
    assert re.search(r'value="perhaps"[^>]* checked', page.text)
    page = walk.send(**{"q-agrees": "perhaps", "q-keep": "on"})
    assert walk.at.endswith("/answer/check/")
    for said in ("Elsewhere: Van", "Open on Sundays.", "12.5", "1 December 2026", "No answer"):
        assert said in page.text
    assert page.text.count("Change<span") == 10
    page = walk.send(capacity="individual", publish_choice="confidential")
    assert "/account/sign-in/" in walk.at
    account = make_citizen()
    walk.sign_in(account)
    page = walk.get("check/")
    assert "Send your answers" in page.text
    page = walk.send(capacity="individual", publish_choice="confidential")
    assert "/receipts/" in walk.at
    assert "Open on Sundays." in page.text
    response = Response.objects.get()
    assert values_of(response)["pays"] == "12.5"
    assert values_of(response)["branches"] == {"options": ["east", "elsewhere"], "other": "Van"}
    # The draft leads to the receipt now.
    walk.get("check/")
    assert walk.at.endswith("/answer/")


def test_the_short_way_ends_at_the_same_receipt(walk):
    walk.post(route="key")
    assert walk.at.endswith("/part/1/")
    page = walk.send(**{"q-visits": "no"})
    assert walk.at.endswith("/part/2/")
    assert "Question read" not in page.text
    page = walk.send(**{"q-evening": "5"})
    assert walk.at.endswith("/check/")
    assert "more questions first" in page.text
    walk.post("route/")
    assert walk.at.endswith("/part/1/")
    assert Draft.objects.get().route == "whole"


def test_back_loses_nothing(walk):
    walk.post(route="whole")
    walk.get("part/3/")
    walk.send(go="back", **{"q-best": "Typed and not sent"})
    assert walk.at.endswith("/part/2/")
    assert Draft.objects.get().answers == {"best": "Typed and not sent"}
    assert "Typed and not sent" in walk.get("part/3/").text
    walk.get("part/1/")
    walk.send(go="back")
    assert walk.at.endswith("/answer/")


def test_another_language_keeps_what_was_typed(walk):
    walk.post(route="whole")
    walk.get("part/3/")
    chinese = walk.at.replace("/en/", "/zh-hant/")
    page = walk.client.post(
        chinese, {"switch_language": "zh-hant", "q-best": "Half a thought", "seen": ["q-best"]}
    )
    assert "Half a thought" in page.content.decode()
    assert "Question best（繁）" in page.content.decode()
    assert Draft.objects.get().answers == {}


def test_a_part_that_is_not_shown_is_passed_over(engagement):
    make_questionnaire(engagement, small())
    walk = Walk(engagement)
    walk.post(route="whole")
    walk.send(**{"q-uses": "yes"})
    walk.send(**{"q-uses": "yes", "q-often": "2"})
    assert walk.at.endswith("/part/3/")
    walk.get("part/2/")
    assert walk.at.endswith("/check/")
    walk.get("part/1/?check=1")
    # A browser sends along what was typed before and is hidden now.
    walk.send(**{"q-uses": "no", "q-often": "2"})
    page = walk.get("check/")
    assert "Question why" in page.text
    assert "Question often" not in page.text
    # What was hidden comes back with the answer that shows it.
    walk.get("part/1/?check=1")
    walk.send(**{"q-uses": "yes", "q-often": "2"})
    assert Draft.objects.get().answers["often"] == "2"


def test_changing_from_the_check_page_leads_back_to_it(walk):
    walk.post(route="key")
    walk.get("part/2/?check=1")
    walk.send(**{"q-evening": "2"})
    assert walk.at.endswith("/check/")


@pytest.mark.parametrize("place", ["0", "5", "99999999999999999999"])
def test_a_part_that_is_not_there_is_not_found(walk, place):
    walk.post(route="whole")
    assert walk.client.get(f"{walk.base}part/{place}/").status_code == 404


def test_wrong_answers_stay_to_be_mended(walk):
    walk.post(route="whole")
    walk.get("part/2/")
    page = walk.send(**{"q-begin_year": "2026", "q-begin_month": "2", "q-begin_day": "29"})
    assert page.status_code == 422
    assert 'value="29"' in page.text
    assert "Enter a real date" in page.text
    assert 'href="#id_q-begin-day"' in page.text
    assert Draft.objects.get().answers == {}


def test_what_rests_is_saved(walk):
    walk.post(route="whole")
    page = walk.client.get(f"{walk.base}part/3/").content.decode()
    was = re.search(r'name="was" value="(\w+)"', page)[1]
    found = walk.client.post(
        f"{walk.base}save/3/", {"was": was, "q-best": "A thought", "q-pays": "many"}
    ).json()
    assert (found["saved"], found["all"]) == (True, False)
    assert found["at"]
    assert Draft.objects.get().answers == {"best": "A thought"}
    # Another window has the old page still.
    late = walk.client.post(f"{walk.base}save/3/", {"was": was, "q-best": "Older"})
    assert (late.status_code, late.json()["code"]) == (409, "edited")
    again = walk.client.post(f"{walk.base}save/3/", {"was": found["was"], "q-best": "Newer"})
    assert again.json()["all"]
    assert Draft.objects.get().answers == {"best": "Newer"}


def test_saving_without_a_draft_says_so(walk):
    answer = walk.client.post(f"{walk.base}save/1/", {"q-visits": "yes"})
    assert (answer.status_code, answer.json()["saved"]) == (404, False)


def test_starting_over_forgets(walk):
    walk.post(route="whole")
    page = walk.get()
    assert "You have begun already" in page.text
    walk.post("drop/")
    assert not Draft.objects.exists()
    assert "You have begun already" not in walk.get().text


def test_no_page_is_kept_by_a_cache(walk):
    walk.post(route="whole")
    for path in ("", "parts/", "part/1/", "check/", "later/"):
        assert "no-cache" in walk.client.get(walk.base + path)["Cache-Control"]


@pytest.mark.parametrize("path", ["parts/", "part/1/", "check/", "later/"])
def test_without_a_draft_every_page_leads_to_the_start(walk, path):
    walk.get(path)
    assert walk.at.endswith("/answer/")


def test_where_nothing_is_asked_there_is_nothing():
    walk = Walk(make_engagement())
    assert walk.client.get(walk.base).status_code == 404
    empty = make_engagement()
    make_questionnaire(empty, Definition(sections=()))
    assert Walk(empty).client.get(Walk(empty).base).status_code == 404


# --- time ---------------------------------------------------------------------------------------


def test_after_the_grace_the_answers_can_be_read_and_no_longer_sent(walk, engagement):
    walk.post(route="whole")
    walk.get("part/3/")
    walk.send(**{"q-best": "Not in time"})
    closes = engagement.closes_at
    with clock.freeze(closes + dt.timedelta(minutes=29, seconds=59)):
        assert "you may still send" in walk.get("part/3/").text
    with clock.freeze(closes + dt.timedelta(minutes=30)):
        for path in ("part/3/", "check/"):
            page = walk.get(path)
            assert "Not sent in time" in page.text
            assert "Not in time" in page.text
        page = walk.client.post(f"{walk.base}part/3/", {"q-best": "Later still", "seen": "q-best"})
        assert page.status_code == 409
        assert "Later still" in page.content.decode()


def test_after_the_close_nobody_begins(walk, engagement):
    with clock.freeze(engagement.closes_at):
        page = walk.get()
        assert page.status_code == 409
        assert walk.client.post(walk.base, {"route": "whole"}).status_code == 409
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            {
                "id_q-far": "“1. How far &lt;b&gt; is it? xxx",
                "id_q-agrees": "“2. Question agrees”: ",
            },
        ),
        ("zh-hant", {"id_q-far": "「1. ", "id_q-agrees": "「2. Question agrees（繁）」："}),
    ],
)
def test_the_error_summary_names_each_question_and_leads_to_it(
    engagement: Engagement, language: str, lines: dict[str, str]
) -> None:
    far = replace(
        question("far", "number", number=1), title={"en": "How far <b> is it? " + "x" * 200}
    )
    agrees = question("agrees", "one", number=2, required=True, options=options("yes", "no"))
    make_questionnaire(engagement, definition(far, agrees))
    walk = Walk(engagement, language)
    walk.post(route="whole")
    page = walk.send(**{"q-far": "a long way"})
    assert page.status_code == 422
    summary = page.text.split("govuk-error-summary__list")[1].split("</ul>")[0]
    found = dict(re.findall(r'<a href="#([\w-]+)">(.*?)</a>', summary))
    assert set(found) == set(lines)
    for anchor, begins in lines.items():
        assert found[anchor].startswith(begins)
        assert len(found[anchor]) > len(begins)
        assert page.text.count(f'id="{anchor}"') == 1
    assert "x…" in found["id_q-far"]
    assert "x" * 60 not in found["id_q-far"]
    if language != "en":
        assert '<span lang="en">How far' in found["id_q-far"]
