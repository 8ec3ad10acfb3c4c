"""Rights on an engagement: by phase, by level, by role."""

import datetime as dt

import pytest

from accounts.models import Level, Role
from core import clock
from core.exceptions import Absent, Closed, Refused, SignInNeeded
from participation import policies
from participation.models import ResultsFrom
from tests.factories.engagements import (
    grant,
    make_account,
    make_bureau,
    make_draft,
    make_engagement,
)

pytestmark = [pytest.mark.django_db]


def verdict(verb="comment", engagement=None, level: int | None = 1, shift=dt.timedelta()):
    person = None
    if level is not None:
        person = make_account().person
        person.level = level
    return policies.can(
        verb, engagement=engagement or make_engagement(), person=person, now=clock.now() + shift
    )


def test_open_phase_allows_a_confirmed_person() -> None:
    assert verdict().allowed
    assert verdict("vote").allowed


def test_a_visitor_is_told_that_signing_in_would_help() -> None:
    answer = verdict(level=None)
    assert (answer.allowed, answer.code, answer.would_help) == (False, "sign-in", True)
    with pytest.raises(SignInNeeded):
        policies.require(answer)


def test_anyone_may_comment_where_the_paper_says_so_but_never_vote() -> None:
    paper = make_engagement(levels={"comment": 0, "vote": 0, "support": 0})
    assert verdict("comment", paper, level=None).allowed
    assert verdict("vote", paper, level=None).code == "sign-in"
    assert verdict("support", paper, level=None).code == "sign-in"


def test_a_verified_only_vote_refuses_an_email_person() -> None:
    paper = make_engagement(levels={"vote": int(Level.VERIFIED)})
    assert verdict("vote", paper, level=1).code == "level"
    assert verdict("vote", paper, level=2).code == "level"
    assert verdict("vote", paper, level=3).allowed
    with pytest.raises(Refused):
        policies.require(verdict("vote", paper, level=1))


@pytest.mark.db
def test_the_last_microsecond_is_open_and_the_next_is_not() -> None:
    paper = make_engagement()
    person = make_account().person
    tick = dt.timedelta(microseconds=1)
    for instant, code in (
        (paper.opens_at - tick, "not-open-yet"),
        (paper.opens_at, "ok"),
        (paper.closes_at - tick, "ok"),
        (paper.closes_at, "closed"),
    ):
        answer = policies.can("vote", engagement=paper, person=person, now=instant)
        assert answer.code == code, instant
    with pytest.raises(Closed):
        policies.require(answer)


def test_a_verb_outside_the_phases_is_no_part() -> None:
    assert verdict("vote", make_engagement(verbs=("comment",))).code == "not-part"


def test_a_draft_looks_absent() -> None:
    with pytest.raises(Absent):
        policies.require(verdict(engagement=make_draft()))


def test_an_unknown_verb_raises() -> None:
    with pytest.raises(ValueError, match="teleport"):
        verdict("teleport")


def test_official_replies_are_for_officers_of_owner_and_partners() -> None:
    epd, lcsd, td = make_bureau("EPD"), make_bureau("LCSD"), make_bureau("TD")
    paper = make_engagement(bureau=epd)
    paper.partners.add(td)
    codes = {}
    for bureau in (epd, lcsd, td):
        officer = make_account()
        grant(officer, Role.OFFICER, bureau)
        codes[bureau.code] = policies.can_reply_officially(officer, paper).code
    assert codes == {"EPD": "ok", "LCSD": "bureau", "TD": "ok"}
    assert policies.can_reply_officially(None, paper).code == "sign-in"
    assert policies.can_reply_officially(make_account(), paper).code == "bureau"


def test_sealed_results_stay_sealed_until_the_stated_moment() -> None:
    now = clock.now()
    open_paper = make_engagement(results_from=ResultsFrom.CLOSE)
    assert policies.can_see_results(engagement=open_paper, now=now).code == "sealed"
    assert policies.can_see_results(engagement=open_paper, now=open_paper.closes_at).allowed
    to_outcome = make_engagement(results_from=ResultsFrom.OUTCOME)
    late = to_outcome.closes_at + dt.timedelta(days=9)
    assert policies.can_see_results(engagement=to_outcome, now=late).code == "sealed"
    with pytest.raises(Closed):
        policies.require(policies.can_see_results(engagement=to_outcome, now=late))
    assert policies.can_see_results(engagement=make_engagement(), now=now).allowed
