"""One vote at a time: what is counted, what is refused, what the audit finds."""

import datetime as dt
import math

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from core import audit, clock
from core.exceptions import Absent, Closed, Invalid, Refused, SignInNeeded, TooLarge, TooMany
from core.models import AuditEntry
from participation.actions.vote_merging import settle_merged_votes
from participation.actions.votes import (
    cast_vote,
    cast_votes,
    choice_from_form,
)
from participation.models import Ballot, Receipt, Vote, VoteEvent
from tests.factories.engagements import make_account, make_engagement
from tests.factories.statements import make_persons, make_statement

pytestmark = [pytest.mark.db, pytest.mark.django_db]


@pytest.fixture
def engagement():
    return make_engagement()


@pytest.fixture
def ballot(engagement):
    return make_statement(engagement).ballot


@pytest.fixture
def person():
    return make_account().person


def written() -> tuple[int, int, int, int]:
    """Heads, events, receipts and audit entries of votes."""
    return (
        Vote.objects.count(),
        VoteEvent.objects.count(),
        Receipt.objects.count(),
        AuditEntry.objects.filter(verb__startswith="vote.").count(),
    )


@pytest.mark.parametrize("choice", [1, 0, -1])
def test_a_vote_is_a_head_an_event_a_receipt_and_an_audit_entry(ballot, person, choice):
    receipt = cast_vote(ballot=ballot, person=person, choice=choice)
    head = Vote.objects.get(ballot=ballot, person=person)
    event = VoteEvent.objects.get()
    assert (head.choice, head.level) == (choice, person.level)
    assert (event.choice, event.at, event.level) == (choice, head.cast_at, head.level)
    assert receipt.engagement == ballot.engagement
    assert receipt.contribution is None
    assert written() == (1, 1, 1, 1)
    assert audit.verify().ok


def test_the_same_choice_again_writes_nothing(ballot, person):
    first = cast_vote(ballot=ballot, person=person, choice=1)
    with clock.travel(dt.timedelta(minutes=5)):
        assert cast_vote(ballot=ballot, person=person, choice=1) == first
    assert written() == (1, 1, 1, 1)
    assert Vote.objects.get().cast_at == VoteEvent.objects.get().at


def test_a_changed_vote_counts_once_and_its_history_stays(ballot, person):
    for minutes, choice in enumerate((1, -1, 0, 1)):
        with clock.travel(dt.timedelta(minutes=minutes)):
            cast_vote(ballot=ballot, person=person, choice=choice)
    assert Vote.objects.get().choice == 1
    assert list(VoteEvent.objects.order_by("id").values_list("choice", flat=True)) == [1, -1, 0, 1]
    assert written() == (1, 4, 1, 4)
    assert audit.verify().ok


def test_a_clock_that_steps_back_loses_no_change(ballot, person):
    cast_vote(ballot=ballot, person=person, choice=1)
    with clock.travel(dt.timedelta(hours=-1)):
        cast_vote(ballot=ballot, person=person, choice=-1)
    head = Vote.objects.get()
    last = VoteEvent.objects.order_by("at", "id").last()
    assert (head.choice, last.choice, head.cast_at) == (-1, -1, last.at)


def test_one_receipt_covers_all_votes_here_and_another_engagement_has_its_own(engagement, person):
    here = [make_statement(engagement).ballot for _number in range(3)]
    there = make_statement(make_engagement()).ballot
    codes = {cast_vote(ballot=each, person=person, choice=1).code for each in here}
    assert len(codes) == 1
    assert cast_vote(ballot=there, person=person, choice=1).code not in codes


@pytest.mark.parametrize(
    "choice",
    [True, False, None, "", "1", "1 ", "agree", [1], [3, 3], {}, (1,), 1.0, 2, -2, 10**9, math.nan],
)
def test_what_is_no_choice_is_refused(ballot, person, choice):
    with pytest.raises(Invalid) as refusal:
        cast_vote(ballot=ballot, person=person, choice=choice)
    assert refusal.value.field == "choice"
    with pytest.raises(Invalid):
        cast_votes(engagement=ballot.engagement, person=person, choices={ballot.public_id: choice})
    assert written() == (0, 0, 0, 0)


@pytest.mark.parametrize(
    "text", ["1", "agree ", "Agree", "true", "NaN", "", "pass\x00", None, ["agree"], 1, True]
)
def test_a_form_sends_exactly_one_of_three_words(text):
    with pytest.raises(Invalid):
        choice_from_form(text)
    assert [choice_from_form(each) for each in ("agree", "pass", "disagree")] == [1, 0, -1]


