"""Drawing whom to invite, and filling places that came free; each in one transaction."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account
from core import audit, clock, limits
from core.exceptions import Closed, Invalid
from core.text import clean_text
from crowdtasks.panel import rules
from crowdtasks.panel.actions.planning import lock_plan, refuse_more_than_there_are
from crowdtasks.panel.actions.telling import tell_invited
from crowdtasks.panel.models import Draw, Invitation, Seat, Turn
from crowdtasks.panel.policies import refuse_planning, require_officer
from crowdtasks.panel.reading import Free, free_volunteers
from crowdtasks.panel.sampling import METHOD, Drawn, Framed, digest_of, draw, in_order, key_of
from crowdtasks.panel.states import HOLDING
from crowdtasks.products.models import Round
from crowdtasks.products.policies import refuse_taken_back
from participation import live


@transaction.atomic
def draw_plan(*, round: Round, account: Account, seed: str = "") -> Draw:
    """Draw by the plan and invite whoever was drawn, all at once.

    ``seed`` is one that was made elsewhere, in public say; without it one is made here. Raises
    Invalid (field 'seed'; the quota where volunteers left since), Closed without a plan, after the
    draw, after the close and while the build is taken back, Refused, TooMany.
    """
    limits.spend("desk_step", account.public_id)
    require_officer(account, round.engagement)
    now = clock.now()
    plan = lock_plan(round)
    refuse_planning(round, plan, now)
    refuse_taken_back(round)
    if plan is None or not plan.quota:
        raise Closed(_("Say first how many to invite."), code="no_plan")
    given = clean_text(seed, max_length=rules.SEED_LENGTH, field="seed", required=False)
    if given and not given.isprintable():
        raise Invalid(_("Write the seed on one line."), field="seed")
    take_turn()
    free = free_volunteers(plan.narrowed, now)
    refuse_more_than_there_are(plan.quota, plan.by, free)
    row = Draw(
        plan=plan,
        method=METHOD,
        seed=given or secrets.token_hex(16),
        seed_given=bool(given),
        by=plan.by,
        quota=plan.quota,
        narrowed=plan.narrowed,
        answer_days=plan.answer_days,
        at=now,
    )
    persons = {key_of(row.public_id, one.public_id): one for one in free}
    frame = [Framed(key, one.cells(plan.by)) for key, one in persons.items()]
    row.frame = [[one.key, list(one.cells)] for one in sorted(frame, key=lambda one: one.key)]
    row.frame_size, row.frame_digest = len(frame), digest_of(frame)
    row.save()
    found = draw(row.seed, plan.quota, frame)
    invited = _invite(row, found, persons, _seats(row), now)
    audit.record(
        "panel.draw",
        actor=account,
        engagement_id=round.engagement.public_id,
        subject=row.public_id,
        rows=[row, *invited],
    )
    tell_invited(invited)
    live.changed(round.engagement)
    return row


def take_turn() -> None:
    """One draw after the other, over all bureaux: each sees whom the others have invited."""
    Turn.objects.get_or_create(pk=1)
    Turn.objects.select_for_update().get(pk=1)


def _seats(row: Draw) -> dict[str, list[Seat]]:
    """A row for each place, by cell."""
    made = Seat.objects.bulk_create(
        Seat(draw=row, cell=cell, number=number)
        for cell, wanted in row.quota.items()
        for number in range(1, wanted + 1)
    )
    found: dict[str, list[Seat]] = {}
    for seat in made:
        found.setdefault(seat.cell, []).append(seat)
    return found


def _invite(
    row: Draw,
    found: Iterable[Drawn],
    persons: dict[str, Free],
    seats: dict[str, list[Seat]],
    now: dt.datetime,
    *,
    reserve: bool = False,
) -> list[Invitation]:
    """An invitation for each that was drawn, in a place of their cell."""
    return Invitation.objects.bulk_create(
        Invitation(
            draw=row,
            seat=seats[one.cell].pop(0),
            person_id=persons[one.key].person,
            key=one.key,
            place=one.place,
            reserve=reserve,
            invited_at=now,
            expires_at=_until(row, now),
        )
        for one in found
    )


def _until(row: Draw, now: dt.datetime) -> dt.datetime:
    """Until when an invitation waits: never longer than the round is open."""
    until = now + dt.timedelta(days=row.answer_days)
    closes_at = row.plan.round.engagement.closes_at
    return min(until, closes_at) if closes_at else until


def lock_draw(draw_id: int) -> Draw:
    """The draw with its round and engagement, locked: answers to one draw come in turn."""
    return lock_draws([draw_id])[draw_id]


def lock_draws(keys: Iterable[int]) -> dict[int, Draw]:
    """The same of several by number. All that one act needs are locked before it fills a place:
    whoever fills one waits for the turn of drawing, and waits for no draw any more."""
    rows = (
        Draw.objects.select_for_update(of=("self",))
        .select_related("plan__round__engagement__owner", "plan__round__build")
        .filter(pk__in=set(keys))
        .order_by("pk")
    )
    return {row.pk: row for row in rows}


def fill_places(row: Draw, now: dt.datetime) -> list[Invitation]:
    """Invite the next in the order of the draw for places that came free; the draw is locked.

    Only who was in the frame, still fits its cell and has not reached the limit since. Nobody is
    invited once the round has closed, nor while its build is taken back.
    """
    closes_at = row.plan.round.engagement.closes_at
    if closes_at is None or now >= closes_at or row.ended_at is not None:
        return []
    if row.plan.round.build.retired_at is not None:
        return []
    free_seats: dict[str, list[Seat]] = {}
    held = Invitation.objects.filter(draw=row, state__in=HOLDING).values("seat")
    for seat in Seat.objects.filter(draw=row).exclude(pk__in=held):
        free_seats.setdefault(seat.cell, []).append(seat)
    if not free_seats:
        return []
    take_turn()
    persons = {
        key_of(row.public_id, one.public_id): one for one in free_volunteers(row.narrowed, now)
    }
    asked = set(Invitation.objects.filter(draw=row).values_list("key", flat=True))
    known = set(Invitation.objects.filter(draw=row).values_list("person", flat=True))
    room = {cell: len(seats) for cell, seats in free_seats.items()}
    found: list[Drawn] = []
    frame = [Framed(key, tuple(cells)) for key, cells in row.frame]
    for place, one in enumerate(in_order(row.seed, frame), start=1):
        person = persons.get(one.key)
        if one.key in asked or person is None or person.person in known:
            continue
        fits = set(one.cells) & set(person.cells(row.by))
        cell = next((each for each in sorted(fits) if room.get(each)), None)
        if cell is not None:
            room[cell] -= 1
            found.append(Drawn(one.key, cell, place))
    invited = _invite(row, found, persons, free_seats, now, reserve=True)
    if invited:
        audit.record(
            "panel.reserve",
            actor=audit.SYSTEM,
            engagement_id=row.plan.round.engagement.public_id,
            subject=row.public_id,
            rows=invited,
        )
        tell_invited(invited)
    return invited
