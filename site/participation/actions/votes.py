"""Voting: one live vote a person and ballot, whatever comes at once (decision 5).

The vote's transaction writes the head, an event, an audit entry and, the first time, the receipt.
It holds no counter, no lock on the ballot, no mail and no chain link.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.models import Person
from core import audit, clock, limits
from core.exceptions import Absent, Invalid, Refused, TooLarge
from participation import ballots, live
from participation.models import Ballot, Choice, Engagement, Receipt, Vote, VoteEvent
from participation.models.ballot import Put
from participation.policies import can_vote, require

#: No honest form sends more choices at once.
BATCH_LIMIT = 1000
_FROM_FORM = {"agree": Choice.AGREE, "disagree": Choice.DISAGREE, "pass": Choice.PASS}
#: Sentences printed by the audit before it only counts.
_FAULTS_SHOWN = 50


def choice_from_form(text: object) -> Choice:
    """The choice a form sent: 'agree', 'disagree' or 'pass'. Raises Invalid(field='choice')."""
    if isinstance(text, str) and text in _FROM_FORM:
        return _FROM_FORM[text]
    raise Invalid(_("Choose agree, disagree or pass."), field="choice", code="choice")


def checked_choice(choice: object) -> Choice:
    """A whole number -1, 0 or 1; never true, 1.0 or a text that looks like one."""
    if isinstance(choice, int) and not isinstance(choice, bool) and choice in (-1, 0, 1):
        return Choice(choice)
    raise Invalid(_("Choose agree, disagree or pass."), field="choice", code="choice")


def cast_vote(*, ballot: Ballot, person: Person, choice: int, channel: str = "web") -> Receipt:
    """Cast or change this person's vote; returns the one receipt for all their votes here.

    The last choice counts and every change is kept as an event; the same choice again writes
    nothing. Load ``ballot`` with its engagement. Raises Invalid for a choice that is none, Absent
    for a ballot that takes no votes, what ``policies.require`` raises for phase and level, Refused
    for an erased person, TooMany.
    """
    chosen = checked_choice(choice)
    limits.spend("vote", person.public_id)
    return _cast(ballot=ballot, person=person, choice=chosen, channel=channel)


@transaction.atomic
def _cast(*, ballot: Ballot, person: Person, choice: Choice, channel: str) -> Receipt:
    engagement = ballot.engagement
    now = clock.now()
    require(can_vote(engagement=engagement, person=person, now=now))
    if not ballots.takes_votes(ballot):
        raise Absent
    head = put_head(ballot=ballot, person=person, choice=choice, now=now, channel=channel)
    voter, event = head.person, head.event
    if event is not None:
        event.save(force_insert=True)
        audit.record(
            "vote.cast",
            actor=voter,
            engagement_id=engagement.public_id,
            subject=ballot.public_id,
            rows=[event],
        )
    return vote_receipt(engagement=engagement, person=voter, now=now)


@dataclass(frozen=True)
class Cast:
    """What became of choices cast together, by the ballots' public ids."""

    receipt: Receipt | None
    counted: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def cast_votes(
    *, engagement: Engagement, person: Person, choices: Mapping[str, int], channel: str = "web"
) -> Cast:
    """Cast the choices a visitor made before signing in, all in one transaction.

    ``choices`` maps the ballots' public ids to choices. Ballots that take no votes by now, are
    unknown or belong to another engagement are left out and named in ``refused``; the rest
    count. Raises as ``cast_vote`` does when nothing may be voted on, and TooLarge over 1,000.
    """
    if len(choices) > BATCH_LIMIT:
        raise TooLarge
    chosen = {str(key): checked_choice(value) for key, value in choices.items()}
    limits.spend("vote", person.public_id)
    return _cast_all(engagement=engagement, person=person, choices=chosen, channel=channel)


