"""The lines of the desk: what was received of each kind, for every kind of engagement."""

import datetime as dt
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.users.models import UserProfile

from accounts.models import Account, Role
from consultations.actions.outcome import send_outcome
from consultations.desk import Line, gather
from core import clock
from core.exceptions import Conflict, Refused
from notifications.models import Notice
from participation.actions.outcome_items import ItemText, add_items, save_item
from participation.actions.outcomes import approve_outcome, save_outcome, version_of
from participation.models import Contribution, Engagement
from tests.architecture.sources import ROOT
from tests.factories.desk import make_approver, make_officer
from tests.factories.engagements import grant, make_account, make_engagement
from tests.factories.ideas import make_contest, make_many_ideas
from tests.factories.outcomes import SHORT, both, close, make_desk
from tests.factories.participation import make_many_comments
from tests.factories.reports import make_questionnaire, make_response

pytestmark = pytest.mark.django_db


def received(line: Line) -> list[tuple[str, int, int]]:
    return [(str(each.title), each.total, each.today) for each in line.received]


def with_responses(engagement: Engagement, today: int, earlier: int, withdrawn: int) -> None:
    survey = make_questionnaire(engagement)
    for number in range(today + earlier + withdrawn):
        state = "withdrawn" if number >= today + earlier else "confidential"
        row = make_response(survey, {"scale": 3}, state=state)
        if number < earlier:
            Contribution.objects.filter(pk=row.pk).update(
                received_at=clock.now() - dt.timedelta(days=2)
            )


def test_responses_stand_beside_the_comments_without_withdrawn_ones(client: Client) -> None:
    officer = make_officer()
    engagement = make_engagement()
    with_responses(engagement, today=3, earlier=2, withdrawn=4)
    make_many_comments(engagement, 2)
    (line,) = gather(officer).lines
    assert received(line) == [("Comments", 2, 2), ("Responses to the questions", 5, 3)]
    client.force_login(officer)
    body = unescape(client.get("/cms/").content.decode())
    assert "Responses to the questions" in body
    assert "3 today" in body


def test_today_begins_at_midnight_in_hong_kong() -> None:
    officer = make_officer()
    engagement = make_engagement(closes=dt.timedelta(days=60))
    midnight = dt.datetime(2027, 1, 5, 16, tzinfo=dt.UTC)
    survey = make_questionnaire(engagement)
    for at in (midnight - dt.timedelta(seconds=1), midnight):
        row = make_response(survey, {"scale": 3})
        Contribution.objects.filter(pk=row.pk).update(received_at=at)
    with clock.freeze(midnight + dt.timedelta(hours=9)):
        (line,) = gather(officer).lines
    assert received(line) == [("Responses to the questions", 2, 1)]


def test_fifty_engagements_take_as_many_queries_as_one() -> None:
    officer = make_officer()
    counts = []
    for number in (1, 49):
        for _each in range(number):
            engagement = make_engagement()
            make_many_comments(engagement, 1)
            with_responses(engagement, today=1, earlier=0, withdrawn=0)
        with CaptureQueriesContext(connection) as queries:
            lines = gather(officer).lines
        counts.append(len(queries))
    assert len(lines) == 50
    assert all(len(line.received) == 2 for line in lines)
    assert counts[0] == counts[1] <= 16, [query["sql"] for query in queries]


def test_each_line_says_its_kind_and_the_heading_is_true_for_all(client: Client) -> None:
    officer = make_officer()
    make_engagement(title="Bags")
    _page, contest = make_contest(by=officer)
    make_many_ideas(contest, 2)
    lines = {str(line.kind): line for line in gather(officer).lines}
    assert set(lines) == {"Consultation", "Idea contest"}
    assert received(lines["Idea contest"]) == [("Ideas", 2, 2)]
    client.force_login(officer)
    body = client.get("/cms/").content.decode().partition("<main")[2]
    assert "Consultations" not in body
    assert "On the desk</h2>" in body
    assert "Idea contest · " in body
    for language, heading, kind in (
        ("zh-hant", "工作枱上的項目", "點子比賽"),
        ("zh-hans", "工作台上的项目", "点子比赛"),
    ):
        UserProfile.objects.update_or_create(
            user=officer, defaults={"preferred_language": language}
        )
        body = client.get("/cms/").content.decode().partition("<main")[2]
        assert heading in body
        assert f"{kind} · " in body


