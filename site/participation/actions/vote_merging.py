"""One person, one vote, also when two persons turn out to be one."""

from __future__ import annotations

from django.db import models, transaction

from accounts.models import Person
from core import audit
from participation.actions.choices import move_choices, stands
from participation.models import Vote, VoteEvent


@transaction.atomic
def settle_merged_votes(*, keep: Person, gone: Person) -> int:
    """Move the votes of ``gone`` to ``keep``; returns how many stood.

    Where both voted on a ballot the earliest live choice stands (by time, then by id; decision
    5); what was withdrawn gives way to what stands. Events stay with the person who made them;
    what stands is written once more for ``keep``, with the time it was made and the channel
    'merge'. Registered with ``accounts.merging``, which calls it with both persons' rows locked.
    """
    survivors = {
        vote.ballot_id: vote
        for vote in Vote.objects.select_for_update(of=("self",))
        .filter(person=keep)
        .select_related("ballot")
        .order_by("ballot_id")
    }
    others = list(
        Vote.objects.select_for_update()
        .filter(person=gone)
        .select_related("ballot__engagement")
        .order_by("ballot_id")
    )
    stood = 0
    for other in others:
        rows: list[models.Model] = []
        if _goes_before(other, survivors.get(other.ballot_id)):
            stood += 1
            rows = _take_over(other, keep)
        Vote.objects.filter(pk=other.pk).delete()
        audit.record(
            "vote.settle",
            actor=keep,
            engagement_id=other.ballot.engagement.public_id,
            subject=other.ballot.public_id,
            rows=rows,
        )
    return stood


def _goes_before(other: Vote, head: Vote | None) -> bool:
    if head is None or stands(other) != stands(head):
        return head is None or stands(other)
    return (other.cast_at, other.pk) < (head.cast_at, head.pk)


def _take_over(other: Vote, keep: Person) -> list[models.Model]:
    head, _created = Vote.objects.update_or_create(
        ballot=other.ballot,
        person=keep,
        defaults={
            "choice": other.choice,
            "level": other.level,
            "cast_at": other.cast_at,
            "digest": other.digest,
            "salt": other.salt,
        },
    )
    event = VoteEvent.objects.create(
        ballot=other.ballot,
        person=keep,
        choice=other.choice,
        level=other.level,
        at=other.cast_at,
        channel="merge",
    )
    return [event, *move_choices(vote=other, to=head, event=event)]