@pytest.mark.parametrize("state", ["held", "withheld"])
def test_a_statement_that_is_not_published_takes_no_votes(engagement, person, state):
    with pytest.raises(Absent):
        cast_vote(ballot=make_statement(engagement, state=state).ballot, person=person, choice=1)
    retired = make_statement(engagement, retired_at=clock.now())
    with pytest.raises(Absent):
        cast_vote(ballot=retired.ballot, person=person, choice=1)
    assert written() == (0, 0, 0, 0)


def test_before_the_opening_and_after_the_close_nothing_counts(person):
    early = make_statement(make_engagement(opens=dt.timedelta(hours=1))).ballot
    late = make_statement(
        make_engagement(opens=dt.timedelta(days=-9), closes=dt.timedelta(hours=-1))
    ).ballot
    for ballot, code in ((early, "not-open-yet"), (late, "closed")):
        with pytest.raises(Closed) as refusal:
            cast_vote(ballot=ballot, person=person, choice=1)
        assert refusal.value.code == code
    withdrawn = make_engagement()
    ballot = make_statement(withdrawn).ballot
    withdrawn.state = "withdrawn"
    withdrawn.save()
    ballot.engagement.state = "withdrawn"
    with pytest.raises(Absent):
        cast_vote(ballot=ballot, person=person, choice=1)
    assert written() == (0, 0, 0, 0)


def test_the_close_is_to_the_instant(ballot, person):
    close = ballot.engagement.closes_at
    with clock.freeze(close), pytest.raises(Closed):
        cast_vote(ballot=ballot, person=person, choice=1)
    with clock.freeze(close - dt.timedelta(microseconds=1)):
        cast_vote(ballot=ballot, person=person, choice=1)
    assert written() == (1, 1, 1, 1)


def test_the_level_asked_for_is_held(person):
    strict = make_engagement(levels={"vote": 3})
    ballot = make_statement(strict).ballot
    with pytest.raises(Refused):
        cast_vote(ballot=ballot, person=person, choice=1)
    nobody = make_persons(1, level=0)[0]
    with pytest.raises(SignInNeeded):
        cast_vote(ballot=make_statement(make_engagement()).ballot, person=nobody, choice=1)
    Person.objects.filter(pk=person.pk).update(level=3)
    person.refresh_from_db()
    cast_vote(ballot=ballot, person=person, choice=1)
    assert Vote.objects.get().level == 3


def test_ninety_votes_a_minute_and_no_more(ballot, person, settings):
    settings.KAIFONG_LIMITS = {**settings.KAIFONG_LIMITS, "vote": ((3, 60),)}
    with clock.freeze(clock.now()):
        for choice in (1, 0, -1):
            cast_vote(ballot=ballot, person=person, choice=choice)
        with pytest.raises(TooMany):
            cast_vote(ballot=ballot, person=person, choice=1)
    assert Vote.objects.get().choice == -1


def test_choices_of_a_visit_are_cast_together_and_refused_ones_named(engagement, person):
    good = [make_statement(engagement).ballot for _number in range(3)]
    held = make_statement(engagement, state="held").ballot
    foreign = make_statement(make_engagement()).ballot
    choices = {each.public_id: 1 for each in good}
    result = cast_votes(
        engagement=engagement,
        person=person,
        choices={**choices, held.public_id: 1, foreign.public_id: -1, "nothing": 0},
    )
    assert result.counted == [each.public_id for each in good]
    assert result.refused == [held.public_id, foreign.public_id, "nothing"]
    assert written() == (3, 3, 1, 1)
    assert result.receipt == cast_vote(ballot=good[0], person=person, choice=1)
    again = cast_votes(engagement=engagement, person=person, choices=choices)
    assert again.receipt == result.receipt
    assert written() == (3, 3, 1, 1)
    assert audit.verify().ok


def test_choices_of_a_visit_that_none_can_be_cast(engagement, person):
    assert cast_votes(engagement=engagement, person=person, choices={}).receipt is None
    with pytest.raises(TooLarge):
        cast_votes(
            engagement=engagement, person=person, choices={str(each): 1 for each in range(1001)}
        )
    with clock.freeze(engagement.closes_at), pytest.raises(Closed):
        cast_votes(engagement=engagement, person=person, choices={"x": 1})
    assert written() == (0, 0, 0, 0)


def test_an_unknown_kind_of_ballot_is_a_mistake_not_a_refusal(engagement, person):
    ballot = Ballot.objects.create(engagement=engagement, kind="riddle")
    with pytest.raises(LookupError):
        cast_vote(ballot=ballot, person=person, choice=1)


