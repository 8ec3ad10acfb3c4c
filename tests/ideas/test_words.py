"""The pages all kinds of engagements share speak truly of a contest, in each language."""

import pytest
from django.test import Client

from core import clock
from feedback.collecting import live_document
from participation.policies import can
from tests.factories.consultations import make_paper
from tests.factories.ideas import make_contest, submit
from tests.factories.participation import make_citizen, make_receipt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]

WRONG = {
    "en": ("paper", "consultation"),
    "zh-hant": ("文件", "諮詢"),
    "zh-hans": ("文件", "咨询"),
}


def main(client: Client, path: str) -> str:
    """What a page says between its back link and its footer."""
    body = client.get(path).content.decode()
    return body[
        body.index('class="govuk-back-link"') if "govuk-back-link" in body else 0 :
    ].partition("<footer")[0]


@pytest.mark.parametrize(
    ("language", "back", "follow"),
    [
        ("en", "Back to the contest", "Follow this contest"),
        ("zh-hant", "返回比賽", "關注這個比賽"),
        ("zh-hans", "返回比赛", "关注这个比赛"),
    ],
)
def test_receipts_and_follow_pages_say_contest(
    client: Client, language: str, back: str, follow: str
) -> None:
    _page, engagement = make_contest()
    receipt = submit(engagement, "Trees along the harbour")
    said = main(client, f"/{language}/receipts/{receipt.code}/")
    assert back in said
    asked = main(client, f"/{language}/e/{engagement.public_id}/follow/")
    assert follow in asked
    for word in WRONG[language]:
        assert word not in said.lower()
        assert word not in asked.lower()


def test_a_consultation_keeps_its_own_words(client: Client) -> None:
    _page, engagement = make_paper()
    receipt = make_receipt(engagement)
    assert "Back to the paper" in main(client, f"/en/receipts/{receipt.code}/")
    assert "Follow this consultation" in main(client, f"/en/e/{engagement.public_id}/follow/")


def test_what_is_no_part_of_it_is_said_of_any_kind() -> None:
    for _page, engagement in (make_contest(), make_paper()):
        verb = "answer" if engagement.kind == "contest" else "submit"
        account = make_citizen()
        verdict = can(verb, engagement=engagement, person=account.person, now=clock.now())
        assert (verdict.code, str(verdict.sentence)) == ("not-part", "This is not asked for here.")


def test_a_report_names_what_was_sent_in_three_languages() -> None:
    _page, engagement = make_contest()
    submit(engagement, "Trees along the harbour")
    document = live_document(engagement, now=clock.now())
    section = next(one for one in document["sections"] if one["key"] == "register")
    table = next(one for one in section["tables"] if one["key"] == "register-kind")
    assert [row[0] for row in table["rows"]] == [
        {"en": "Ideas", "zh-hant": "點子", "zh-hans": "点子"}
    ]
