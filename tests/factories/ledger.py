"""Points for tests, moved by the actions that everybody uses."""

from itertools import count

from accounts.models import Account, Bureau, Person
from crowdtasks.ledger.actions import earn, grant_budget, reserve
from crowdtasks.ledger.models import Entry
from crowdtasks.ledger.reading import balance_of
from participation.models import Engagement
from tests.factories.engagements import make_engagement

_serial = count(1)


def key(what: str = "test") -> str:
    """A key that no other entry has."""
    return f"{what}:{next(_serial)}"


def fill_budget(bureau: Bureau, points: int = 10_000) -> Entry:
    """Points in a bureau's budget."""
    return grant_budget(
        bureau=bureau, points=points, by="system", reason="For tests.", key=key("grant")
    )


def make_funded(points: int = 1_000, **fields) -> Engagement:
    """A published engagement with so many points set aside for it."""
    engagement = make_engagement(**fields)
    fill_budget(engagement.owner, points)
    reserve(engagement=engagement, points=points, by="system", key=key("reserve"))
    return engagement


def give(who: Account | Person, points: int = 100, engagement: Engagement | None = None) -> Entry:
    """Points of somebody's to spend."""
    person = who.person if isinstance(who, Account) else who
    return earn(
        engagement=engagement or make_funded(points),
        person=person,
        points=points,
        key=key("earn"),
    )


def points_of(account: Account) -> tuple[int, int]:
    """What the account's person can spend, and what is held."""
    found = balance_of(account.person)
    return found.available, found.pending
