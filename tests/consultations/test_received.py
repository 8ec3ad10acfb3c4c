"""The bureau reads what was sent to it only; held and withheld texts it counts, not reads."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import close_account
from accounts.models import Role
from participation.actions.comments import reply_officially
from participation.actions.contributions import withdraw_contribution
from tests.factories.accounts import make_staff
from tests.factories.consultations import make_paper
from tests.factories.engagements import make_bureau
from tests.factories.participation import (
    decide,
    make_citizen,
    make_comment,
    make_many_comments,
    make_public_comment,
)

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def paper():
    return make_paper(bureau=make_bureau("EPD"))[1]


@pytest.fixture
def officer(client: Client, paper) -> Client:
    client.force_login(make_staff(Role.OFFICER, paper.owner))
    return client


def read(client: Client, paper, query: str = "") -> str:
    response = client.get(reverse("kaifong_desk:received", args=[paper.public_id]) + query)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    return response.content.decode()


def test_each_state_is_counted_and_only_what_may_be_read_is_shown(officer, paper) -> None:
    make_public_comment(paper, "Seen by all.")
    make_comment(paper, "For you alone.", publish_choice="confidential")
    make_comment(paper, "Nobody read this yet.")
    decide(make_comment(paper, "Against the rules.").contribution, "withhold")
    author = make_citizen()
    gone = make_comment(paper, "I take it back.", account=author)
    withdraw_contribution(contribution=gone.contribution, person=author.person, account=author)
    html = read(officer, paper)
    assert "Seen by all." in html
    assert "For you alone." in html
    for sealed in ("Nobody read this yet.", "Against the rules.", "I take it back."):
        assert sealed not in html
    assert html.count("<td>1</td>") == 5
    assert "<strong>5</strong>" in html
    assert author.email not in html


def test_each_public_comment_leads_to_the_reply_and_says_when_it_has_one(officer, paper) -> None:
    public = make_public_comment(paper, "Seen by all.")
    make_comment(paper, "For you alone.", publish_choice="confidential")
    html = read(officer, paper)
    address = f"/contributions/{public.contribution.public_id}/reply/"
    assert html.count("/reply/") == html.count(address) == 1
    assert "Replied" not in html
    reply_officially(
        parent=public, account=make_staff(Role.OFFICER, paper.owner), text="Noted.", language="en"
    )
    assert read(officer, paper).count("Replied") == 1


def test_one_state_alone(officer, paper) -> None:
    make_public_comment(paper, "Seen by all.")
    make_comment(paper, "For you alone.", publish_choice="confidential")
    assert "Seen by all." not in read(officer, paper, "?state=confidential")
    assert "For you alone." not in read(officer, paper, "?state=published")
    # A state that may not be read is no filter: it never opens what is sealed.
    assert "Seen by all." in read(officer, paper, "?state=withheld")
    read(officer, paper, "?state=nonsense&page=x")


def test_as_many_queries_for_one_as_for_fifty(officer, paper) -> None:
    counts = []
    for number in (1, 49):
        make_many_comments(paper, number)
        with CaptureQueriesContext(connection) as queries:
            read(officer, paper)
        counts.append(len(queries))
    assert counts[0] == counts[1], [query["sql"] for query in queries]


def test_an_author_who_closed_the_account_is_a_former_participant(officer, paper) -> None:
    author = make_citizen("Kwok Mei Mei")
    make_public_comment(paper, "Seen by all.", account=author)
    make_comment(paper, "For you alone.", account=author, publish_choice="confidential")
    assert "Kwok Mei Mei" in read(officer, paper)
    close_account(account=author)
    page = read(officer, paper)
    assert "Kwok" not in page
    # Beside the public one alone: what went to the bureau only never had a name.
    assert page.count("Former participant") == 1
