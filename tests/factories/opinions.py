"""People of several minds, for tests of opinion groups."""

from accounts.models import Person
from core import clock
from participation.models import Engagement, Vote, VoteEvent
from tests.factories.statements import make_persons, make_statement


def make_camps(
    engagement: Engagement, sizes: tuple[int, ...] = (12, 8), statements: int = 9
) -> list[list[Person]]:
    """Camps of people with a vote each on every statement.

    All agree on the last third; on the others the camps differ, and each person answers one of
    them as nobody else of the camp does.
    """
    made = [make_statement(engagement) for _each in range(statements)]
    camps = [make_persons(size) for size in sizes]
    now = clock.now()
    votes = [
        Vote(
            ballot=statement.ballot,
            person=person,
            choice=_choice(camp, member, place, statements),
            cast_at=now,
        )
        for camp, people in enumerate(camps)
        for member, person in enumerate(people)
        for place, statement in enumerate(made)
    ]
    Vote.objects.bulk_create(votes)
    VoteEvent.objects.bulk_create(
        VoteEvent(ballot=each.ballot, person=each.person, choice=each.choice, level=1, at=now)
        for each in votes
    )
    return camps


def _choice(camp: int, member: int, place: int, statements: int) -> int:
    if place >= statements * 2 // 3:
        return 1
    if place == member % (statements * 2 // 3):
        return 0
    return 1 if (place + camp) % 2 else -1
