"""Officers are reminded of an answer they owe, their heads when it is late; by Hong Kong days."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Role
from core import clock
from core.exceptions import Conflict
from notifications import words
from notifications.kinds import find
from notifications.models import Notice
from participation.actions.lateness import explain_delay
from participation.actions.reminding import remind_all
from participation.models import Engagement
from participation.tasks import remind_of_answers
from tests.factories.engagements import grant, make_account
from tests.factories.outcomes import DAY, both, make_desk, publish

pytestmark = [pytest.mark.django_db, pytest.mark.db]

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
DUE = dt.date(2031, 3, 31)


def at(day: dt.date, hour: int = 0, minute: int = 0, second: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute, second), HONG_KONG)


def owed_desk():
    """A paper that closed long before its response date."""
    with clock.freeze(at(dt.date(2030, 11, 1), 9)):
        return make_desk(closes=30 * DAY, response_due=DUE)


#: Days before the response date -> marks whose notices are there by then.
TABLE = [
    (29, []),
    (28, ["28"]),
    (8, ["28"]),
    (7, ["28", "7"]),
    (2, ["28", "7"]),
    (1, ["28", "7", "1"]),
    (0, ["28", "7", "1"]),
    (-1, ["28", "7", "1", "late"]),
    (-6, ["28", "7", "1", "late"]),
    (-7, ["28", "7", "1", "late", "late-on"]),
]


def marks(engagement: Engagement) -> list[str]:
    keys = Notice.objects.filter(event_key__startswith="answer:").order_by("pk")
    found = [key.rpartition(":")[2] for key in keys.values_list("event_key", flat=True)]
    return list(dict.fromkeys(found))


def test_marks_by_the_last_and_first_second_of_hong_kong_days(server_zone: str) -> None:
    desk = owed_desk()
    grant(make_account(), Role.ADMINISTRATOR)
    for days, wanted in TABLE:
        day = DUE - dt.timedelta(days=days)
        for instant in (at(day), at(day, 23, 59, 59)):
            with clock.freeze(instant):
                remind_all()
                remind_of_answers()
            assert marks(desk.engagement) == wanted, (server_zone, days, instant)


def test_each_hears_of_a_mark_once_and_in_words() -> None:
    desk = owed_desk()
    stranger = make_account()
    for hour in range(3):
        with clock.freeze(at(DUE - dt.timedelta(days=28), hour)):
            assert remind_all() == 1
    told = Notice.objects.filter(kind="answer-due")
    assert {notice.account for notice in told} == {desk.officer, desk.approver}
    assert told.count() == 2
    assert stranger.notices.count() == 0
    notice = told[0]
    assert notice.path == f"/cms/desk/{desk.engagement.public_id}/outcome/"
    for language in ("en", "zh-hant", "zh-hans"):
        written = words.write(find("answer-due"), notice.params, language)
        assert "28" in written.subject
    assert "has not been begun" in " ".join(written_lines(notice))


def written_lines(notice: Notice) -> list[str]:
    written = words.write(find(notice.kind), notice.params, "en")
    return [line for block in written.blocks for line in block.plain_lines]


def test_a_schedule_that_slept_tells_the_nearest_mark_only() -> None:
    desk = owed_desk()
    with clock.freeze(at(DUE - dt.timedelta(days=3))):
        remind_all()
    assert marks(desk.engagement) == ["7"]
    assert Notice.objects.filter(params__days=3).count() == 2


def test_the_head_is_the_approver_and_without_one_the_administrator() -> None:
    desk = owed_desk()
    boss = make_account()
    grant(boss, Role.ADMINISTRATOR)
    with clock.freeze(at(DUE + dt.timedelta(days=1))):
        remind_all()
    assert [notice.account for notice in Notice.objects.filter(kind="answer-late")] == [
        desk.approver
    ]
    Notice.objects.all().delete()
    desk.approver.grants.all().delete()
    with clock.freeze(at(DUE + dt.timedelta(days=1))):
        remind_all()
    assert [notice.account for notice in Notice.objects.filter(kind="answer-late")] == [boss]
    assert "has not been told why" in " ".join(written_lines(Notice.objects.get(account=boss)))


def test_answered_and_unopened_papers_remind_nobody() -> None:
    desk = owed_desk()
    with clock.freeze(at(DUE - dt.timedelta(days=40))):
        publish(desk)
    with clock.freeze(at(dt.date(2031, 3, 1))):
        make_desk(opens=5 * DAY, closes=20 * DAY, response_due=dt.date(2031, 3, 25))
    with clock.freeze(at(DUE - dt.timedelta(days=28))):
        assert remind_all() == 0
    with clock.freeze(at(DUE + dt.timedelta(days=3))):
        assert remind_all() == 1
    assert not Notice.objects.filter(params__response_due=DUE.isoformat()).exists()


def test_a_reason_is_asked_for_the_first_second_after_the_response_date(server_zone: str) -> None:
    desk = owed_desk()
    with clock.freeze(at(DUE, 23, 59, 59)), pytest.raises(Conflict):
        explain_delay(
            engagement=desk.engagement, reason=both("Rain."), expected=None, by=desk.officer
        )
    with clock.freeze(at(DUE + dt.timedelta(days=1))):
        notice = explain_delay(
            engagement=desk.engagement, reason=both("Rain."), expected=None, by=desk.officer
        )
    assert notice.data["response_due"] == DUE.isoformat()


def test_an_old_delay_seen_for_the_first_time_is_told_once_to_each():
    """A bureau without an approver: the administrators stand in, and hear of it once."""
    desk = owed_desk()
    administrator = make_account()
    grant(administrator, Role.ADMINISTRATOR)
    desk.approver.grants.all().delete()
    with clock.freeze(at(DUE + dt.timedelta(days=38), 9)):
        remind_all()
        remind_all()
    told = Notice.objects.filter(kind="answer-late", account=administrator)
    assert [key.rpartition(":")[2] for key in told.values_list("event_key", flat=True)] == [
        "late-on"
    ]
