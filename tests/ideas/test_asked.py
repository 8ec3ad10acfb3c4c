"""What a contest asks of ideas: set by officers, frozen at the opening, answered by authors."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from consultations.actions.paper import publish_paper
from core import clock
from core.exceptions import Closed, Invalid
from feedback.section_questions import applies
from ideas.actions.ideas import edit_idea, newest
from ideas.asked import asked_of
from ideas.face import check
from ideas.models import Idea
from ideas.reading import versions
from tests.factories.consultations import today
from tests.factories.desk import make_officer
from tests.factories.ideas import edit_contest, make_contest, make_public_idea
from tests.factories.participation import decide, make_citizen
from tests.factories.questions import option, question, section, when
from tests.factories.questions import test_of as a_test

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]

QUESTIONS = [
    section(
        "s1",
        "About your idea",
        question(
            "one",
            "q-tried",
            "Has it been tried elsewhere?",
            options=[option("o-yes", "Yes"), option("o-no", "No")],
        ),
        question(
            "short", "q-where", "Where?", condition=when(a_test("q-tried", "is-any", "o-yes"))
        ),
        question("short", "q-phone", "A telephone number for the bureau", private=True),
    )
]


def _client(account) -> Client:
    client = Client()
    client.force_login(account, backend="accounts.backends.AccountBackend")
    return client


def _later() -> dict[str, dt.date]:
    """The Chinese version follows: for tests that reword the source alone."""
    return {"versions_follow_on": today() + dt.timedelta(days=9)}


def _fields(engagement) -> dict[str, str]:
    return {one.key: f"q-{one.anchor}" for one in asked_of(engagement).questions()}


def test_an_author_answers_on_the_edit_page_and_everybody_reads_it_but_what_is_private():
    contest = make_contest(questions=QUESTIONS)[1]
    author = make_citizen()
    idea = make_public_idea(contest, account=author)
    client = _client(author)
    names = _fields(contest)
    write = reverse("ideas:write", args=[contest.public_id])
    assert "Has it been tried" not in client.get(write).content.decode()
    address = reverse("ideas:edit", args=[idea.contribution.public_id])
    form = client.get(address).content.decode()
    assert "Has it been tried elsewhere?" in form
    assert form.count("Only the bureau and the idea&#x27;s authors read this.") == 1
    assert f'id="box-{names["q-where"]}"' in form
    sent = {
        "title": idea.title,
        "text": idea.text,
        "version": "1",
        names["q-tried"]: "o-yes",
        names["q-phone"]: "2345 6789",
        "seen": [names["q-tried"], names["q-phone"]],
    }
    opened = client.post(address, sent).headers["Location"]
    # Without a script the question that this opened was not there to be seen.
    assert opened == f"{address}?more=1#box-{names['q-where']}"
    more = {**sent, "version": "2", names["q-where"]: "In Oslo", "seen": list(names.values())}
    assert client.post(address, more).status_code == 302
    idea = Idea.objects.select_related("contribution").get(pk=idea.pk)
    # A moderator reads what the public will, and nothing of what is for the bureau.
    assert idea.answers == {}
    waiting = idea.contribution.versions.get(number=3).text
    assert "In Oslo" in waiting
    assert "2345 6789" not in waiting
    decide(idea.contribution)
    idea = Idea.objects.select_related("contribution").get(pk=idea.pk)
    shown = Client().get(reverse("ideas:idea", args=[idea.contribution.public_id]))
    assert "In Oslo" in shown.content.decode()
    assert "2345 6789" not in shown.content.decode()
    public = [pair for one in versions(idea, own=False) for pair in one.more]
    assert ("", "Where? In Oslo") in public
    assert not any("2345" in text for pair in public for text in pair)
    officer = _client(make_officer(contest.owner))
    status = reverse("ideas:status", args=[idea.contribution.public_id])
    assert "2345 6789" in officer.get(status).content.decode()
    receipt = reverse("participation:receipt", args=[idea.contribution.receipt.code])
    assert "2345 6789" in client.get(receipt).content.decode()
    assert "2345 6789" not in Client().get(receipt).content.decode()
    # A part of the idea, not a survey: the report has no questions of it.
    assert not applies(contest)
    call_command("verify_audit", stdout=io.StringIO())


def test_answers_are_judged_kept_by_other_edits_and_end_with_the_call():
    contest = make_contest(moderation_policy="after", questions=QUESTIONS)[1]
    author = make_citizen()
    idea = make_public_idea(contest, account=author)

    def edit(version: int, **fields):
        values = {"title": idea.title, "text": idea.text, **fields}
        return edit_idea(idea=idea, person=author.person, account=author, version=version, **values)

    with pytest.raises(Invalid) as refused:
        edit(1, answers={"q-tried": "o-perhaps"})
    assert refused.value.field == _fields(contest)["q-tried"]
    with pytest.raises(Invalid):
        edit(1, answers={"q-none": "x"})
    # Nobody asks where, when it was tried nowhere.
    edit(1, answers={"q-tried": {"option": "o-no"}, "q-where": "In Oslo"})
    assert Idea.objects.get(pk=idea.pk).answers == {"q-tried": {"option": "o-no"}}
    edit(2, title="Another title")
    assert newest(idea).answers == {"q-tried": {"option": "o-no"}}
    with clock.travel(dt.timedelta(days=60)), pytest.raises(Closed):
        edit(3, answers={})


def test_officers_change_what_is_asked_until_the_opening():
    page, contest = make_contest(opens=5, translate=False, questions=QUESTIONS, **_later())
    reworded = [section("s1", "About your idea", question("short", "q-where", "In which town?"))]
    edit_contest(page, questions=reworded)
    publish_paper(page=page, by=None)
    assert [one.title["en"] for one in asked_of(contest).questions()] == ["In which town?"]
    edit_contest(page, questions=QUESTIONS)
    with clock.travel(dt.timedelta(days=10)):
        draft = page.get_latest_revision_as_object()
        with pytest.raises(Invalid) as refused:
            check(draft, contest)
        assert refused.value.field == "questions"
        with pytest.raises(Invalid):
            publish_paper(page=page, by=None)
        # Taking one away is announced, as for a paper.
        edit_contest(page, questions=[])
        publish_paper(page=page, by=None)
    assert asked_of(contest).sections == ()
    assert contest.public_notices.filter(kind="corrected").count() == 1


def test_questions_that_do_not_hold_together_are_refused():
    page = make_contest(opens=5, translate=False, **_later())[0]
    broken = [
        section("s1", "", question("short", "q-a", "A", condition=when(a_test("q-b", "answered"))))
    ]
    edit_contest(page, questions=broken)
    with pytest.raises(Invalid) as refused:
        publish_paper(page=page, by=None)
    assert refused.value.field == "questions"
