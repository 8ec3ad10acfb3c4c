"""Votes of a contest that come at the same instant: threads with a connection of their own.

One round of each here; ``make test-long`` runs twenty.
"""

import datetime as dt
import threading

import pytest
from django.db import transaction

from accounts.models import Person
from core import audit, clock
from core.exceptions import Closed, DomainError
from core.models import AuditEntry
from participation.actions.choices import papers_agree, withdraw_choices
from participation.actions.vote_merging import settle_merged_votes
from participation.actions.votes import heads_agree
from participation.models import Receipt, Vote, VoteChoice, VoteEvent, VotePaper
from tests.factories.engagements import make_account
from tests.factories.votes import cast, fresh, in_the_vote, key, make_voting
from tests.participation.test_votes_race import rounds, together

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("tree"),
]
THREADS = 50


@pytest.fixture(autouse=True)
def no_limit(settings):
    settings.KAIFONG_LIMITS = {**settings.KAIFONG_LIMITS, "vote": ((100_000, 60),)}


@pytest.fixture
def voting():
    _page, vote, ideas = make_voting("stars")
    with in_the_vote():
        yield vote, ideas


def _standing() -> dict[str, int]:
    return dict(VoteChoice.objects.values_list("entry__public_id", "value"))


def _codes(answers: list[object]) -> set[object]:
    return {getattr(each, "code", each) for each in answers}


@rounds
def test_fifty_identical_votes_are_one_vote_and_fifty_equal_receipts(voting, number):
    vote, ideas = voting
    person = make_account().person
    choices = {key(ideas[0]): 5, key(ideas[1]): 2}
    answers = together([lambda: cast(vote, choices, by=person)] * THREADS)
    assert _codes(answers) == {Receipt.objects.get(contribution=None).code}
    assert (Vote.objects.count(), VoteEvent.objects.count()) == (1, 1)
    assert _standing() == choices
    assert AuditEntry.objects.filter(verb="vote.cast").count() == 1
    assert audit.verify().ok


@rounds
def test_fifty_different_votes_leave_the_last_paper_standing_whole(voting, number):
    vote, ideas = voting
    person = make_account().person
    sent = [
        {key(ideas[index % 3]): index % 5 + 1, key(ideas[(index + 1) % 3]): index % 4 + 1}
        for index in range(THREADS)
    ]
    answers = together([lambda each=each: cast(vote, each, by=person) for each in sent])
    assert _codes(answers) == {Receipt.objects.get(contribution=None).code}
    assert Vote.objects.count() == 1
    assert VoteEvent.objects.count() == VotePaper.objects.count()
    assert _standing() in sent
    assert [*heads_agree(), *papers_agree()] == []
    assert audit.verify().ok


@rounds
def test_one_verified_person_with_two_accounts_has_one_vote(voting, number):
    vote, ideas = voting
    first, second = make_account(), make_account()
    second.person = first.person
    second.save()
    people = [first.person_id, second.person_id]
    answers = together(
        [
            lambda pk=people[index % 2]: cast(
                vote, {key(ideas[0]): 3}, by=Person.objects.get(pk=pk)
            )
            for index in range(20)
        ]
    )
    assert _codes(answers) == {Receipt.objects.get(contribution=None).code}
    assert (Vote.objects.count(), VoteEvent.objects.count()) == (1, 1)


@rounds
def test_votes_and_withdrawals_during_a_merge_end_on_one_person(voting, number):
    vote, ideas = voting
    keep, gone = make_account().person, make_account().person
    cast(vote, {key(ideas[0]): 1}, by=keep)
    cast(vote, {key(ideas[1]): 2}, by=gone)

    def merge() -> None:
        with transaction.atomic():
            pair = Person.objects.select_for_update().filter(pk__in=[keep.pk, gone.pk])
            list(pair.order_by("pk"))
            Person.objects.filter(pk=gone.pk).update(merged_into=keep)
            settle_merged_votes(keep=keep, gone=gone)

    jobs = [
        merge,
        *(
            lambda index=index: cast(
                vote, {key(ideas[index % 3]): index % 5 + 1}, by=(keep, gone)[index % 2]
            )
            for index in range(10)
        ),
        *[lambda: withdraw_choices(ballot=fresh(vote).ballot, person=keep)] * 2,
    ]
    errors = [each for each in together(jobs) if isinstance(each, Exception)]
    assert errors == []
    assert Vote.objects.get().person_id == keep.pk
    assert [*heads_agree(), *papers_agree()] == []


@rounds
def test_the_close_in_the_middle_counts_exactly_what_was_acknowledged(voting, number):
    vote, ideas = voting
    close = vote.ballot.engagement.closes_at
    persons = [make_account().person for _index in range(30)]
    closed = threading.Event()

    def late(person: Person) -> Receipt:
        closed.wait(timeout=60)
        return cast(vote, {key(ideas[0]): 4}, by=person)

    with clock.freeze(close - dt.timedelta(milliseconds=1)):
        moved = clock.travel(dt.timedelta(milliseconds=1))

        def strike() -> None:
            moved.__enter__()
            closed.set()

        jobs = [
            lambda person=each: cast(vote, {key(ideas[0]): 4}, by=person) for each in persons[:20]
        ]
        jobs += [lambda person=each: late(person) for each in persons[20:]]
        try:
            answers = together([*jobs, strike])[:-1]
        finally:
            moved.__exit__(None, None, None)
    kept = [each for each in answers if isinstance(each, Receipt)]
    refused = [each for each in answers if isinstance(each, DomainError)]
    assert len(kept) + len(refused) == len(persons)
    assert all(isinstance(each, Closed) and each.code == "closed" for each in refused)
    assert all(isinstance(each, Closed) for each in answers[20:])
    assert {each.person_id for each in kept} == set(Vote.objects.values_list("person", flat=True))
    assert not Vote.objects.filter(cast_at__gte=close).exists()
