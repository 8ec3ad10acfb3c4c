"""The jury's result: made at the close, reasons by the officer, public by another's approval."""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client

from core import clock
from core.exceptions import Absent, Conflict, Invalid, Refused
from ideas.access import access_jury_result
from ideas.actions.judging import declare_interests, save_judgement, submit_sheet
from ideas.actions.jury import appoint_juror
from ideas.actions.jury_result import (
    approve_result,
    close_jury,
    save_reasons,
    send_back_result,
    sheets_of,
)
from ideas.models import JuryPlace, JuryResult
from ideas.scoring import standings
from tests.factories.desk import make_approver, make_officer
from tests.factories.engagements import make_bureau
from tests.factories.juries import make_judged, make_juror, score, scoring_day

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
BACKEND = "accounts.backends.AccountBackend"


def _client(account):
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client


def _example():
    """The example of docs/jury.md: weights 60 and 40, Ben has a conflict with the rest stop."""
    engagement, ideas = make_judged("Pergola", "Queue", "Rest stop")
    pergola, queue, rest = ideas
    officer = make_officer(engagement.owner)
    seats = [make_juror(engagement, by=officer) for _each in range(3)]
    with clock.freeze(scoring_day()):
        (ana, one), (ben, two), (cho, three) = seats
        score(ana, one, {pergola: (8, 6), queue: (6, 6), rest: (4, 3)})
        declare_interests(juror=ben, ideas=[rest.contribution.public_id], by=two)
        for idea, mark in ((pergola, 2), (queue, 4)):
            marks = {"k1": mark, "k2": mark}
            save_judgement(juror=ben, idea=idea, marks=marks, language="en", by=two)
        submit_sheet(juror=ben, by=two)
        score(cho, three, {pergola: (9, 9), queue: (9, 9), rest: (9, 9)})
    return engagement, ideas, officer


def _reasons(ideas):
    return {idea.contribution.public_id: f"Why {idea.title}." for idea in ideas}


def test_the_example_comes_out_of_the_database_as_it_was_worked_out_by_hand():
    engagement, (pergola, queue, rest), officer = _example()
    with clock.freeze(scoring_day()):
        result = close_jury(engagement=engagement, by=officer)
        assert close_jury(engagement=engagement, by=officer) == result
    rows = {row.idea_id: row for row in result.places.all()}
    assert {
        idea.title: (rows[idea.pk].normal, rows[idea.pk].plain, rows[idea.pk].jurors)
        for idea in (pergola, queue, rest)
    } == {
        "Queue": (Decimal("0.4224"), Decimal("6.3333"), 3),
        "Pergola": (Decimal("0.0230"), Decimal("6.0667"), 3),
        "Rest stop": (Decimal("-0.6682"), Decimal("6.3000"), 2),
    }
    assert [row.idea_id for row in result.places.all()] == [queue.pk, pergola.pk, rest.pk]
    assert [row.plain_place for row in result.places.all()] == [1, 3, 2]
    # Everybody who has the sheets and the seed gets the same.
    again = standings(sheets_of(engagement.contest), {"k1": 60, "k2": 40}, seed=result.seed)
    assert [float(row.normal) for row in result.places.all()] == [row.normal for row in again]
    with pytest.raises(Conflict):
        appoint_juror(engagement=engagement, email="a@people.example", by=officer, language="en")


def test_the_jury_closes_once_all_have_submitted_or_the_time_is_over():
    engagement, (one,) = make_judged("One")
    officer = make_officer(engagement.owner)
    first, account = make_juror(engagement, by=officer)
    make_juror(engagement, by=officer)
    with clock.freeze(scoring_day()):
        score(first, account, {one: (5, 5)})
        with pytest.raises(Conflict, match="once all have submitted"):
            close_jury(engagement=engagement, by=officer)
        with pytest.raises(Refused):
            close_jury(engagement=engagement, by=make_officer(make_bureau("LCSD")))
    with clock.travel(dt.timedelta(days=30)):
        result = close_jury(engagement=engagement, by=officer)
    # Who did not submit does not count.
    assert result.jurors == 1
    silent, (_idea,) = make_judged("Silent")
    make_juror(silent, by=officer)
    with clock.travel(dt.timedelta(days=30)), pytest.raises(Conflict, match="No juror"):
        close_jury(engagement=silent, by=officer)
    assert JuryResult.objects.count() == 1


