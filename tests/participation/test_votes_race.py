"""Votes that come at the same instant: real threads, each with a connection of its own.

One round of each here; ``make test-long`` runs twenty.
"""

import datetime as dt
import itertools
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import Person
from core import audit, clock
from core.exceptions import Closed, DomainError
from core.models import AuditEntry
from participation.actions.vote_merging import settle_merged_votes
from participation.actions.votes import cast_vote, cast_votes, heads_agree
from participation.models import Ballot, Receipt, Vote, VoteEvent
from tests.factories.engagements import make_account, make_engagement
from tests.factories.statements import make_statement

pytestmark = [pytest.mark.db, pytest.mark.django_db(transaction=True)]

THREADS = 50
rounds = pytest.mark.parametrize(
    "number",
    [
        pytest.param(0, id="once"),
        *(pytest.param(each, marks=pytest.mark.long) for each in range(1, 20)),
    ],
)


def _be_patient() -> None:
    """Connect, and let SQLite's writers wait for one another for as long as it takes.

    Fifty at once stand in one line; on a busy machine it is longer than a request may wait.
    """
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 110000")


def together(jobs: list[Callable[[], Any]]) -> list[Any]:
    """Run the jobs in threads released by one barrier; what each returned, or the error it met."""
    barrier = threading.Barrier(len(jobs))
    answers: list[Any] = [None] * len(jobs)

    def run(index: int, job: Callable[[], Any]) -> None:
        try:
            _be_patient()
            barrier.wait(timeout=60)
            answers[index] = job()
        except Exception as error:
            answers[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not any(thread.is_alive() for thread in threads)
    return answers


def fresh(ballot: Ballot) -> Ballot:
    """The ballot as a request of its own loads it."""
    return Ballot.objects.select_related("engagement", "statement").get(pk=ballot.pk)


@pytest.fixture(autouse=True)
def no_limit(settings):
    settings.KAIFONG_LIMITS = {**settings.KAIFONG_LIMITS, "vote": ((100_000, 60),)}


@pytest.fixture
def ballot():
    return make_statement(make_engagement()).ballot


@rounds
def test_fifty_identical_votes_are_one_head_and_fifty_equal_receipts(ballot, number):
    person = make_account().person
    answers = together([lambda: cast_vote(ballot=fresh(ballot), person=person, choice=1)] * THREADS)
    assert {getattr(each, "code", each) for each in answers} == {Receipt.objects.get().code}
    assert (Vote.objects.count(), VoteEvent.objects.count()) == (1, 1)
    assert AuditEntry.objects.filter(verb="vote.cast").count() == 1
    assert audit.verify().ok


@rounds
def test_fifty_different_choices_leave_the_last_event_as_the_head(ballot, number):
    person = make_account().person
    answers = together(
        [
            lambda choice=index % 3 - 1: cast_vote(
                ballot=fresh(ballot), person=person, choice=choice
            )
            for index in range(THREADS)
        ]
    )
    assert {getattr(each, "code", each) for each in answers} == {Receipt.objects.get().code}
    head = Vote.objects.get()
    events = list(VoteEvent.objects.order_by("id"))
    assert (head.choice, head.cast_at) == (events[-1].choice, events[-1].at)
    assert [each.at for each in events] == sorted(each.at for each in events)
    choices = [each.choice for each in events]
    assert all(one != two for one, two in itertools.pairwise(choices))
    assert AuditEntry.objects.filter(verb="vote.cast").count() == len(events)
    assert audit.verify().ok


@rounds
def test_one_person_with_two_accounts_has_one_vote(ballot, number):
    first, second = make_account(), make_account()
    second.person = first.person
    second.save()
    people = [first.person, second.person]
    answers = together(
        [
            lambda person=people[index % 2]: cast_vote(
                ballot=fresh(ballot), person=Person.objects.get(pk=person.pk), choice=1
            )
            for index in range(20)
        ]
    )
    assert {getattr(each, "code", each) for each in answers} == {Receipt.objects.get().code}
    assert (Vote.objects.count(), VoteEvent.objects.count()) == (1, 1)


@rounds
def test_votes_during_a_merge_end_on_one_person(ballot, number):
    survivor, merged = make_account().person, make_account().person

    def merge() -> None:
        with transaction.atomic():
            list(
                Person.objects.select_for_update()
                .filter(pk__in=[survivor.pk, merged.pk])
                .order_by("pk")
            )
            Person.objects.filter(pk=merged.pk).update(merged_into=survivor)
            settle_merged_votes(keep=survivor, gone=merged)

    def vote(who: Person, choice: int) -> Receipt:
        return cast_vote(ballot=fresh(ballot), person=who, choice=choice)

    jobs: list[Callable[[], Any]] = [merge]
    for index in range(12):
        who = (survivor, merged)[index % 2]
        jobs.append(lambda who=who, choice=index % 3 - 1: vote(who, choice))
    errors = [each for each in together(jobs) if isinstance(each, Exception)]
    assert errors == []
    assert Vote.objects.get().person_id == survivor.pk
    assert list(heads_agree()) == []


@rounds
def test_parallel_batches_of_a_visit_count_once(number):
    engagement = make_engagement()
    keys = [make_statement(engagement).ballot.public_id for _index in range(10)]
    person = make_account().person
    orders = [dict.fromkeys(keys, 1), dict.fromkeys(reversed(keys), 1)]
    answers = together(
        [
            lambda choices=orders[index % 2]: (
                cast_votes(engagement=engagement, person=person, choices=choices).receipt
            )
            for index in range(10)
        ]
    )
    assert {getattr(each, "code", each) for each in answers} == {Receipt.objects.get().code}
    assert (Vote.objects.count(), VoteEvent.objects.count()) == (10, 10)


@rounds
def test_the_close_in_the_middle_counts_exactly_what_was_acknowledged(ballot, number):
    close = ballot.engagement.closes_at
    persons = [make_account().person for _index in range(30)]
    closed = threading.Event()

    def vote(person: Person) -> Receipt:
        return cast_vote(ballot=fresh(ballot), person=person, choice=1)

    def late(person: Person) -> Receipt:
        closed.wait(timeout=60)
        return vote(person)

    with clock.freeze(close - dt.timedelta(milliseconds=1)):
        moved = clock.travel(dt.timedelta(milliseconds=1))

        def strike() -> None:
            moved.__enter__()
            closed.set()

        jobs = [lambda person=each: vote(person) for each in persons[:20]]
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
