"""Loading the demonstration, once, through the same actions that officers and citizens use."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Account, Bureau
from core import clock, jobs
from core.text import canonical_email
from moderation.actions import PUBLISH, decide
from moderation.models import Item, ItemState
from participation import demo
from participation.actions.follows import follow_bureau, follow_engagement
from participation.models import Contribution, Engagement

from .days import Days, on
from .papers import PAPERS
from .people import ACCOUNT_NAMES
from .persons import SOURCE, Crowd, addresses, make_crowd, voters_for
from .taking_part import Participation
from .writing import source_of, write_paper

#: The accounts are older than the oldest paper.
SETTLED = -260
#: Who follows which bureau and which paper.
FOLLOWED_BUREAUX = {"citizen": ("LCSD",), "citizen2": ("EPD",)}
FOLLOWED_PAPERS = {"citizen": ("waste-charging",), "citizen2": ("cycle-parking",)}


def papers_there() -> int:
    """How many papers of the demonstration there are, and what other rooms add to them."""
    sources = [source_of(slug) for slug in _slugs()]
    return Engagement.objects.filter(import_source__in=sources).count()


def _slugs() -> list[str]:
    others = [slug for part in demo.parts() for slug in part.slugs]
    return [paper.slug for paper in PAPERS] + others


def is_loaded() -> bool:
    """Whether all of it is there."""
    return papers_there() == len(_slugs()) and _accounts().count() == len(addresses())


def anything_there() -> bool:
    """Whether a part of it is there: a loading that was cut off, or a removal."""
    return (
        Engagement.objects.filter(import_source__startswith=f"{SOURCE}:").exists()
        or _accounts().exists()
    )


def _accounts() -> QuerySet[Account]:
    return Account.objects.filter(email_canonical__in=map(canonical_email, addresses()))


def load(*, password: str, tell: Callable[[str], None]) -> None:
    """Make everything, a paper a transaction. The clock of this process is moved meanwhile.

    Expects that nothing of it is there. What others have asked for is done first, so that it is
    not done at a moment of the demonstration.
    """
    jobs.drain()
    days = Days()
    with transaction.atomic():
        with on(days.at(SETTLED)):
            crowd = make_crowd(password=password)
            _follow_bureaux(crowd)
        with on(days.at(SETTLED, 14)):
            _clear_names(crowd)
    for paper in PAPERS:
        tell(f"  {paper.title.en}")
        with transaction.atomic():
            engagement = write_paper(paper, crowd, days)
            if paper.stage == "published":
                _follow_paper(paper.slug, engagement, crowd)
                Participation(paper, engagement, crowd, days).happen()
    scene = demo.Scene(crowd, days, on, source_of, lambda entry: _clear(crowd, entry), voters_for)
    for part in demo.parts():
        with transaction.atomic():
            part.load(scene, tell)


def _clear(crowd: Crowd, entry: Contribution) -> None:
    waiting = Item.objects.filter(target_id=entry.public_id, state=ItemState.WAITING)
    for item in waiting.filter(kind=entry.kind):
        decide(item=item, verdict=PUBLISH, version=item.version, by=crowd.accounts["moderator"])


def _follow_bureaux(crowd: Crowd) -> None:
    for name, codes in FOLLOWED_BUREAUX.items():
        for bureau in Bureau.objects.filter(code__in=codes):
            follow_bureau(bureau=bureau, account=crowd.accounts[name])


def _follow_paper(slug: str, engagement: Engagement, crowd: Crowd) -> None:
    if engagement.opens_at is None or engagement.opens_at > clock.now():
        return
    for name, slugs in FOLLOWED_PAPERS.items():
        if slug in slugs:
            with on(engagement.opens_at):
                follow_engagement(engagement=engagement, account=crowd.accounts[name])


def _clear_names(crowd: Crowd) -> None:
    ids = [crowd.accounts[name].public_id for name in ACCOUNT_NAMES]
    for item in Item.objects.filter(kind="name", target_id__in=ids, state=ItemState.WAITING):
        decide(item=item, verdict=PUBLISH, version=item.version, by=crowd.accounts["moderator"])
