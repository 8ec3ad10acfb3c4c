"""Who wrote an idea: its author, and co-authors who accepted an invitation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.models import Account, Person
from accounts.persons import everything_of
from core.exceptions import Absent
from ideas.models import CoAuthor, Idea
from participation.models import Contribution


def coauthors_of(ideas: Iterable[Idea]) -> dict[int, list[CoAuthor]]:
    """The co-authors of these ideas by primary key, in the order they were invited; one query."""
    found: dict[int, list[CoAuthor]] = defaultdict(list)
    rows = CoAuthor.objects.seated().filter(idea__in=[one.pk for one in ideas])
    for row in rows.select_related("account", "person"):
        found[row.idea_id].append(row)
    return found


def names_of(rows: Iterable[CoAuthor]) -> list[str]:
    """The names that stand with an idea; who has none to show is left out."""
    return [row.name for row in rows if row.name]


def is_coauthor(contribution: Contribution, person: Person) -> bool:
    """Whether the person writes the entry's idea too (``participation.kinds``)."""
    return CoAuthor.objects.seated().filter(idea=contribution.pk, person=person).exists()


def writes(idea: Idea, person: Person | None) -> bool:
    """Whether the person is author or co-author."""
    if person is None:
        return False
    own = idea.contribution.person_id == person.pk
    return own or is_coauthor(idea.contribution, person)


def accounts_of_coauthors(idea: Idea) -> list[Account]:
    """The living accounts of an idea's co-authors."""
    persons = CoAuthor.objects.seated().filter(idea=idea).values("person")
    return list(Account.objects.filter(person__in=persons, is_active=True).order_by("pk"))


def written_by(person: Person) -> set[tuple[int, int | None]]:
    """Ideas the person is author or co-author of, each with the one that leads it."""
    everything = everything_of(person)
    own = Idea.objects.filter(contribution__person__in=everything)
    seats = CoAuthor.objects.seated().filter(person__in=everything)
    shared = Idea.objects.filter(pk__in=seats.values("idea"))
    return {pair for rows in (own, shared) for pair in rows.values_list("pk", "merged_into_id")}


def invitation_gone() -> Absent:
    """Unknown, used, taken back and expired look the same."""
    return Absent(
        _(
            "This invitation has been used, taken back or has expired. "
            "Ask the person who invited you for a new one."
        ),
        code="invitation_absent",
    )
