"""Statements with their ballots, and many votes at once, for tests."""

from collections.abc import Mapping
from itertools import count

from accounts.models import Person
from consultations.models import Statement
from core import clock
from participation.models import Ballot, Engagement, Vote, VoteEvent

_numbers = count(1)


def make_statement(
    engagement: Engagement, text: str = "", state: str = "published", **fields: object
) -> Statement:
    """A statement of that state; its words are in English unless ``text`` is a dict's worth."""
    number = next(_numbers)
    return Statement.objects.create(
        engagement=engagement,
        ballot=Ballot.objects.create(engagement=engagement, kind="statement"),
        text=fields.pop("texts", None) or {"en": text or f"Libraries should open at {number}."},
        state=state,
        order=number,
        created_at=clock.now(),
        **fields,
    )


def make_persons(number: int, level: int = 1) -> list[Person]:
    """Persons without accounts, as an importer makes them, at a level of choice."""
    now = clock.now()
    return Person.objects.bulk_create(
        Person(import_source="test", import_id=str(next(_numbers)), level=level, created_at=now)
        for _index in range(number)
    )


def make_votes(statement: Statement, counts: Mapping[int, int]) -> None:
    """That many heads (and events) for each choice, each of a person of its own."""
    now = clock.now()
    choices = [choice for choice, number in counts.items() for _index in range(number)]
    persons = make_persons(len(choices))
    for model, moment in ((Vote, "cast_at"), (VoteEvent, "at")):
        model.objects.bulk_create(
            model(ballot=statement.ballot, person=person, choice=choice, level=1, **{moment: now})
            for person, choice in zip(persons, choices, strict=True)
        )
