"""After the submit: changing, the copy, facts about oneself; languages and markup of all pages."""

from __future__ import annotations

import re

import pytest

from participation.actions.contributions import withdraw_contribution
from participation.models import Engagement, Receipt
from questionnaires.actions.changes import values_of
from questionnaires.definition import Definition
from questionnaires.models import AboutYou, Response
from tests.factories.engagements import make_engagement
from tests.factories.participation import make_citizen, make_moderator
from tests.factories.questionnaires import (
    definition,
    make_questionnaire,
    many,
    options,
    question,
    section,
    words,
)
from tests.questionnaires.walking import Walk, ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def engagement() -> Engagement:
    return make_engagement(title="Library hours")


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
