"""The jury's result: made once, at the close, from what was submitted."""

import datetime as dt
from decimal import Decimal

import pytest

from core import clock
from core.exceptions import Conflict, Refused
from ideas.actions.judging import declare_interests, save_judgement, submit_sheet
from ideas.actions.jury import appoint_juror
from ideas.actions.jury_result import close_jury, sheets_of
from ideas.models import JuryResult
from ideas.scoring import standings
from tests.factories.desk import make_officer
from tests.factories.engagements import make_bureau
from tests.factories.juries import make_judged, make_juror, score, scoring_day

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


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
