"""'Report' stands beside every text of a citizen that everybody can read, and leads to the form."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.test import Client

from consultations.actions.statements import propose_statement
from moderation.models import Item
from participation.models import Engagement
from questionnaires.actions.responses import submit_response
from questionnaires.models import Answer
from tests.factories.engagements import make_engagement
from tests.factories.participation import make_citizen, make_comment
from tests.factories.questionnaires import definition, make_questionnaire, question
from tests.factories.statements import make_statement

pytestmark = pytest.mark.django_db
_LINK = re.compile(r'href="(/en/(?:report/[^"]+|contributions/[^"]+/report/))"')


def written(**fields: str) -> Engagement:
    """A comment, a proposed statement and an answer, all public."""
    engagement = make_engagement(moderation_policy="after", **fields)
    citizen = make_citizen("Wai")
    make_comment(engagement, "A comment.", account=citizen)
    propose_statement(
        engagement=engagement,
        person=citizen.person,
        account=citizen,
        text="A statement of mine.",
        language="en",
    )
    survey = make_questionnaire(engagement, definition(question("ideas", "long")))
    submit_response(
        questionnaire=survey,
        answers={"ideas": "An answer."},
        person=citizen.person,
        account=citizen,
        publish_choice="name",
    )
    return engagement


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("comments/?on=whole", "A comment."),
        ("statements/", "A statement of mine."),
        ("statements/results/", "A statement of mine."),
        ("said/answers/", "An answer."),
        ("said/{answer}/", "An answer."),
    ],
)
def test_a_public_text_can_be_reported_where_it_stands(page: str, words: str) -> None:
    engagement = written()
    client = Client()
    path = f"/en/e/{engagement.public_id}/{page.format(answer=Answer.objects.get().public_id)}"
    html = client.get(path).content.decode()
    assert words in html
    (link,) = _LINK.findall(html)
    form = client.get(link, follow=True)
    assert form.status_code == 200
    assert words in form.content.decode()
    address = form.redirect_chain[-1][0] if form.redirect_chain else link
    sent = client.post(address, {"rule": "r1", "note": "Look."}, follow=True)
    assert sent.status_code == 200
    assert Item.objects.filter(reports=1).count() == 1


def test_what_the_bureau_asks_and_what_is_sealed_is_not_reported() -> None:
    engagement = make_engagement()
    make_statement(engagement, text="The bureau's own.")
    for page in ("statements/", "statements/results/"):
        html = Client().get(f"/en/e/{engagement.public_id}/{page}").content.decode()
        assert "The bureau&#x27;s own." in html
        assert not _LINK.findall(html)
    cache.clear()
    written(results_from="close")
    answer = Answer.objects.get()
    assert Client().get(f"/en/report/answer/{answer.public_id}/").status_code == 404