def merge(survivor: Person, merged: Person) -> int:
    Person.objects.filter(pk=merged.pk).update(merged_into=survivor)
    return settle_merged_votes(keep=survivor, gone=merged)


def test_two_persons_become_one_and_the_earliest_vote_stands(engagement, person):
    other = make_account().person
    both, other_first, only_other, only_mine = (
        make_statement(engagement).ballot for _number in range(4)
    )
    steps = [
        (both, person, 1),
        (both, other, -1),
        (other_first, other, -1),
        (other_first, person, 1),
        (only_other, other, 0),
        (only_mine, person, 1),
    ]
    for minutes, (ballot, who, choice) in enumerate(steps):
        with clock.travel(dt.timedelta(minutes=minutes)):
            cast_vote(ballot=ballot, person=who, choice=choice)
    moments = {each.ballot_id: each.cast_at for each in Vote.objects.filter(person=other)}
    assert merge(person, other) == 2
    heads = {each.ballot_id: each for each in Vote.objects.all()}
    assert {pk: head.choice for pk, head in heads.items()} == {
        both.pk: 1,
        other_first.pk: -1,
        only_other.pk: 0,
        only_mine.pk: 1,
    }
    assert {head.person_id for head in heads.values()} == {person.pk}
    assert heads[other_first.pk].cast_at == moments[other_first.pk]
    assert VoteEvent.objects.filter(person=other).count() == 3
    assert VoteEvent.objects.filter(channel="merge").count() == 2
    assert list(dict(audit.registered_checks())["votes: every head is its last event"]()) == []
    # The first vote after the merge is the survivor's, even by a request that still holds the old
    # person, and it changes the one head there is.
    cast_vote(ballot=only_other, person=other, choice=1)
    assert Vote.objects.get(ballot=only_other).choice == 1
    assert Vote.objects.get(ballot=only_other).person == person


def test_an_erased_person_votes_no_more(ballot, person):
    Person.objects.filter(pk=person.pk).update(erased_at=clock.now())
    with pytest.raises(Refused):
        cast_vote(ballot=ballot, person=person, choice=1)
    assert written() == (0, 0, 0, 0)


def _tamper_head_choice(ballot, person):
    Vote.objects.filter(ballot=ballot, person=person).update(choice=-1)


def _tamper_head_level(ballot, person):
    Vote.objects.filter(ballot=ballot, person=person).update(level=3)


def _tamper_both(ballot, person):
    Vote.objects.filter(ballot=ballot, person=person).update(choice=-1)
    VoteEvent.objects.filter(ballot=ballot, person=person).update(choice=-1)


def _delete_head(ballot, person):
    Vote.objects.filter(ballot=ballot, person=person).delete()


def _delete_event(ballot, person):
    VoteEvent.objects.filter(ballot=ballot, person=person).delete()


def _delete_both(ballot, person):
    _delete_head(ballot, person)
    _delete_event(ballot, person)


def _add_head(ballot, person):
    Vote.objects.create(
        ballot=ballot, person=make_persons(1)[0], choice=1, level=1, cast_at=clock.now()
    )


@pytest.mark.parametrize(
    "by_hand",
    [
        _tamper_head_choice,
        _tamper_head_level,
        _tamper_both,
        _delete_head,
        _delete_event,
        _delete_both,
        _add_head,
    ],
)
def test_the_audit_finds_a_vote_changed_by_hand(ballot, person, by_hand):
    cast_vote(ballot=ballot, person=person, choice=1)
    cast_vote(ballot=ballot, person=make_account().person, choice=0)
    assert audit.verify().ok
    by_hand(ballot, person)
    assert not audit.verify().ok


@pytest.mark.django_db(transaction=True)
def test_a_vote_takes_at_most_eight_queries():
    engagement, person = make_engagement(), make_account().person
    ballot_id = make_statement(engagement).ballot.pk
    for choice in (1, -1, -1):
        ballot = Ballot.objects.select_related("engagement", "statement").get(pk=ballot_id)
        with clock.scope(), CaptureQueriesContext(connection) as captured:
            cast_vote(ballot=ballot, person=person, choice=choice)
        asked = [
            query["sql"]
            for query in captured.captured_queries
            if not query["sql"].startswith(("BEGIN", "COMMIT"))
        ]
        assert len(asked) <= 8, "\n".join(asked)
        assert not any("FOR UPDATE" in sql for sql in asked)
