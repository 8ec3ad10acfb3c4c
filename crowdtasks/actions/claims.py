"""Taking a place in a campaign, holding it for a time, giving it back.

Whoever takes a place looks for one that no claim holds, skipping those that others are just taking,
and a constraint settles what two have found at once. Only where nothing but such places is left is
one waited for: its taker may have been the same person, or fail. An overdue claim frees its place
when somebody needs it.
"""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from accounts.persons import lock_person
from core import audit, clock, limits
from core.each import in_batches
from core.exceptions import Conflict
from crowdtasks.models import Campaign, Claim, Place
from crowdtasks.states import STANDING, ClaimState
from participation import live

#: Two find the same place only when they look within the same moment; each try is a new look.
TRIES = 25
FULL = "places_taken"
FULL_SENTENCE = _("All places are taken now. One may come free: look again later.")
DONE_SENTENCE = _("You have done this already. Each person can do it once.")


def claim_place(*, campaign: Campaign, person: Person) -> Claim:
    """The person's place until ``claim.expires_at``; a second call gives the same one.

    One that ran out is held anew where nobody has taken it. The caller has asked whether answering
    is open to the person. Raises Conflict: 'places_taken', or 'done_already'. TooMany.
    """
    limits.spend("claim_place", person.public_id)
    for _try in range(TRIES):
        try:
            with transaction.atomic():
                return _claim(campaign, person)
        except IntegrityError:
            # Another found the same place, or the same person pressed twice.
            continue
    raise Conflict(FULL_SENTENCE, code=FULL)


def _claim(campaign: Campaign, person: Person) -> Claim:
    # The time of another's place may be over: of two who are merged no row is held before them.
    person = lock_person(person)
    now = clock.now()
    until = now + dt.timedelta(minutes=campaign.claim_minutes)
    own = lock_claim(campaign, person)
    if own is not None:
        if own.state != ClaimState.LIVE:
            raise Conflict(DONE_SENTENCE, code="done_already")
        if own.expires_at is not None and own.expires_at > now:
            return own
        own.expires_at = until
        own.save(update_fields=["expires_at"])
        return _record(own, "claim.renew", person)
    place = _free_place(campaign, now)
    if place is None:
        raise Conflict(FULL_SENTENCE, code=FULL)
    claim = Claim.objects.create(
        campaign=campaign, place=place, person=person, claimed_at=now, expires_at=until
    )
    return _record(claim, "claim.take", person)


def _record(claim: Claim, verb: str, actor: object) -> Claim:
    engagement = claim.campaign.engagement
    audit.record(
        verb,
        actor=actor,
        engagement_id=engagement.public_id,
        subject=claim.public_id,
        rows=[claim],
    )
    live.turned_out(engagement)
    return claim


def lock_claim(campaign: Campaign, person: Person) -> Claim | None:
    """The claim that stands for this person, locked; None where nothing does."""
    row: Claim | None = (
        Claim.objects.select_for_update(of=("self",))
        .filter(campaign=campaign, person=person, state__in=STANDING)
        .first()
    )
    if row is not None:
        row.campaign = campaign
    return row


def _free_place(campaign: Campaign, now: dt.datetime) -> Place | None:
    rows = Place.objects.filter(campaign=campaign).untaken().order_by("number")
    place: Place | None = rows.select_for_update(of=("self",), skip_locked=True).first()
    if place is None:
        # Waits where there is one. If it was taken meanwhile, the constraint says so: another try.
        place = rows.select_for_update(of=("self",)).first()
    if place is not None:
        return place
    overdue = (
        Claim.objects.overdue(now)
        .filter(campaign=campaign)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("place")
        .order_by("expires_at", "pk")
        .first()
    )
    if overdue is None:
        return None
    overdue.campaign = campaign
    _expire(overdue)
    freed: Place | None = overdue.place
    return freed


def _expire(claim: Claim) -> None:
    claim.state = ClaimState.EXPIRED
    claim.save(update_fields=["state"])
    _record(claim, "claim.expire", audit.SYSTEM)


def sweep_claims(*, limit: int = 500) -> int:
    """Note the claims whose time is over, a few at a time; returns how many. Safe to run twice."""
    overdue = Claim.objects.overdue(clock.now()).order_by("expires_at", "pk")
    found = list(overdue.values_list("pk", flat=True)[:limit])
    return sum(in_batches(found, _sweep, size=limit))


@transaction.atomic
def _sweep(keys: list[int]) -> int:
    rows = (
        Claim.objects.overdue(clock.now())
        .filter(pk__in=keys)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("campaign__engagement")
        .order_by("expires_at", "pk")
    )
    found = list(rows)
    for claim in found:
        _expire(claim)
    return len(found)
