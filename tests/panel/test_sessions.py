"""Sessions: booked by who accepted, waited for, called off, attended, seen."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from accounts import export
from core import audit, clock
from core.exceptions import Closed, Conflict, Invalid, Refused
from crowdtasks.findings.models import Finding
from crowdtasks.panel.actions.answering import decline_invitation
from crowdtasks.panel.actions.booking import cancel_booking
from crowdtasks.panel.actions.noting import make_finding
from crowdtasks.panel.actions.sessions import add_observation, call_off, mark_attendance, remind
from crowdtasks.panel.models import Booking, Draw, Observation, Session
from notifications.models import Notice
from tests.factories.panel import (
    accept,
    booked,
    drawn,
    invitations_of,
    make_invited,
    make_session,
    officer_of,
    volunteers,
)
from tests.factories.participation import make_citizen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
BACKEND = "accounts.backends.AccountBackend"


def _draw() -> Draw:
    """Five volunteers who accepted."""
    volunteers(5)
    draw = drawn(make_invited(), {"25-34": 5})
    for one in invitations_of(draw):
        accept(one)
    return draw


def _told(kind: str) -> set[int]:
    rows = Notice.objects.filter(kind=kind).values_list("account__person", flat=True)
    return {row for row in rows if row is not None}


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": "party"}, "kind"),
        ({"starts_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}, "day"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 481}, "minutes"),
        ({"places": 0}, "places"),
        ({"places": 101}, "places"),
        ({"where": ""}, "where"),
        ({"link": "http://meet.example.org/"}, "link"),
        ({"link": "https://192.168.0.1/"}, "link"),
        ({"where": "x" * 201}, "where"),
        ({"note": "x" * 601}, "note"),
    ],
)
def test_a_session_needs_a_time_to_come_places_and_a_place(said, field) -> None:
    with pytest.raises(Invalid) as refused:
        make_session(_draw(), **said)
    assert refused.value.field == field
    assert not Session.objects.exists()


@pytest.mark.db
def test_who_waits_moves_up_in_turn_and_is_told() -> None:
    draw = _draw()
    session = make_session(draw, places=2)
    rows = [booked(session, one) for one in invitations_of(draw)]
    assert [row.state for row in rows] == ["booked", "booked", "waiting", "waiting", "waiting"]
    # A second press gives the same.
    assert booked(session, rows[0].invitation).pk == rows[0].pk
    leaver = rows[0].invitation.person
    cancel_booking(booking=rows[3], person=rows[3].invitation.person)
    assert not _told("session-place")
    cancel_booking(booking=rows[0], person=leaver)
    assert cancel_booking(booking=rows[0], person=leaver).state == "cancelled"
    assert _told("session-place") == {rows[2].invitation.person_id}
    # Who declines after all gives the place to the next who waits.
    decline_invitation(invitation=rows[1].invitation, person=rows[1].invitation.person)
    states = list(Booking.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["cancelled", "cancelled", "booked", "cancelled", "booked"]
    assert len(set(Booking.objects.filter(state="booked").values_list("chair", flat=True))) == 2
    assert audit.verify().ok


def test_only_who_accepted_books_and_one_session_at_a_time() -> None:
    draw = _draw()
    first, second = make_session(draw), make_session(draw)
    invitation = invitations_of(draw)[0]
    booked(first, invitation)
    with pytest.raises(Conflict):
        booked(second, invitation)
    other = drawn(make_invited(), {"25-34": 5})
    with pytest.raises(Refused):
        booked(first, invitations_of(other)[0])
    with pytest.raises(Refused):
        booked(first, accept(invitations_of(other)[0]))
    with clock.freeze(first.starts_at):
        with pytest.raises(Closed):
            booked(first, invitations_of(draw)[1])
        with pytest.raises(Closed):
            cancel_booking(booking=Booking.objects.get(), person=invitation.person)


@pytest.mark.db
def test_reminded_called_off_attended() -> None:
    draw = _draw()
    account = officer_of(draw.plan.round)
    session, other = make_session(draw, days=3, places=2), make_session(draw, days=9)
    one, two, waiting = (booked(session, each) for each in invitations_of(draw)[:3])
    booked(other, invitations_of(draw)[3])
    with clock.freeze(session.starts_at - dt.timedelta(hours=25)):
        assert remind() == 0
    with clock.freeze(session.starts_at - dt.timedelta(hours=23)):
        assert (remind(), remind()) == (2, 0)
    assert _told("session-soon") == {one.invitation.person_id, two.invitation.person_id}
    with pytest.raises(Closed):
        mark_attendance(booking=one, came=True, account=account)
    with clock.freeze(session.starts_at):
        mark_attendance(booking=one, came=False, account=account)
        assert mark_attendance(booking=one, came=True, account=account).state == "came"
        assert mark_attendance(booking=two, came=False, account=account).state == "missed"
        with pytest.raises(Closed):
            mark_attendance(booking=waiting, came=True, account=account)
        with pytest.raises(Refused):
            mark_attendance(booking=one, came=True, account=make_citizen())
        with pytest.raises(Closed):
            call_off(session=session, account=account)
        call_off(session=other, account=account)
    assert _told("session-off") == {invitations_of(draw)[3].person_id}
    assert audit.verify().ok


def test_booking_cancelling_and_the_calendar_without_a_script(client: Any) -> None:
    draw = _draw()
    session = make_session(draw, places=1, where="Sha Tin Library, room 2", link=LINK)
    invitation, other = invitations_of(draw)[:2]
    public_id = draw.plan.round.engagement.public_id
    path = reverse("panel:sessions", args=[public_id])
    client.force_login(invitation.person.accounts.get(), backend=BACKEND)
    assert path in client.get(reverse("panel:invitation", args=[public_id])).content.decode()
    shown = client.get(path).content.decode()
    assert "1 place is left." in shown
    assert LINK not in shown
    book = reverse("panel:book", args=[public_id, session.public_id])
    assert client.post(book).headers["Location"] == path
    shown = client.get(path).content.decode()
    assert LINK in shown
    assert Booking.objects.get().public_id in shown
    answer = client.get(reverse("panel:calendar", args=[public_id, session.public_id]))
    assert answer.headers["Content-Type"].startswith("text/calendar")
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event.decoded("dtstart") == session.starts_at.replace(microsecond=0)
    assert event.decoded("dtend") - event.decoded("dtstart") == dt.timedelta(minutes=60)
    assert str(event["location"]) == "Sha Tin Library, room 2"
    client.force_login(other.person.accounts.get(), backend=BACKEND)
    client.post(book)
    shown = client.get(path).content.decode()
    assert "You are number 1 on the list" in shown
    assert LINK not in shown
    # Nobody downloads a link without a place.
    ics = reverse("panel:calendar", args=[public_id, session.public_id])
    assert client.get(ics).status_code == 404
    client.post(reverse("panel:cancel", args=[public_id, session.public_id]))
    assert Booking.objects.filter(state="waiting").count() == 0
    client.force_login(make_citizen(), backend=BACKEND)
    assert {client.get(path).status_code, client.post(book).status_code} == {404}


def test_the_desk_offers_marks_and_notes_without_a_name(client: Any) -> None:
    draw = _draw()
    public_id = draw.plan.round.engagement.public_id
    client.force_login(officer_of(draw.plan.round), backend=BACKEND)
    path = reverse("panel:session_list", args=[public_id])
    day = (clock.now() + dt.timedelta(days=4)).date()
    sent = {
        "kind": "focus",
        "day_year": str(day.year),
        "day_month": str(day.month),
        "day_day": str(day.day),
        "time": "19:30",
        "minutes": "90",
        "places": "6",
        "where": "沙田圖書館",
    }
    for wrong in ({"time": "late"}, {"day_year": "1"}, {"day_year": "9999"}, {"places": "many"}):
        assert client.post(path, {**sent, **wrong}).status_code == 422
    assert client.post(path, sent).headers["Location"] == path
    session = Session.objects.get()
    assert session.starts_at.astimezone(dt.UTC).strftime("%H:%M") == "11:30"
    booking = booked(session, invitations_of(draw)[0])
    own = reverse("panel:session", args=[public_id, session.public_id])
    account = booking.invitation.person.accounts.get()
    shown = _read(client, own)
    assert booking.public_id in shown
    for word in (account.email, account.display_name, account.person.public_id):
        assert word not in shown
    assert client.post(own, {"text": " "}).status_code == 422
    client.post(own, {"text": "Nobody found the button."})
    note = Observation.objects.get()
    assert note.text in _read(client, own)
    # What was seen becomes a finding, once, for the bureau only.
    making = reverse("panel:finding", args=[public_id, session.public_id, note.public_id])
    assert client.post(making, {"severity": "terrible"}).status_code == 422
    for _press in range(2):
        assert client.post(making, {"severity": "hard"}).headers["Location"] == own
    made = Finding.objects.get()
    assert (made.happened, made.severity, made.observation) == (note.text, "hard", note)
    assert made.contribution.state == "confidential"
    board = reverse("findings:item", args=[public_id, made.contribution.public_id])
    assert board in _read(client, own)
    assert note.text in _read(client, board)
    assert audit.verify().ok
    with clock.freeze(session.starts_at):
        at_door = [public_id, session.public_id, booking.public_id]
        client.post(reverse("panel:attendance", args=at_door), {"came": "yes"})
    booking.refresh_from_db()
    assert booking.state == "came"
    said = export.export_of(account)["round_invitations"][0]["round_sessions"]
    assert [one["booking_state"] for one in said] == ["came"]


def _read(client: Any, path: str) -> str:
    content: str = client.get(path).content.decode()
    return content


def test_lists_of_sessions_ask_as_much_for_many_as_for_one(client: Any) -> None:
    draw = _draw()
    public_id = draw.plan.round.engagement.public_id
    booked(make_session(draw), invitations_of(draw)[0])
    paths = {
        reverse("panel:sessions", args=[public_id]): invitations_of(draw)[0].person.accounts.get(),
        reverse("panel:session_list", args=[public_id]): officer_of(draw.plan.round),
    }
    found = {}
    for number in (1, 50):
        while Session.objects.count() < number:
            make_session(draw)
        for path, account in paths.items():
            client.force_login(account, backend=BACKEND)
            client.get(path)
            with CaptureQueriesContext(connection) as asked:
                client.get(path)
            found.setdefault(path, set()).add(len(asked))
    assert all(len(numbers) == 1 for numbers in found.values()), found


LINK = "https://meet.example.org/seats"


def test_which_finding_a_note_became_is_proved() -> None:
    volunteers(5)
    round = make_invited()
    session = make_session(drawn(round, {"25-34": 5}))
    by = officer_of(round)
    note = add_observation(session=session, text="Seen.", language="en", account=by)
    made = make_finding(observation=note, severity="small", account=by)
    assert audit.verify().ok
    Observation.objects.filter(pk=made.pk).update(finding=None)
    assert len(audit.verify().faults) == 1
    # What an older version entered without it is entered anew.
    module = import_module("crowdtasks.panel.migrations.0004_notes_are_proved_anew")
    module.enter_again(apps, None)
    assert audit.verify().ok
