"""The whole life of a paper by a moved clock: every state, and the last and first second of each.

Days are Hong Kong's and the clock is the database's, wherever the server stands.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from accounts.models import Role
from core import clock, jobs
from core.exceptions import Closed, Conflict
from feedback import tasks
from feedback.actions.delivery import acknowledge
from feedback.models import Delivery, Making, Snapshot
from notifications.models import Notice
from participation.actions.lateness import explain_delay
from participation.actions.votes import cast_vote
from participation.models import Ballot, Engagement
from participation.stages import stage
from participation.tasks import remind_of_answers
from questionnaires.actions.drafts import begin_draft, save_draft
from questionnaires.actions.responses import submit_response
from questionnaires.models import Draft, Questionnaire
from tests.factories.consultations import chapter, make_paper, paragraph
from tests.factories.engagements import grant, make_account, make_bureau, make_engagement
from tests.factories.outcomes import Desk, both, make_item, publish
from tests.factories.participation import make_citizen, make_receipt
from tests.factories.questionnaires import definition, make_questionnaire, question

pytestmark = [pytest.mark.django_db, pytest.mark.db]

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
#: Open from 1 February to 22 March 2027, both included; an answer promised by 20 May. Five
#: working days after 23 March end on 1 April: Easter lies between.
FIRST, LAST, DUE = dt.date(2027, 2, 1), dt.date(2027, 3, 22), dt.date(2027, 5, 20)

#: Hong Kong's clock | what is done then | stage | what is accepted | the report | reminders sent.
#: ``send`` is a response that was begun while it was open.
LIFE = """
2027-01-31 23:59:59 |             | upcoming          |                         |              |
2027-02-01 00:00:00 | begin draft | open              | comment vote begin send |              |
2027-03-15 23:59:59 |             | open              | comment vote begin send |              |
2027-03-16 00:00:00 |             | closing-soon      | comment vote begin send |              |
2027-03-22 23:59:59 |             | closing-soon      | comment vote begin send |              |
2027-03-23 00:00:00 |             | outcome-due       | send                    |              |
2027-03-23 00:29:59 |             | outcome-due       | send                    |              |
2027-03-23 00:30:00 | freeze      | outcome-due       |                         | frozen       |
2027-03-23 00:30:01 | deliver     | outcome-due       |                         | delivered    |
2027-04-01 23:59:59 |             | outcome-due       |                         | delivered    |
2027-04-02 00:00:00 |             | outcome-due       |                         | chased       |
2027-04-02 00:00:01 | acknowledge | outcome-due       |                         | acknowledged |
2027-04-21 23:59:59 |             | outcome-due       |                         | acknowledged |
2027-04-22 00:00:00 |             | outcome-due       |                         | acknowledged | 28
2027-05-12 23:59:59 |             | outcome-due       |                         | acknowledged | 28
2027-05-13 00:00:00 |             | outcome-due       |                         | acknowledged | 28 7
2027-05-18 23:59:59 |             | outcome-due       |                         | acknowledged | 28 7
2027-05-19 00:00:00 |             | outcome-due       |                         | acknowledged | 28 7 1
2027-05-20 23:59:59 | no reason   | outcome-due       |                         | acknowledged | 28 7 1
2027-05-21 00:00:00 | reason      | outcome-overdue   |                         | acknowledged | 28 7 1 late
2027-05-26 23:59:59 |             | outcome-overdue   |                         | acknowledged | 28 7 1 late
2027-05-27 00:00:00 |             | outcome-overdue   |                         | acknowledged | 28 7 1 late late-on
2027-05-28 12:00:00 | answer      | outcome-published |                         | acknowledged | 28 7 1 late late-on
2027-06-30 00:00:00 |             | outcome-published |                         | acknowledged | 28 7 1 late late-on
"""  # noqa: E501

#: The same paper, whose report is acknowledged in the last second of the fifth working day, and
#: which is answered in the last second before anybody would be reminded.
RECEIVED = """
2027-02-01 00:00:00 | begin draft | open              | comment vote begin send |              |
2027-03-23 00:30:00 | freeze      | outcome-due       |                         | frozen       |
2027-03-23 00:30:01 | deliver     | outcome-due       |                         | delivered    |
2027-04-01 23:59:59 | acknowledge | outcome-due       |                         | acknowledged |
2027-04-02 00:00:00 |             | outcome-due       |                         | acknowledged |
2027-04-21 23:59:59 | answer      | outcome-published |                         | acknowledged |
2027-04-22 00:00:00 |             | outcome-published |                         | acknowledged |
2027-05-21 00:00:00 |             | outcome-published |                         | acknowledged |
"""


@dataclass(frozen=True)
class Row:
    """One line of a table."""

    at: dt.datetime
    act: str
    stage: str
    accepted: str
    report: str
    reminders: str


def rows(table: str) -> Iterator[Row]:
    for line in table.strip().splitlines():
        at, *others = [cell.strip() for cell in line.split("|")]
        yield Row(dt.datetime.fromisoformat(at).replace(tzinfo=HONG_KONG), *others)


@dataclass
class Paper:
    """A paper with questions and a statement, who writes and answers for it, and its address."""

    engagement: Engagement
    survey: Questionnaire
    desk: Desk
    ballot: Ballot
    path: str
    draft: Draft | None = None

    def fresh(self) -> Engagement:
        return Engagement.objects.select_related("owner", "outcome").get(pk=self.engagement.pk)


@pytest.fixture
def paper(tree: Any) -> Paper:
    """Published in December, so that it waits for its opening."""
    with clock.freeze(dt.datetime(2026, 12, 1, 9, tzinfo=HONG_KONG)):
        bureau = make_bureau("EPD")
        officer, approver = make_account(), make_account()
        grant(officer, Role.OFFICER, bureau)
        grant(approver, Role.APPROVER, bureau)
        grant(make_account(), Role.ADMINISTRATOR)
        page, engagement = make_paper(
            bureau=bureau,
            by=officer,
            body=[chapter("c1", "Chapter", paragraph("p1", "One."))],
            opens=(FIRST - dt.date(2026, 12, 1)).days,
            closes=(LAST - dt.date(2026, 12, 1)).days,
            response_due=DUE,
        )
        survey = make_questionnaire(engagement, definition(question("a", number=1)))
        assert engagement.response_due == DUE
        return Paper(
            engagement,
            survey,
            Desk(engagement, officer, approver),
            Ballot.objects.get(engagement=engagement),
            f"/en/consultations/epd/{page.slug}/",
        )


# --- what is done ---------------------------------------------------------------------------------


def begin(paper: Paper) -> Draft:
    draft = begin_draft(
        questionnaire=paper.survey, person=None, language="en", source="address:192.0.2.1"
    )
    return save_draft(draft=draft, values={"a": "An answer."})


def _begin_draft(paper: Paper) -> None:
    paper.draft = begin(paper)


def _freeze(paper: Paper) -> None:
    tasks.begin_closed_reports()
    tasks.snapshots.make_report(making=Making.objects.get(engagement=paper.engagement))


def _deliver(paper: Paper) -> None:
    tasks.begin_closed_reports()
    jobs.drain()


def _acknowledge(paper: Paper) -> None:
    acknowledge(delivery=Delivery.objects.get(), name="Chan Tai Man", by=paper.desk.officer)


def _reason(paper: Paper) -> None:
    explain_delay(
        engagement=paper.fresh(), reason=both("Rain."), expected=None, by=paper.desk.officer
    )


def _no_reason(paper: Paper) -> None:
    with pytest.raises(Conflict):
        _reason(paper)


def _answer(paper: Paper) -> None:
    desk = Desk(paper.fresh(), paper.desk.officer, paper.desk.approver)
    for asked in paper.survey.questions.all():
        make_item(desk, "question", asked.public_id)
    publish(desk)


ACTS: dict[str, Callable[[Paper], None]] = {
    "": lambda paper: None,
    "begin draft": _begin_draft,
    "freeze": _freeze,
    "deliver": _deliver,
    "acknowledge": _acknowledge,
    "no reason": _no_reason,
    "reason": _reason,
    "answer": _answer,
}


# --- what is seen ---------------------------------------------------------------------------------


def accepted(paper: Paper) -> str:
    """Which of everything that people send is taken at this very moment; none of it is kept."""
    citizen = make_citizen()
    engagement = Engagement.objects.get(pk=paper.engagement.pk)
    survey = Questionnaire.objects.select_related("engagement").get(pk=paper.survey.pk)
    ballot = Ballot.objects.select_related("engagement").get(pk=paper.ballot.pk)
    tries: dict[str, Callable[[], Any]] = {
        "comment": lambda: make_receipt(engagement, account=citizen),
        "vote": lambda: cast_vote(ballot=ballot, person=citizen.person, choice=1),
        "begin": lambda: begin_draft(
            questionnaire=survey, person=None, language="en", source="address:192.0.2.1"
        ),
    }
    if paper.draft is not None:
        tries["send"] = lambda: submit_response(
            draft=paper.draft, person=citizen.person, account=citizen
        )
    return " ".join(name for name, attempt in tries.items() if _taken(attempt))


def _taken(attempt: Callable[[], Any]) -> bool:
    class Undo(Exception):
        pass

    cache.clear()
    try:
        with transaction.atomic():
            attempt()
            raise Undo
    except Undo:
        return True
    except Closed:
        return False


def report(paper: Paper) -> str:
    delivery = Delivery.objects.select_related("received").first()
    if delivery is None:
        return "frozen" if Snapshot.objects.exists() else ""
    if getattr(delivery, "received", None):
        return "acknowledged"
    return "chased" if delivery.chased_at else "delivered"


def reminders(paper: Paper) -> str:
    keys = Notice.objects.filter(event_key__startswith="answer:").order_by("pk")
    found = [key.rpartition(":")[2] for key in keys.values_list("event_key", flat=True)]
    return " ".join(dict.fromkeys(found))


def schedule() -> None:
    """What runs by the clock, twice: it must not matter."""
    for _twice in range(2):
        tasks.begin_closed_reports()
        tasks.chase_deliveries()
        remind_of_answers()


def walk(paper: Paper, table: str, zone: str) -> None:
    """Go through a table, and say at which line and in which cell it is otherwise."""
    for row in rows(table):
        with clock.freeze(row.at):
            cache.clear()
            ACTS[row.act](paper)
            if row.act != "freeze":
                schedule()
            engagement = paper.fresh()
            seen = Row(
                row.at,
                row.act,
                stage(engagement, clock.now()).value,
                accepted(paper),
                report(paper),
                reminders(paper),
            )
            assert seen == row, zone
            cache.clear()
            shown = Client().get(paper.path).content.decode()
            assert str(stage(engagement, row.at).label) in shown, (zone, row)


# --- the tables -----------------------------------------------------------------------------------


def test_the_life_of_a_paper(paper, server_zone):
    walk(paper, LIFE, server_zone)
    snapshot, delivery = Snapshot.objects.get(), Delivery.objects.get()
    closed = dt.datetime(2027, 3, 23, tzinfo=HONG_KONG)
    assert paper.fresh().closes_at == closed
    assert snapshot.taken_at == closed + dt.timedelta(minutes=30)
    assert delivery.owed_by == dt.date(2027, 4, 1)
    assert Notice.objects.filter(kind="report-unreceived").count() == 1
    assert paper.engagement.public_notices.get(kind="late").at == dt.datetime(
        2027, 5, 21, tzinfo=HONG_KONG
    )


def test_received_in_the_last_second_nobody_is_chased(paper, server_zone):
    walk(paper, RECEIVED, server_zone)
    assert not Notice.objects.filter(kind="report-unreceived").exists()
    assert not Notice.objects.filter(kind="answer-due").exists()
    assert Delivery.objects.get().chased_at is None


def test_without_a_response_date_it_closes_and_owes_nothing(server_zone):
    first = dt.datetime.combine(FIRST, dt.time(), HONG_KONG)
    closes = dt.datetime.combine(LAST + dt.timedelta(days=1), dt.time(), HONG_KONG)
    with clock.freeze(first - dt.timedelta(days=1)):
        engagement = make_engagement(
            opens=dt.timedelta(days=1), closes=closes - first + dt.timedelta(days=1)
        )
    for at, wanted in (
        (first - dt.timedelta(seconds=1), "upcoming"),
        (first, "open"),
        (closes - dt.timedelta(seconds=1), "closing-soon"),
        (closes, "closed"),
        (closes + dt.timedelta(days=400), "closed"),
    ):
        with clock.freeze(at):
            remind_of_answers()
            assert stage(engagement, clock.now()).value == wanted, (server_zone, at)
    assert not Notice.objects.filter(event_key__startswith="answer:").exists()