def test_what_has_no_close_is_open_all_the_time(client: Client) -> None:
    officer = make_officer()
    make_contest(by=officer, standing=True, closes_on=None, response_due=None)
    client.force_login(officer)
    body = client.get("/cms/").content.decode()
    assert "Open all the time" in body
    assert "no closing date" not in body.lower()


def test_the_desk_s_code_names_no_room() -> None:
    for name in (
        "consultations/desk.py",
        "consultations/templates/consultations/desk/home_panel.html",
    ):
        text = (ROOT / name).read_text(encoding="utf-8").lower()
        assert "contest" not in text
        assert "idea" not in text


# --- who may approve an outcome -------------------------------------------------------------------


def second_account(of: Account, engagement: Engagement) -> Account:
    """Another account of the same person, an approver of the bureau."""
    other = make_account()
    Account.objects.filter(pk=other.pk).update(person=of.person)
    other.refresh_from_db()
    grant(other, Role.APPROVER, engagement.owner)
    return other


def test_no_account_of_a_writer_finds_the_outcome_to_approve_or_may_approve_it() -> None:
    desk = make_desk()
    close(desk.engagement)
    # The text is the officer's, a part is a colleague's who approves for the bureau as well.
    colleague = make_account()
    grant(colleague, Role.OFFICER, desk.engagement.owner)
    grant(colleague, Role.APPROVER, desk.engagement.owner)
    own = [second_account(one, desk.engagement) for one in (desk.officer, colleague)]
    save_outcome(engagement=desk.engagement, text=SHORT, by=desk.officer)
    (item,) = add_items(engagement=desk.engagement, targets=[("whole", "")], by=colleague)
    texts = {name: both(f"{name} it.") for name in ("asked", "said", "decided", "why", "change")}
    save_item(
        engagement=desk.engagement,
        item=item.public_id,
        text=ItemText(verdict="adopted", **texts),
        revision=None,
        by=colleague,
    )
    outcome = send_outcome(engagement=desk.engagement, by=desk.officer)
    assert gather(desk.approver).outcomes_to_decide == [outcome]
    for account in (*own, colleague, desk.officer):
        assert gather(account).outcomes_to_decide == []
        with pytest.raises(Refused):
            approve_outcome(engagement=desk.engagement, by=account, version=version_of(outcome))
    outcome.refresh_from_db()
    assert outcome.published_at is None
    asked = Notice.objects.filter(kind="outcome-wanted").values_list("account", flat=True)
    assert list(asked) == [desk.approver.pk]


def test_an_outcome_that_only_its_writers_could_approve_is_not_sent() -> None:
    desk = make_desk()
    close(desk.engagement)
    grant(desk.approver, Role.OFFICER, desk.engagement.owner)
    save_outcome(engagement=desk.engagement, text=SHORT, by=desk.officer)
    (item,) = add_items(engagement=desk.engagement, targets=[("whole", "")], by=desk.approver)
    texts = {name: both(f"{name} it.") for name in ("asked", "said", "decided", "why", "change")}
    save_item(
        engagement=desk.engagement,
        item=item.public_id,
        text=ItemText(verdict="adopted", **texts),
        revision=None,
        by=desk.approver,
    )
    with pytest.raises(Conflict):
        send_outcome(engagement=desk.engagement, by=desk.officer)
    make_approver(desk.engagement.owner)
    assert send_outcome(engagement=desk.engagement, by=desk.officer).submitted_at is not None
