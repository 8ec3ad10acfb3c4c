"""The citizen's way through a questionnaire, as a browser without scripts goes it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import Account
from core import clock
from notifications.models import Notice
from participation.actions.contributions import withdraw_contribution
from participation.models import Engagement, Receipt
from questionnaires.actions.changes import values_of
from questionnaires.definition import Definition
from questionnaires.models import AboutYou, Draft, Option, Response
from tests.factories.engagements import make_engagement
from tests.factories.participation import make_citizen, make_moderator
from tests.factories.questionnaires import (
    definition,
    levels,
    make_questionnaire,
    many,
    options,
    question,
    section,
    when,
    words,
)

pytestmark = pytest.mark.django_db
BACKEND = "accounts.backends.AccountBackend"


class Walk:
    """One visit: goes to pages, sends forms, follows redirects by hand."""

    def __init__(self, engagement: Engagement, language: str = "en") -> None:
        self.client = Client()
        self.language = language
        self.base = f"/{language}/e/{engagement.public_id}/answer/"
        self.at = ""

    def get(self, path: str = "") -> Any:
        return self._follow(self.client.get(path if path.startswith("/") else self.base + path))

    def post(self, path: str = "", **data: Any) -> Any:
        where = path if path.startswith("/") else self.base + path
        return self._follow(self.client.post(where, data))

    def send(self, **data: Any) -> Any:
        """Send the form of the page that is open, with its hidden fields and what was shown."""
        page = self.client.get(self.at).content.decode()
        hidden = {
            name: re.search(rf'name="{name}" value="(\w+)"', page) for name in ("was", "edition")
        }
        fields: dict[str, Any] = {name: found[1] for name, found in hidden.items() if found}
        fields["seen"] = re.findall(r'name="seen" value="([\w-]+)">', page)
        return self.post(self.at, **{**fields, **data})

    def _follow(self, response: Any) -> Any:
        for _step in range(5):
            if response.status_code not in (301, 302):
                break
            self.at = response["Location"].split("#")[0]
            self.fragment = response["Location"].partition("#")[2]
            response = self.client.get(self.at)
        else:
            raise AssertionError("It never ends.")
        self.at = response.wsgi_request.get_full_path()
        response.text = response.content.decode()
        return response

    def sign_in(self, account: Account) -> None:
        """Signing in, as it keeps what the session held."""
        kept = {k: self.client.session[k] for k in ("drafts",) if k in self.client.session}
        self.client.force_login(account, backend=BACKEND)
        session = self.client.session
        session.update(kept)
        session.save()


@pytest.fixture
def engagement() -> Engagement:
    return make_engagement(title="Library hours")


@pytest.fixture
def walk(engagement: Engagement) -> Walk:
    make_questionnaire(engagement)
    return Walk(engagement)


def small() -> Definition:
    """Three parts, a condition within the first and one across."""
    return Definition(
        sections=(
            section(
                "one",
                question("uses", "one", number=1, options=options("yes", "no")),
                question("often", "number", number=2, condition=when(("uses", "is-any", "yes"))),
            ),
            section(
                "two",
                question("why", "long", number=3, condition=when(("uses", "is-any", "no"))),
            ),
            section("three", question("more", "short", number=4)),
        )
    )


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


def test_a_killed_tab_comes_back_by_the_mailed_link(walk, engagement):
    walk.post(route="whole")
    walk.get("part/3/")
    walk.send(go="later", **{"q-best": "Before the tab died"})
    assert walk.at.endswith("/later/")
    page = walk.send(email="reader@example.com")
    assert "on its way" in page.text
    path = Notice.objects.get(kind="draft-link").path
    elsewhere = Walk(engagement)
    page = elsewhere.get(path)
    assert "Before the tab died" in elsewhere.get("part/3/").text
    assert Walk(engagement).client.get(path[:-4] + "AAA/").status_code == 404


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


# --- signing ------------------------------------------------------------------------------------


def ready(engagement: Engagement, account: Account | None, asked: Definition | None = None) -> Walk:
    """A visit that has answered and stands at the check page."""
    make_questionnaire(engagement, asked or definition(question("a", number=1)))
    walk = Walk(engagement)
    if account:
        walk.sign_in(account)
    walk.post(route="whole")
    walk.send(**{"q-a": "Said"})
    assert walk.at.endswith("/check/")
    return walk


def test_the_default_is_not_published(engagement):
    page = ready(engagement, make_citizen()).get("check/")
    assert re.search(r'value="confidential" checked', page.text)
    assert re.search(r'value="individual" checked', page.text)


def test_what_was_chosen_survives_signing_in(engagement):
    walk = ready(engagement, None)
    walk.send(capacity="organisation", organisation="Reading <Circle>", publish_choice="name")
    walk.sign_in(make_citizen())
    page = walk.get("check/")
    assert 'value="Reading &lt;Circle&gt;"' in page.text
    walk.send(capacity="organisation", organisation="Reading <Circle>", publish_choice="name")
    assert Response.objects.get().organisation == "Reading <Circle>"


def test_a_refused_name_keeps_everything(engagement):
    walk = ready(engagement, make_citizen())
    page = walk.send(capacity="individual", publish_choice="alias", alias="Police Bureau")
    assert page.status_code == 422
    assert "Police Bureau" in page.text
    assert "Said" in page.text


def test_where_anyone_may_answer_nobody_signs_in_and_the_visit_keeps_its_copy():
    walk = ready(make_engagement(levels=levels(0)), None)
    page = walk.get("check/")
    assert 'value="name"' in page.text
    page = walk.send(capacity="individual", publish_choice="confidential")
    assert "/receipts/" in walk.at
    assert "Said" in page.text
    receipt = Receipt.objects.get()
    copy = walk.client.get(f"{walk.base}copy/{receipt.code}/")
    assert "Said" in copy.content.decode()
    assert "attachment" in copy["Content-Disposition"]
    stranger = Walk(receipt.engagement)
    assert "Said" not in stranger.get(walk.at).text
    assert stranger.client.get(f"{walk.base}copy/{receipt.code}/").status_code == 302


def test_a_second_response_is_said_before_it_replaces(engagement):
    account = make_citizen()
    walk = ready(engagement, account)
    walk.send(capacity="individual", publish_choice="confidential")
    page = walk.get()
    assert "You sent your answers" in page.text
    walk.post(route="whole")
    page = walk.send(**{"q-a": "Said again"})
    assert "replaces them" in page.text
    walk.send(capacity="individual", publish_choice="confidential", replace="1")
    assert Response.objects.count() == 1
    assert values_of(Response.objects.get()) == {"a": "Said again"}


def test_signing_in_that_gives_no_level_is_said_and_leads_round_no_circle(engagement):
    make_questionnaire(engagement, definition(question("a", number=1)))
    account = make_citizen()
    account.person.level = 0
    account.person.save()
    begun = Walk(engagement)
    begun.post(route="whole")
    begun.send(**{"q-a": "Said"})
    begun.sign_in(account)
    page = begun.get("check/")
    assert begun.at.endswith("/check/")
    page = begun.send(capacity="individual", publish_choice="confidential")
    assert page.status_code in {401, 403}
    assert "Said" in page.text
    # Signed in already, it is said before anything is written.
    later = Walk(engagement)
    later.sign_in(account)
    assert later.client.post(later.base, {"route": "whole"}).status_code in {401, 403}


def test_a_verified_person_may_be_asked_for(engagement):
    strict = make_engagement(levels=levels(3))
    make_questionnaire(strict, definition(question("a")))
    walk = Walk(strict)
    assert walk.get().status_code == 200
    walk.post(route="whole")
    walk.send(**{"q-a": "Said"})
    walk.sign_in(make_citizen())
    page = walk.get("check/")
    assert "verified" in page.text
    page = walk.send(capacity="individual", publish_choice="confidential")
    assert page.status_code == 403
    assert "Said" in page.text


def test_an_option_closed_meanwhile_is_led_to(engagement):
    asked = definition(question("a", "one", number=1, options=options("x", "y", "z")))
    make_questionnaire(engagement, asked)
    walk = Walk(engagement)
    walk.sign_in(make_citizen())
    walk.post(route="whole")
    walk.send(**{"q-a": "y"})
    Option.objects.filter(block_id="y").update(closed_at=clock.now())
    page = walk.get("check/")
    assert "was closed" in page.text
    assert "part/1/?check=1#box-q-a" in page.text


# --- afterwards ---------------------------------------------------------------------------------


def test_changing_and_withdrawing_from_the_receipt(engagement):
    account = make_citizen()
    walk = ready(engagement, account)
    walk.send(capacity="individual", publish_choice="confidential")
    receipt = walk.at
    code = Receipt.objects.get().code
    page = walk.get(receipt)
    assert f"/answer/change/{code}/" in page.text
    walk.post(f"change/{code}/")
    assert walk.at.endswith("/check/")
    walk.get("part/1/?check=1")
    page = walk.send(**{"q-a": "Said better"})
    assert "You are changing answers" in page.text
    walk.send(capacity="individual", publish_choice="confidential")
    assert walk.at == receipt
    response = Response.objects.get()
    assert values_of(response) == {"a": "Said better"}
    page = walk.get(f"/en/contributions/{response.contribution.public_id}/withdraw/")
    assert "Said better" in page.text
    withdraw_contribution(
        contribution=response.contribution, person=account.person, account=account
    )
    page = walk.get(receipt)
    assert "Withdrawn" in page.text
    assert "/answer/change/" not in page.text


def test_only_its_author_changes_it_and_reads_the_copy(engagement):
    walk = ready(engagement, make_citizen())
    walk.send(capacity="individual", publish_choice="confidential")
    code = Receipt.objects.get().code
    other = Walk(engagement)
    other.sign_in(make_citizen())
    for path in ("change", "copy", "about-you"):
        assert other.client.get(f"{walk.base}{path}/{code}/").status_code == 404
    assert "Said" not in other.get(f"/en/receipts/{code}/").text


def test_about_you_comes_after_and_may_be_skipped(engagement):
    walk = ready(engagement, make_citizen())
    walk.send(capacity="individual", publish_choice="confidential")
    code = Receipt.objects.get().code
    page = walk.get(f"about-you/{code}/")
    assert "Prefer not to say" in page.text
    walk.send()
    assert not AboutYou.objects.exists()
    walk.get(f"about-you/{code}/")
    walk.send(age="25-34", gender="prefer-not", district="sha-tin")
    assert AboutYou.objects.get().facts == {
        "age": "25-34",
        "gender": "prefer-not",
        "district": "sha-tin",
    }
    assert re.search(r'value="25-34" checked', walk.get(f"about-you/{code}/").text)


@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
def test_every_page_speaks_the_readers_language(engagement, language):
    make_questionnaire(engagement)
    walk = Walk(engagement, language)
    mark = {"en": "", "zh-hant": "（繁）", "zh-hans": "（简）"}[language]
    walk.post(route="whole")
    page = walk.get("part/1/")
    assert f"Question visits{mark}</legend>" in page.text
    assert f"Yes{mark}</label>" in page.text


def test_words_of_another_language_are_marked(engagement):
    asked = definition(question("a", title={"zh-hant": "只有中文"}, hint={"en": "In English"}))
    make_questionnaire(engagement, asked)
    walk = Walk(engagement)
    walk.post(route="whole")
    assert '<span lang="zh-Hant-HK">只有中文</span>' in walk.get("part/1/").text


def test_sixty_questions_take_no_more_queries_than_six(django_assert_max_num_queries):
    for number in (6, 60):
        engagement = make_engagement()
        make_questionnaire(engagement, many(number))
        walk = Walk(engagement)
        walk.post(route="whole")
        with django_assert_max_num_queries(9):
            walk.client.get(f"{walk.base}part/1/")
        with django_assert_max_num_queries(9):
            walk.client.get(f"{walk.base}check/")


def test_markup_in_every_text_stays_text(engagement):
    bomb = dict.fromkeys(words("x"), "'\"></p><xssmark><svg/onload=alert(1)>")
    asked = Definition(
        sections=(
            section(
                "s1",
                question(
                    "a",
                    "one",
                    title=bomb,
                    hint=bomb,
                    background=bomb,
                    required=True,
                    reason=bomb,
                    options=(
                        type(options("x")[0])("x", bomb, other=True),
                        type(options("x")[0])("y", bomb),
                    ),
                ),
                question("i", "information", title=bomb, background=bomb),
                question("s", "scale", title=bomb, settings={"labels": {"1": bomb}}),
                question("n", "number", title=bomb, settings={"unit": bomb}),
                question("t", "long", title=bomb),
            ),
        ),
        intro=bomb,
    )
    make_questionnaire(engagement, asked)
    account = make_citizen()
    walk = Walk(engagement)
    walk.sign_in(account)
    seen = [walk.get().text]
    walk.post(route="whole")
    seen.append(walk.get("part/1/").text)
    text = bomb["en"]
    walk.at = f"{walk.base}part/1/"
    seen.append(
        walk.send(**{"q-a": "x", "q-a-other": text, "q-s": "1", "q-n": "3", "q-t": text}).text
    )
    assert walk.at.endswith("/check/")
    seen.append(walk.send(capacity="organisation", organisation=text, publish_choice="name").text)
    code = Receipt.objects.get().code
    seen.append(walk.client.get(f"{walk.base}copy/{code}/").content.decode())
    moderator = Walk(engagement)
    moderator.sign_in(make_moderator())
    seen.append(moderator.get("/en/moderation/").text)
    for page in seen:
        assert "<xssmark" not in page
        assert "<svg/onload" not in page
    assert sum("&lt;xssmark&gt;" in page for page in seen) == len(seen)
