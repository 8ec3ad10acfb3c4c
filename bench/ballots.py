"""Votes on the ideas of a contest, as many as wanted, past the actions."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

BATCH = 10_000


def make_votes(contest: Any, number: int, ideas: Sequence[int]) -> None:
    """So many voters, each with a receipt; each gives stars to one to three of the ideas."""
    from ideas.models import ContestVote

    ballot = ContestVote.objects.get(contest=contest.pk).ballot_id
    chance = random.Random(7)
    for first in range(0, number, BATCH):
        _write(contest, ballot, range(first, min(number, first + BATCH)), ideas, chance)


def _write(
    contest: Any, ballot: int, places: range, ideas: Sequence[int], chance: random.Random
) -> None:
    from accounts.models import Person
    from core import clock
    from participation.models import Receipt, Vote, VoteChoice

    now = clock.now()
    people = Person.objects.bulk_create(
        Person(import_source=f"bench:{contest.pk}", import_id=str(place), level=1, created_at=now)
        for place in places
    )
    Receipt.objects.bulk_create(
        Receipt(engagement=contest, person=person, created_at=now) for person in people
    )
    heads = Vote.objects.bulk_create(
        Vote(
            ballot_id=ballot,
            person=person,
            choice=1,
            cast_at=now,
            digest="0" * 64,
            salt=f"{chance.getrandbits(128):032x}",
        )
        for person in people
    )

    def below() -> Iterator[Any]:
        for head in heads:
            for idea in chance.sample(ideas, chance.randint(1, 3)):
                yield VoteChoice(vote=head, entry_id=idea, value=chance.randint(1, 5))

    VoteChoice.objects.bulk_create(below())