def test_reasons_are_written_approved_by_another_and_stand():
    engagement, ideas, officer = _example()
    approver = make_approver(engagement.owner)
    with clock.freeze(scoring_day()):
        close_jury(engagement=engagement, by=officer)
        with pytest.raises(Invalid):
            save_reasons(engagement=engagement, reasons={}, language="en", by=officer, send=True)
        with pytest.raises(Conflict, match="Nothing waits"):
            approve_result(engagement=engagement, by=approver)
        wanted = {"engagement": engagement, "reasons": _reasons(ideas), "language": "en"}
        save_reasons(**wanted, by=officer, send=True)
        for stranger in (officer, make_approver(make_bureau("LCSD"))):
            with pytest.raises(Refused):
                approve_result(engagement=engagement, by=stranger)
        sent_back = send_back_result(engagement=engagement, note="Say more.", by=approver)
        assert (sent_back.sent_at, sent_back.note) == (None, "Say more.")
        save_reasons(**wanted, by=officer, send=True)
        with pytest.raises(Absent):
            access_jury_result(engagement.public_id)
        approve_result(engagement=engagement, by=approver)
        with pytest.raises(Conflict, match="published"):
            save_reasons(**wanted, by=officer)
    assert access_jury_result(engagement.public_id)[1].approved_by == approver
    assert JuryPlace.objects.get(place=1).reason == "Why Queue."


def test_who_wrote_the_reasons_approves_them_with_no_other_account_either():
    engagement, ideas, officer = _example()
    second = make_approver(engagement.owner)
    second.person = officer.person
    second.save(update_fields=["person"])
    with clock.freeze(scoring_day()):
        close_jury(engagement=engagement, by=officer)
        save_reasons(
            engagement=engagement, reasons=_reasons(ideas), language="en", by=officer, send=True
        )
        with pytest.raises(Refused, match="Somebody else"):
            approve_result(engagement=engagement, by=second)


def test_chair_and_approver_walk_from_the_close_to_the_public_table():
    engagement, ideas, officer = _example()
    approver = make_approver(engagement.owner)
    chair = f"/en/e/{engagement.public_id}/jury/chair/"
    public = f"/en/e/{engagement.public_id}/jury/result/"
    with clock.freeze(scoring_day()):
        desk, other, everybody = _client(officer), _client(approver), Client()
        assert "Close the jury" in desk.get(chair).content.decode()
        desk.post(chair + "close/")
        shown = desk.get(chair + "reasons/").content.decode()
        assert "On Queue." in shown
        typed = {f"reason_{key}": text for key, text in _reasons(ideas).items()}
        assert desk.post(chair + "reasons/", {"then": "send"}).status_code == 422
        desk.post(chair + "reasons/", {**typed, "then": "send"})
        assert "Approve and publish" not in desk.get(chair + "reasons/").content.decode()
        assert everybody.get(public).status_code == 404
        page = engagement.paths["en"]
        assert "0.4224" not in everybody.get(page).content.decode()
        assert "Approve and publish" in other.get(chair + "reasons/").content.decode()
        other.post(chair + "approve/")
        shown = everybody.get(public).content.decode()
        for said in ("0.4224", "6.0667", "Why Queue.", JuryResult.objects.get().seed):
            assert said in shown
        # What a juror wrote is published only as the officer edited it.
        assert "On Queue." not in shown
        assert "0.4224" in everybody.get(page).content.decode()
        for language in ("zh-hant", "zh-hans"):
            translated = everybody.get(public.replace("/en/", f"/{language}/"))
            assert "0.4224" in translated.content.decode()
