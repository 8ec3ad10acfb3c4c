"""A standing box answers each month's ideas by the end of the next; its officers are reminded."""

from __future__ import annotations

import datetime as dt
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from accounts.models import Account
from consultations.desk import gather
from core import clock
from core.texts import LANGUAGES
from ideas.actions.merging import merge_ideas
from ideas.actions.reminding import remind_of_boxes
from ideas.actions.replies import reply_to_idea
from ideas.models import Idea
from ideas.tasks import remind_of_monthly_answers
from notifications import words
from notifications.kinds import find
from notifications.models import Notice
from participation.models import Contribution, Engagement
from tests.factories.desk import make_administrator, make_approver, make_officer
from tests.factories.ideas import make_contest, make_public_idea

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree"), pytest.mark.db]
BACKEND = "accounts.backends.AccountBackend"
HONG_KONG = ZoneInfo("Asia/Hong_Kong")


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> dt.datetime:
    """An instant of 2030 in Hong Kong."""
    return dt.datetime(2030, month, day, hour, minute, tzinfo=HONG_KONG)


@pytest.fixture
def box() -> Engagement:
    """A box that has been open since September, with two ideas of October and one of November."""
    with clock.freeze(at(9, 2)):
        engagement = make_contest(title="Libraries", standing=True, closes_on=None)[1]
        make_approver(engagement.owner)
    for moment, title in ((at(10, 20), "Benches"), (at(10, 31, 23, 59), "Trees")):
        with clock.freeze(moment):
            make_public_idea(engagement, title)
    with clock.freeze(at(11, 1, 0)):
        make_public_idea(engagement, "Lifts")
    return engagement


@pytest.fixture
def officer(box: Engagement) -> Account:
    with clock.freeze(at(9, 2)):
        return make_officer(box.owner)


def reply(box: Engagement, title: str, by: Account) -> None:
    idea = Idea.objects.select_related("contribution", "engagement").get(
        engagement=box, title=title
    )
    reply_to_idea(idea=idea, text="Thank you.", language="en", by=by)


def marks() -> list[str]:
    """The day and mark of each notice that was written, each once, in order."""
    keys = Notice.objects.filter(event_key__startswith="box:").order_by("pk")
    found = [key.split(":", 2)[2] for key in keys.values_list("event_key", flat=True)]
    return list(dict.fromkeys(found))


def test_the_months_answer_is_reminded_of_by_hong_kong_days(
    box: Engagement, officer: Account, server_zone: str
) -> None:
    with clock.freeze(at(9, 2)):
        make_administrator()
    told: list[str] = []
    for moment, mark in (
        (at(10, 31, 23, 59), ""),
        (at(11, 22, 23, 59), ""),
        (at(11, 23, 0), "2030-11-30:7"),
        (at(11, 28, 23, 59), ""),
        (at(11, 29, 0), "2030-11-30:1"),
        (at(11, 30, 23, 59), ""),
        (at(12, 1, 0), "2030-11-30:late"),
        (at(12, 7, 0), "2030-11-30:late-on"),
        (at(12, 24, 0), "2030-12-31:7"),
        (dt.datetime(2031, 1, 1, tzinfo=HONG_KONG), "2030-12-31:late"),
    ):
        with clock.freeze(moment):
            remind_of_boxes()
            remind_of_monthly_answers()
        told += [mark] if mark else []
        assert marks() == told, moment


def test_officers_are_told_before_and_approvers_after(box: Engagement, officer: Account) -> None:
    with clock.freeze(at(11, 30)):
        assert remind_of_boxes() == 1
    due = Notice.objects.filter(kind="box-due")
    assert {notice.account.email for notice in due} == {
        officer.email,
        *box.owner.grants.filter(role="approver").values_list("account__email", flat=True),
    }
    assert due[0].params["waiting"] == 2
    assert due[0].path == f"/en/e/{box.public_id}/screening/?state=waiting"
    for language, said in zip(
        LANGUAGES, ("The month's answer is due today", "今天", "今天"), strict=True
    ):
        assert said in words.write(find("box-due"), due[0].params, language).subject
    with clock.freeze(at(12, 1)):
        remind_of_boxes()
    late = Notice.objects.filter(kind="box-late")
    assert officer not in {notice.account for notice in late}
    assert late.get().params["days"] == 1


def test_what_is_answered_led_withdrawn_or_of_elsewhere_is_not_owed(
    box: Engagement, officer: Account
) -> None:
    with clock.freeze(at(11, 2)):
        reply(box, "Benches", officer)
        trees, lifts = (Idea.objects.get(engagement=box, title=one) for one in ("Trees", "Lifts"))
        merge_ideas(idea=trees, into=lifts, by=officer)
    with clock.freeze(at(11, 30)):
        assert remind_of_boxes() == 0
    Contribution.objects.filter(idea=lifts).update(channel="import")
    with clock.freeze(at(12, 31)):
        assert remind_of_boxes() == 0
    Contribution.objects.filter(idea=lifts).update(channel="web", state="withdrawn")
    with clock.freeze(at(12, 31)):
        assert remind_of_boxes() == 0
    Contribution.objects.filter(idea=lifts).update(state="published")
    with clock.freeze(at(12, 31)):
        assert remind_of_boxes() == 1


def test_the_desk_says_what_is_owed_and_leads_to_it(
    box: Engagement, officer: Account, client: Client
) -> None:
    with clock.freeze(at(11, 15)):
        client.force_login(officer, backend=BACKEND)
        body = unescape(client.get("/cms/").content.decode())
        assert "2 ideas are to be answered by 30 November 2030." in body
        assert f"/e/{box.public_id}/screening/?state=waiting" in body
    with clock.freeze(at(12, 2)):
        (line,) = gather(officer).lines
        assert line.owes is not None
        assert line.owes.late
        client.force_login(officer, backend=BACKEND)
        body = unescape(client.get(f"/en/e/{box.public_id}/desk/").content.decode())
        for said in (
            "2 ideas were to be answered by 30 November 2030.",
            "1 idea is to be answered by 31 December 2030.",
        ):
            assert said in body
        for title in ("Benches", "Trees", "Lifts"):
            reply(box, title, officer)
        (line,) = gather(officer).lines
        assert line.owes is None
