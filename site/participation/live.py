"""What an open page may be told while it is read: how many comments, how many have voted.

Turnout is allowed while results are sealed; nothing here depends on a choice (promise PR4).
Pages are told at most once in ``EVERY`` seconds an engagement: the first change of a window
announces, readers wait until the window is over and then ask for the counts, so that what came
later in the window is in them.
"""

from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.db import transaction

from accounts.models import Person
from core import clock, live
from core.page_cache import purge
from participation import ballots
from participation.models import (
    Choice,
    Contribution,
    ContributionKind,
    ContributionState,
    Engagement,
    Receipt,
    Vote,
)

EVERY = 2
#: One process counts an engagement at most once in this many seconds, however many sockets ask.
KEEP = 1
#: Comments and voters from which on counting takes a good part of a second, and how long what was
#: counted is kept there: a process would do little else.
LARGE, KEEP_LARGE = 20_000, 10


#: By kind of engagement, what its room counts besides: whole numbers by name.
Counted = Callable[[Engagement], dict[str, int]]
_counted: dict[str, Counted] = {}


def register_counts(kind: str, counted: Counted) -> None:
    """Let a room say more numbers on its open pages; called from ``AppConfig.ready()``.

    They are told to everybody, so nothing in them may depend on what somebody chose.
    """
    _counted[kind] = counted


def topic(public_id: str) -> str:
    """The topic that sockets of an engagement listen to."""
    return f"e.{public_id}"


def tag(engagement: Engagement) -> str:
    """What kept pages that show this engagement's comments or counts are tagged with."""
    return f"e.{engagement.public_id}"


#: What kept pages that list engagements are tagged with.
REGISTER_TAG = "register"


def restaged(engagement: Engagement) -> None:
    """After commit: the engagement itself changed (published, extended, answered)."""
    purge(REGISTER_TAG)
    changed(engagement)


def changed(engagement: Engagement) -> None:
    """After commit, let open pages and kept pages know that this engagement moved."""
    public_id = engagement.public_id
    purge(tag(engagement))
    transaction.on_commit(lambda: _announce(public_id), robust=True)


def turned_out(engagement: Engagement) -> None:
    """After commit, let open pages know that one more person has voted.

    Kept pages are left alone: at the height of a vote they would never be kept at all.
    """
    public_id = engagement.public_id
    transaction.on_commit(lambda: _announce(public_id), robust=True)


def _announce(public_id: str) -> None:
    if cache.add(f"live:window:{public_id}", 1, timeout=EVERY):
        live.announce(topic(public_id), {"changed": public_id})


def counts(engagement: Engagement) -> dict[str, Any]:
    """``comments`` that the public can read, ``voters`` (people, not votes), and ``at`` (ISO).

    Three or four counting queries; official replies are not citizens' comments and are left out.
    What the engagement's room counts besides comes with them.
    """
    comments = Contribution.objects.filter(
        engagement=engagement,
        kind=ContributionKind.COMMENT,
        state=ContributionState.PUBLISHED,
        comment__official=False,
    ).count()
    if engagement.import_source:
        # Imported participants hold no receipts; such an engagement no longer changes.
        voters = (
            Vote.objects.filter(ballot__engagement=engagement)
            .order_by()
            .values("person")
            .distinct()
            .count()
        )
    else:
        # One receipt a person and engagement covers all votes: no distinct over millions of rows.
        # Those who turned out to be somebody else are few, and are taken off: a join would look
        # each voter's person up.
        receipts = Receipt.objects.filter(engagement=engagement, contribution=None)
        merged = Person.objects.filter(merged_into__gt=0).values("pk")
        voters = receipts.count() - receipts.filter(person__in=merged).count()
        if ballots.one_ballot(engagement):
            # Who withdrew keeps the receipt but has no vote.
            voters -= Vote.objects.filter(
                ballot__engagement=engagement, choice=Choice.PASS, digest=""
            ).count()
    more = _counted.get(engagement.kind)
    return {
        "comments": comments,
        "voters": voters,
        **(more(engagement) if more else {}),
        "at": clock.now().isoformat(timespec="seconds"),
    }


def kept_for(found: dict[str, Any]) -> int:
    """How many seconds what was counted is kept."""
    return KEEP_LARGE if found["comments"] + found["voters"] > LARGE else KEEP


def kept_counts(engagement: Engagement) -> dict[str, Any]:
    """``counts``, at most ``KEEP`` seconds old, or ``KEEP_LARGE`` where there is much to count."""
    key = f"live:counts:{engagement.public_id}"
    found: dict[str, Any] | None = cache.get(key)
    if found is None:
        found = counts(engagement)
        cache.set(key, found, timeout=kept_for(found))
    return found
