"""'Report' stands beside every text of a citizen that everybody can read, and leads to the form."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from accounts.actions import choose_display_name
from consultations.actions.statements import propose_statement
from moderation.actions import decide
from moderation.models import Item
from notifications.models import Notice
from participation.actions.comments import submit_comment
from participation.models import Contribution, Engagement
from questionnaires.actions.responses import submit_response
from questionnaires.models import Answer, Response
from tests.factories.engagements import make_engagement
from tests.factories.participation import make_citizen, make_comment, make_moderator, whole
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


def _send(link: str, about: str, *, rule: str = "r6") -> HttpResponse:
    client = Client(REMOTE_ADDR="203.0.113.7")
    address = client.get(link, follow=True).redirect_chain
    found: HttpResponse = client.post(
        address[-1][0] if address else link, {"rule": rule, "note": "", "about": about}
    )
    return found


def _target() -> tuple[str, str]:
    item = Item.objects.get(reports=1)
    return item.kind, item.target_id


def test_a_name_is_reported_where_its_text_stands_and_raises_the_name_alone() -> None:
    engagement = make_engagement(moderation_policy="after")
    wai = make_citizen("Wai")
    comment = make_comment(engagement, "A comment.", account=wai).contribution
    Item.objects.all().delete()
    link = f"/en/report/comment/{comment.public_id}/"
    page = Client().get(link).content.decode()
    assert "The name shown with it: <bdi>Wai</bdi>" in page
    assert wai.public_id not in page
    assert _send(link, "name").status_code == 302
    assert _target() == ("name", wai.public_id)
    html = Client().get(f"/en/e/{engagement.public_id}/comments/?on=whole").content.decode()
    assert "A comment." in html
    assert "Wai" in html
    # A report of the text itself is another one.
    assert _send(link, "text").status_code == 302
    assert Item.objects.get(kind="comment").target_id == comment.public_id


def test_a_name_no_account_bears_any_more_is_reported_and_hidden_by_its_entry() -> None:
    engagement = make_engagement(moderation_policy="after")
    wai = make_citizen("Rude Word")
    comment = make_comment(engagement, "Kept.", account=wai).contribution
    other = make_comment(engagement, "Kept too.", account=wai).contribution
    choose_display_name(account=wai, name="Wai")
    Item.objects.all().delete()
    assert _send(f"/en/report/comment/{comment.public_id}/", "name").status_code == 302
    assert _target() == ("entry-name", comment.public_id)
    moderator = make_moderator()
    item = Item.objects.get()
    decision = decide(item=item, verdict="withhold", rule="r6", version=1, by=moderator)
    for entry in (comment, other):
        entry.refresh_from_db()
        assert (entry.name_withheld, entry.state) == (True, "published")
    told = Notice.objects.get(kind="decision")
    assert told.params["what"] == "entry-name"
    page = Client().get(f"/en/report/comment/{comment.public_id}/").content.decode()
    assert "The name shown with it" not in page
    assert _send(f"/en/report/comment/{comment.public_id}/", "name").status_code == 404
    decide(
        item=item,
        verdict="publish",
        version=1,
        by=moderator,
        after=decision.public_id,
    )
    comment.refresh_from_db()
    assert not comment.name_withheld


def test_the_name_of_a_guest_is_withheld_at_that_entry_alone() -> None:
    engagement = make_engagement(moderation_policy="after", levels={"comment": 0})
    for words in ("One.", "Two."):
        submit_comment(
            engagement=engagement,
            thread=whole(engagement),
            person=None,
            account=None,
            text=words,
            language="en",
            publish_choice="name",
            display_name="Guest Who",
        )
    entries = list(Contribution.objects.order_by("pk"))
    Item.objects.all().delete()
    assert _send(f"/en/report/comment/{entries[0].public_id}/", "name").status_code == 302
    decide(item=Item.objects.get(), verdict="withhold", rule="r6", version=1, by=make_moderator())
    for entry in entries:
        entry.refresh_from_db()
    assert [entry.name_withheld for entry in entries] == [True, False]


@pytest.mark.parametrize(
    ("choice", "fields", "kind"),
    [
        ("name", {}, "name"),
        ("alias", {"alias": "Night Owl"}, "response"),
        ("name", {"capacity": "organisation", "organisation": "Tram Society"}, "response"),
    ],
)
def test_the_name_beside_an_answer_raises_the_target_it_belongs_to(
    choice: str, fields: dict[str, str], kind: str
) -> None:
    engagement = make_engagement(moderation_policy="after")
    wai = make_citizen("Wai")
    survey = make_questionnaire(engagement, definition(question("ideas", "long")))
    submit_response(
        questionnaire=survey,
        answers={"ideas": "An answer."},
        person=wai.person,
        account=wai,
        publish_choice=choice,
        **fields,
    )
    Item.objects.all().delete()
    answer = Answer.objects.get()
    link = f"/en/report/answer/{answer.public_id}/"
    assert _send(link, "name").status_code == 302
    entry = answer.response.contribution.public_id
    assert _target() == (kind, wai.public_id if kind == "name" else entry)
    # A name that was not cleared is nobody's to report.
    Response.objects.update(signature_state="held" if kind == "response" else "none")
    offered = "The name shown with it" in Client().get(link).content.decode()
    assert offered is (kind == "name")


def test_an_organisation_is_reported_where_it_is_named() -> None:
    engagement = make_engagement(moderation_policy="after")
    survey = make_questionnaire(engagement, definition(question("ideas", "long")))
    wai = make_citizen("Wai")
    submit_response(
        questionnaire=survey,
        answers={"ideas": "An answer."},
        person=wai.person,
        account=wai,
        capacity="organisation",
        organisation="Tram Society",
        publish_choice="name",
    )
    Item.objects.all().delete()
    html = Client().get(f"/en/e/{engagement.public_id}/said/").content.decode()
    (link,) = _LINK.findall(html)
    page = Client().get(link).content.decode()
    assert "Tram Society" in page
    assert _send(link, "").status_code == 302
    assert _target() == ("response", Response.objects.get().contribution.public_id)


def test_a_report_never_tells_a_name_that_nobody_may_read() -> None:
    written(results_from="close")
    for entry in Contribution.objects.exclude(kind="comment"):
        for kind in ("entry-name", "response"):
            address = f"/en/report/{kind}/{entry.public_id}/"
            assert Client().get(address).status_code == 404
            assert Client().post(address, {"rule": "r6"}).status_code == 404
    statement = Contribution.objects.get(kind="statement")
    address = f"/en/report/statement/{statement.public_id}/"
    assert "Wai" not in Client().get(address).content.decode()
    assert _send(address, "name").status_code == 404
    assert not Item.objects.filter(reports__gt=0).exists()


def test_reports_of_names_and_texts_share_one_limit() -> None:
    engagement = make_engagement(moderation_policy="after")
    links = [
        f"/en/report/comment/{make_comment(engagement, f'No. {n}').contribution.public_id}/"
        for n in range(6)
    ]
    statuses = [
        _send(link, "name" if n % 2 else "text").status_code for n, link in enumerate(links)
    ]
    assert statuses == [302] * 5 + [429]


@pytest.mark.parametrize("about", ["nothing", "text\x00", "name" * 300])
def test_a_report_of_neither_is_refused(about: str) -> None:
    comment = make_comment(make_engagement(moderation_policy="after"), "A comment.").contribution
    link = f"/en/report/comment/{comment.public_id}/"
    assert Client().post(link, {"rule": "r6", "about": about}).status_code in {400, 422}
    assert not Item.objects.filter(reports__gt=0).exists()