@transaction.atomic
def _cast_all(
    *, engagement: Engagement, person: Person, choices: dict[str, Choice], channel: str
) -> Cast:
    now = clock.now()
    require(can_vote(engagement=engagement, person=person, now=now))
    # In id order: two batches of one person take the heads' locks in the same order.
    found = {
        ballot.public_id: ballot
        for ballot in ballots.with_room_rows(
            Ballot.objects.filter(engagement=engagement, public_id__in=choices)
        ).order_by("pk")
        if ballots.takes_votes(ballot)
    }
    events = []
    for key, ballot in found.items():
        head = put_head(ballot=ballot, person=person, choice=choices[key], now=now, channel=channel)
        person = head.person
        if head.event is not None:
            events.append(head.event)
    refused = [key for key in choices if key not in found]
    if not found:
        return Cast(None, [], refused)
    for event in events:
        event.save(force_insert=True)
    if events:
        audit.record("vote.cast", actor=person, engagement_id=engagement.public_id, rows=events)
    receipt = vote_receipt(engagement=engagement, person=person, now=now)
    return Cast(receipt, list(found), refused)


@dataclass(frozen=True)
class Head:
    """What ``put_head`` did: whose vote it is, and the unsaved event if anything changed."""

    person: Person
    event: VoteEvent | None
    put: Put | None


def put_head(
    *,
    ballot: Ballot,
    person: Person,
    choice: Choice,
    now: dt.datetime,
    channel: str,
    digest: str = "",
    salt: str = "",
) -> Head:
    """Write the head on the person, or on whom the person was merged into in this very moment.

    Call it in the transaction that checked the vote and saves the event. Raises Refused for an
    erased person.
    """
    for _step in range(5):
        put = Vote.objects.put(
            ballot_id=ballot.pk,
            person_id=person.pk,
            choice=choice.value,
            at=now,
            digest=digest,
            salt=salt,
        )
        if put is not None:
            event = VoteEvent(
                ballot=ballot,
                person=person,
                choice=choice.value,
                level=put.level,
                at=put.cast_at,
                channel=channel,
            )
            return Head(person, event, put)
        if Vote.objects.filter(ballot_id=ballot.pk, person_id=person.pk).exists():
            return Head(person, None, None)
        # Merged in this very moment: the vote is the surviving person's.
        fresh = Person.objects.select_related("merged_into").get(pk=person.pk)
        if fresh.merged_into is None:
            raise Refused
        person = fresh.merged_into
    raise Refused


def vote_receipt(
    *, engagement: Engagement, person: Person, now: dt.datetime, first: bool = False
) -> Receipt:
    """The one receipt for this person's votes here; parallel first votes get the same one.

    ``first`` saves looking for one that is most likely not there yet.
    """
    mine = Receipt.objects.filter(engagement=engagement, person=person, contribution=None)
    receipt = None if first else mine.first()
    if receipt is None:
        Receipt.objects.bulk_create(
            [Receipt(engagement=engagement, person=person, created_at=now)], ignore_conflicts=True
        )
        receipt = mine.get()
        live.turned_out(engagement)
    return receipt


def heads_agree() -> Iterator[str]:
    """An audit check: every head is its last event, every event has its person's one head."""
    later = VoteEvent.objects.filter(
        ballot=OuterRef("ballot"), person=OuterRef("person"), pk__gt=OuterRef("pk")
    )
    head = Vote.objects.filter(
        ballot=OuterRef("ballot"),
        person=OuterRef("person"),
        choice=OuterRef("choice"),
        level=OuterRef("level"),
        cast_at=OuterRef("at"),
    )
    astray = VoteEvent.objects.filter(~Exists(later), ~Exists(head), person__merged_into=None)
    for pk in astray.order_by("pk").values_list("pk", flat=True)[:_FAULTS_SHOWN]:
        yield f"Vote event {pk} is the last of its person and ballot, but the vote differs."
    events = VoteEvent.objects.filter(ballot=OuterRef("ballot"), person=OuterRef("person"))
    for pk in Vote.objects.filter(~Exists(events)).values_list("pk", flat=True)[:_FAULTS_SHOWN]:
        yield f"Vote {pk} has no event."
    doubled = Vote.objects.exclude(person__merged_into=None)
    for pk in doubled.values_list("pk", flat=True)[:_FAULTS_SHOWN]:
        yield f"Vote {pk} is on a person who was merged into another."
