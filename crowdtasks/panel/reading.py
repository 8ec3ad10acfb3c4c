"""Who can be drawn from now, and in which numbers; numbers below five are never told."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef

from accounts.models import Account, Level
from core.disclosure import LEAST, hidden
from crowdtasks.panel import rules
from crowdtasks.panel.cells import cells_by, cells_of, words_of
from crowdtasks.panel.models import Invitation, Volunteer
from crowdtasks.panel.sampling import Framed, draw

Narrowed = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Free:
    """A volunteer who can be invited now."""

    public_id: str
    person: int
    age: str
    devices: list[str]

    def cells(self, by: str) -> tuple[str, ...]:
        """The cells they belong to."""
        return cells_of(by, self.age, self.devices)


def free_volunteers(narrowed: Narrowed, now: dt.datetime) -> list[Free]:
    """Volunteers with an account in use who have not reached the limit of invitations; two
    queries for any number."""
    tired = tired_persons(now)
    account = Account.objects.filter(
        person=OuterRef("person"), is_active=True, email_confirmed_at__isnull=False
    )
    rows = (
        Volunteer.objects.filter(
            Exists(account), person__level__gte=Level.EMAIL, person__erased_at=None
        )
        .order_by("pk")
        .values_list("public_id", "person", "age", "devices", "district", "languages", "assistive")
    )
    return [
        Free(public_id, person, age, devices)
        for public_id, person, age, devices, district, languages, assistive in rows
        if person not in tired
        and _fits(narrowed.get("districts"), [district])
        and _fits(narrowed.get("languages"), languages)
        and _fits(narrowed.get("assistive"), assistive)
    ]


def tired_persons(now: dt.datetime) -> set[int]:
    """Who has been invited as often as anybody may be, by all bureaux together."""
    rows = (
        Invitation.objects.filter(invited_at__gt=now - rules.FATIGUE_WINDOW, person__isnull=False)
        .order_by()
        .values("person")
        .annotate(number=Count("pk"))
        .filter(number__gte=rules.FATIGUE_INVITATIONS)
    )
    return set(rows.values_list("person", flat=True))


def _fits(wanted: Iterable[str] | None, said: Iterable[str]) -> bool:
    return not wanted or bool(set(wanted) & set(said))


@dataclass(frozen=True)
class Cell:
    """One cell on the desk: how many can be drawn from (None: too few to be told)."""

    key: str
    words: str
    wanted: int
    count: int | None
    #: Whether a quota may be written here at all.
    enough: bool


@dataclass(frozen=True)
class Supply:
    """How many volunteers there are, by cell."""

    cells: list[Cell]
    total: int | None

    @property
    def empty(self) -> bool:
        """Whether there are too few to draw from at all."""
        return self.total is None or self.total == 0


def counts_of(free: Iterable[Free], by: str) -> Counter[str]:
    """How many belong to each cell; who uses several devices is in several."""
    return Counter(cell for one in free for cell in one.cells(by))


def supply_of(free: list[Free], by: str, quota: Mapping[str, int]) -> Supply:
    """The numbers as officers may see them."""
    counts = counts_of(free, by)
    keys = cells_by(by)
    concealed = hidden([counts[key] for key in keys])
    return Supply(
        cells=[
            Cell(
                key=key,
                words=words_of(key),
                wanted=quota.get(key, 0),
                count=None if place in concealed else counts[key],
                enough=counts[key] >= LEAST,
            )
            for place, key in enumerate(keys)
        ],
        total=None if 0 < len(free) < LEAST else len(free),
    )


def most_together(free: Iterable[Free], by: str, quota: Mapping[str, int]) -> int:
    """How many places of a quota can be filled at once; the same whatever the seed."""
    frame = [Framed(one.public_id, one.cells(by)) for one in free]
    return len(draw("", quota, frame))
