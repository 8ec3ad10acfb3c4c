"""Claiming the reward of a try with its code: one action, once a code, once a person a round."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import Person
from accounts.persons import lock_person
from core import audit, clock, limits
from core.dates import format_deadline
from core.exceptions import Conflict, Invalid
from core.texts import known_language, pick
from crowdtasks.products.actions.awarding import free_number, hand_over, has_award
from crowdtasks.products.claim_codes import claim_until, clean_claim_code, hash_of
from crowdtasks.products.models import Award, AwardState, Round
from crowdtasks.products.models.award import WAITING
from participation import live

_ONCE = gettext_lazy(
    "You have had the points of this round. Each person can have them once, however often they try."
)


def claim_reward(
    *, code: str, person: Person, round: Round | None = None, source: str = ""
) -> Award:
    """Let the points of a try be the person's. ``code``: as typed; ``round``: whose it must be.

    Points of a try that looked odd are held until an officer has looked at it. Raises Invalid
    (field 'code') with what is wrong: 'form', 'unknown', 'other_round', 'used', 'withdrawn',
    'late', 'once', 'none_left'; Conflict for a closed account, or where others were first; TooMany.
    """
    limits.spend("claim_reward", person.public_id, source)
    cleaned = clean_claim_code(code)
    if not cleaned:
        raise Invalid(
            _(
                "A claim code has 16 letters and digits, such as 4K7Q-9M2W-D3XB-7HTA. Check it "
                "against your receipt."
            ),
            field="code",
            code="form",
        )
    try:
        with transaction.atomic():
            return _claim(hash_of(cleaned), person, round)
    except IntegrityError as error:
        # The same person with another code of this round, at the same moment.
        raise Invalid(str(_ONCE), field="code", code="once") from error


def _claim(code_hash: str, person: Person, round: Round | None) -> Award:
    person = lock_person(person)
    held = Award.objects.filter(code_hash=code_hash, state=AwardState.LOOSE).values("round")
    # Before the reward itself, as whoever hands in and whoever returns the rest locks them.
    loose = Round.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=held).first()
    award: Award | None = (
        Award.objects.select_for_update(of=("self",))
        .select_related("round__engagement__owner")
        .filter(code_hash=code_hash)
        .first()
    )
    if award is None:
        raise Invalid(
            _(
                "There is no such code. Check each letter against your receipt. A code that was "
                "too late is forgotten after some time."
            ),
            field="code",
            code="unknown",
        )
    _refuse(award, person, round)
    if award.state == AwardState.LOOSE:
        if loose is None:
            # It came to be so after the round was looked for: its number would be another's.
            raise Conflict
        award.number = _left(loose)
    hand_over(award, person)
    award.save()
    engagement = award.round.engagement
    audit.record(
        "award.claim",
        actor=person,
        engagement_id=engagement.public_id,
        subject=award.public_id,
        rows=[award],
    )
    live.turned_out(engagement)
    return award


def _left(row: Round) -> int:
    """One of the round's rewards for a code that none was set aside for. Raises Invalid."""
    number = free_number(row) if row.closed_at is None else None
    if number is None:
        raise Invalid(
            _(
                "All rewards of this round are taken, and none was set aside for this code. Try it "
                "again before the round closes: one may become free."
            )
            if row.closed_at is None
            else _("All rewards of this round were taken, and none was set aside for this code."),
            field="code",
            code="none_left",
        )
    return number


def _refuse(award: Award, person: Person, round: Round | None) -> None:
    """Raise Invalid with why this code gives this person nothing."""
    engagement = award.round.engagement
    if round is not None and award.round_id != round.pk:
        raise Invalid(
            _("This code is of another round: “%(title)s”. Enter it under My account.")
            % {"title": pick(engagement.title).text},
            field="code",
            code="other_round",
        )
    if award.person_id is not None:
        sentence = (
            _("You have used this code already: its points are in your statement.")
            if award.person_id == person.pk
            else _("This code was used already. Each code can be used once.")
        )
        raise Invalid(sentence, field="code", code="used")
    if award.state == AwardState.WITHDRAWN:
        raise Invalid(
            _("The answers of this code were withdrawn, so it gives nothing."),
            field="code",
            code="withdrawn",
        )
    until, language = claim_until(engagement), known_language(get_language())
    if award.state not in WAITING or until is None or clock.now() >= until:
        raise Invalid(
            _("This code could be used until %(date)s. It is too late now.")
            % {"date": format_deadline(until, language) if until else ""},
            field="code",
            code="late",
        )
    if has_award(award.round, person):
        raise Invalid(str(_ONCE), field="code", code="once")
