"""The reward of a try that was just handed in: had at once, or waiting for its claim code."""

from __future__ import annotations

from accounts.models import Person
from core import audit, clock
from crowdtasks import integrity
from crowdtasks.actions.giving import give
from crowdtasks.products.claim_codes import hash_of, new_code
from crowdtasks.products.models import Attempt, Award, AwardState, Round
from crowdtasks.products.models.award import CLAIMED, TAKING
from crowdtasks.products.scale import expected_seconds
from participation import live
from questionnaires.models import Response


def award_try(attempt: Attempt, response: Response, *, lent: bool) -> Award | None:
    """Let a try take one of the round's rewards; called in the transaction that hands it in.

    Whoever is signed in has the points at once, or held while an officer looks at a try that looks
    odd. Nobody's try waits for its claim code; one of many from one place holds no reward
    meanwhile, nor does one during which somebody was signed in (``lent``), and each says why. None
    where the round has no reward, where all are
    taken, and for who has one already: the try counts all the same, and its receipt says so.
    """
    person = response.person
    if person is None and attempt.again:
        return None
    if not Round.objects.filter(pk=attempt.round_id, reward__gt=0).exists():
        return None
    # Those who hand in at once wait here for milliseconds, as they would for the escrow.
    row = (
        Round.objects.select_for_update(no_key=True, of=("self",))
        .select_related("engagement__owner")
        .get(pk=attempt.round_id)
    )
    if person is not None and has_award(row, person):
        return None
    number = free_number(row)
    if number is None:
        return None
    now = clock.now()
    award = Award(
        round=row,
        number=number,
        contribution=response.contribution,
        seconds=int((now - attempt.begun_at).total_seconds()),
        finished_at=now,
    )
    award.flags = integrity.flags_of(
        row, response, award.seconds, expected=expected_seconds(row, person)
    )
    if person is None:
        loose = [integrity.MANY] * attempt.many + [integrity.LENT] * lent
        award.flags += loose
        award.state = AwardState.LOOSE if loose else AwardState.OPEN
        award.code_hash = hash_of(new_code(award))
    else:
        hand_over(award, person)
    award.save(force_insert=True)
    audit.record(
        "award.take",
        actor=person or audit.SYSTEM,
        engagement_id=row.engagement.public_id,
        subject=award.public_id,
        rows=[award],
    )
    live.turned_out(row.engagement)
    return award


def hand_over(award: Award, person: Person) -> None:
    """Let the reward be the person's, held where an officer looks at it; the caller saves it."""
    award.person = person
    award.claimed_at = clock.now()
    award.state = AwardState.REVIEW if award.flags else AwardState.ACCEPTED
    give(award)


def has_award(row: Round, person: Person) -> bool:
    """Whether the person had a reward of this round, counted or not."""
    return Award.objects.filter(round=row, person=person, state__in=CLAIMED).exists()


def free_number(row: Round) -> int | None:
    """The first of the round's rewards that nobody has; the caller holds the round's lock."""
    return next(iter(free_numbers(row)), None)


def free_numbers(row: Round) -> list[int]:
    """The round's rewards that nobody has; the caller holds the round's lock."""
    taken = set(Award.objects.filter(round=row, state__in=TAKING).values_list("number", flat=True))
    return [number for number in range(1, row.most + 1) if number not in taken]
