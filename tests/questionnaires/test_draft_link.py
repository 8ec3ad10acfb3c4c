"""Save and come back: the mailed link moves a draft to another visit, once, by a press."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from accounts.models import Account
from core import clock
from core.dates import last_minute, local
from core.exceptions import Absent, Invalid, TooMany
from core.models import AuditEntry
from notifications.models import Notice
from participation.models import Engagement
from questionnaires.actions.drafts import drop_draft, save_draft
from questionnaires.actions.links import LINK_LIFE, mail_draft_link, take_over
from questionnaires.actions.responses import submit_response
from questionnaires.models import Draft, DraftLink, Questionnaire
from tests.factories.questionnaires import make_questionnaire
from tests.questionnaires.helpers import ANSWERS, audit_holds, begin
from tests.questionnaires.walking import Walk, small

pytestmark = pytest.mark.django_db


def mailed(draft: Draft, to: str = "reader") -> DraftLink:
    return mail_draft_link(draft=draft, email=f"{to}@example.com", language="en")


def path_of(link: DraftLink) -> str:
    return Notice.objects.get(event_key=f"draft-link:{link.pk}").path


@pytest.fixture
def first(engagement: Engagement) -> Walk:
    """A visit that wrote something."""
    make_questionnaire(engagement, small())
    walk = Walk(engagement)
    walk.post(route="whole")
    walk.get("part/3/")
    walk.send(**{"q-more": "Before the tab died"})
    return walk


@pytest.fixture
def link(first: Walk) -> str:
    """The address in the mail this visit asked for."""
    first.get("later/")
    assert "on its way" in first.send(email="reader@example.com").text
    return Notice.objects.get(kind="draft-link").path


def test_opening_the_link_changes_nothing_and_the_press_moves_the_draft(first, link, engagement):
    before = Draft.objects.values().get()
    assert before["token"] not in link
    second = Walk(engagement)
    for _look in range(2):
        page = second.get(link)
        assert (page.status_code, page.text.count('<button type="submit" class="govuk-b')) == (
            200,
            1,
        )
        assert "Before the tab died" not in page.text
    assert second.client.session.get("drafts") is None
    assert Draft.objects.values().get() == before
    assert DraftLink.objects.get().used_at is None
    assert first.client.get(f"{first.base}part/3/").status_code == 200

    second.post(link)
    assert second.at.endswith("/part/1/")
    assert "Before the tab died" in second.get("part/3/").text
    assert Draft.objects.get().token != before["token"]


def test_the_earlier_visit_loses_the_draft_and_is_told(first, link, engagement):
    Walk(engagement).post(link)
    for path in ("part/3/", "check/", "parts/", "later/"):
        page = first.get(path)
        assert first.at.endswith("/answer/"), path
        assert "Your answers are open elsewhere" in page.text
        assert "Before the tab died" not in page.text
    answer = first.client.post(f"{first.base}save/3/", {"q-more": "Typed here"})
    assert (answer.status_code, answer.json()["code"]) == (404, "draft_moved")
    # What was just typed is given back, and nothing else of the draft.
    page = first.client.post(f"{first.base}part/3/", {"q-more": "Typed here"})
    assert page.status_code == 409
    assert "Typed here" in page.content.decode()
    assert "Before the tab died" not in page.content.decode()
    assert first.client.post(f"{first.base}check/", {"publish_choice": "name"}).status_code == 302
    first.post("drop/")
    assert Draft.objects.get().answers == {"more": "Before the tab died"}
    # Beginning anew here ends the message.
    first.post(route="whole")
    assert "open elsewhere" not in first.get().text


def test_the_link_works_once(first, link, engagement):
    second, third = Walk(engagement), Walk(engagement)
    second.post(link)
    for method in ("get", "post"):
        answer = getattr(third.client, method)(link)
        assert answer.status_code == 404
        assert "no longer works" in answer.content.decode()
    # Whoever holds the draft is led on to it by the same mail.
    second.get(link)
    assert second.at.endswith("/part/1/")


def test_in_the_visit_that_holds_the_draft_the_link_leads_on_and_stays(first, link):
    first.get(link)
    assert "/part/" in first.at
    assert DraftLink.objects.get().used_at is None


def test_a_wrong_link_is_not_found_and_counted(first, link, engagement, settings):
    stranger = Walk(engagement)
    settings.KAIFONG_LIMITS = {**settings.KAIFONG_LIMITS, "draft_link_open": ((1, 10**9),)}
    wrong = link[:-4] + "AAA/"
    assert [stranger.client.get(wrong).status_code for _try in range(2)] == [404, 429]
    assert stranger.client.post(link).status_code == 429
    assert DraftLink.objects.get().used_at is None


def test_what_a_visit_had_begun_before_is_said_to_go_and_goes(first, link, engagement):
    other = Walk(engagement)
    other.post(route="whole")
    assert "are deleted when you open" not in other.get(link).text
    other.get("part/3/")
    other.send(**{"q-more": "Other words"})
    assert "are deleted when you open" in other.get(link).text
    other.post(link)
    assert Draft.objects.get().answers == {"more": "Before the tab died"}


def test_the_draft_goes_with_the_person_who_opens_it(first, link, engagement, citizen: Account):
    second = Walk(engagement)
    second.sign_in(citizen)
    second.post(link)
    assert Draft.objects.get().person == citizen.person
    entries = AuditEntry.objects.filter(verb__startswith="draft.").order_by("pk")
    assert [(entry.verb, entry.actor) for entry in entries] == [
        ("draft.mail_link", "system"),
        ("draft.take_over", citizen.person.audit_id),
    ]
    audit_holds()


def test_the_page_of_the_link_names_both_ends_its_own_and_the_paper_s(first, link, engagement):
    ends = DraftLink.objects.get().expires_at
    shown = [
        local(moment).isoformat(timespec="seconds")
        for moment in (last_minute(engagement.closes_at), ends)
    ]
    page = Walk(engagement).get(link).text.partition("</main>")[0]
    assert re.findall(r'<time datetime="([^"]+)"', page)[-2:] == shown
    # Within the grace of what was begun in time, it says until when that lasts.
    with clock.freeze(engagement.closes_at - dt.timedelta(days=1)):
        link = path_of(mailed(Draft.objects.get()))
    with clock.freeze(engagement.closes_at + dt.timedelta(minutes=1)):
        said = Walk(engagement).get(link).text
        assert "Since you began in time" in said
        assert "Send them by" not in said


def test_after_the_close_the_link_opens_what_was_written_to_be_read(first, engagement):
    with clock.freeze(engagement.closes_at - dt.timedelta(days=1)):
        link = path_of(mailed(Draft.objects.get()))
    with clock.freeze(engagement.closes_at + dt.timedelta(minutes=30)):
        second = Walk(engagement)
        assert "Read your answers" in second.get(link).text
        page = second.post(link)
    assert "Not sent in time" in page.text
    assert "Before the tab died" in page.text


@pytest.mark.db
def test_a_link_ends_after_its_days_with_its_draft_and_with_another_s_use(survey: Questionnaire):
    draft = begin(survey)
    link, other = mailed(draft), mailed(draft, "again")
    assert link.expires_at == min(link.made_at + LINK_LIFE, draft.expires_at)
    with clock.freeze(link.expires_at), pytest.raises(Absent):
        take_over(link=link, person=None)
    with clock.freeze(link.expires_at - dt.timedelta(seconds=1)):
        taken = take_over(link=link, person=None)
    with pytest.raises(Absent):
        take_over(link=other, person=None)
    # A page that was open before the draft went elsewhere writes nothing and sends nothing.
    for act in (
        lambda: save_draft(draft=draft, values={"ideas": "Late"}),
        lambda: submit_response(draft=draft, person=None, account=None, source="s"),
        lambda: mailed(draft),
    ):
        with pytest.raises(Absent) as refused:
            act()
        assert refused.value.code == "draft_moved"
    drop_draft(draft=draft)
    assert Draft.objects.get().answers == ANSWERS
    last = mailed(taken, "last")
    drop_draft(draft=taken)
    assert not DraftLink.objects.exists()
    with pytest.raises(Absent):
        take_over(link=last, person=None)


def test_a_link_does_not_open_what_was_sent(survey: Questionnaire, citizen: Account):
    draft = begin(survey)
    link = mailed(draft)
    submit_response(draft=draft, person=citizen.person, account=citizen)
    assert Walk(survey.engagement).client.get(path_of(link)).status_code == 404
    with pytest.raises(Absent):
        take_over(link=link, person=citizen.person)


def test_the_link_is_mailed_and_limited(survey: Questionnaire):
    draft = begin(survey)
    with clock.freeze(clock.now()):
        for _time in range(3):
            mail_draft_link(draft=draft, email=" Reader@Example.com ", language="zh-hant")
        with pytest.raises(TooMany):
            mail_draft_link(draft=draft, email="reader@example.com", language="en")
    notice = Notice.objects.filter(kind="draft-link").order_by("pk")[0]
    assert (notice.address, notice.language) == ("reader@example.com", "zh-hant")
    assert notice.path.startswith(f"/zh-hant/e/{survey.engagement.public_id}/answer/back/")
    with pytest.raises(Invalid):
        mail_draft_link(draft=draft, email="nobody", language="en")
