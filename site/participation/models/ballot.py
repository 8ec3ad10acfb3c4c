"""What one person has one live vote on. Uniqueness is the database's (decision 5)."""

import datetime as dt
from dataclasses import dataclass

from django.db import connections, models, router

from core.ids import public_id


class Choice(models.IntegerChoices):
    """The Polis form; the signs are the source data's."""

    DISAGREE = -1, "Disagree"
    PASS = 0, "Pass"
    AGREE = 1, "Agree"


class Ballot(models.Model):
    """A statement, or what else a room puts to the vote. Rooms point to it by a OneToOne."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    engagement = models.ForeignKey(
        "participation.Engagement", on_delete=models.PROTECT, related_name="ballots"
    )
    kind = models.CharField(max_length=12, default="statement")

    def __str__(self) -> str:
        return self.public_id


@dataclass(frozen=True, slots=True)
class Put:
    """What ``VoteManager.put`` wrote: what now stands on the head, and how often it changed."""

    pk: int
    cast_at: dt.datetime
    level: int
    changes: int


# One statement decides and writes, on both databases: no gap in which a second request could
# slip. The person's row is read in it, so that a vote never lands on a person who is merged away
# in the same moment (the merge holds that row's lock), and the level is the one that is true now.
_PUT = """
INSERT INTO participation_vote
    (ballot_id, person_id, choice, level, cast_at, digest, salt, changes)
SELECT %s, p.id, %s, p.level, %s, %s, %s, 0 FROM accounts_person p
WHERE p.id = %s AND p.merged_into_id IS NULL AND p.erased_at IS NULL{share}
ON CONFLICT (ballot_id, person_id) DO UPDATE SET
    choice = excluded.choice,
    level = excluded.level,
    cast_at = CASE WHEN participation_vote.cast_at > excluded.cast_at
                   THEN participation_vote.cast_at ELSE excluded.cast_at END,
    digest = excluded.digest,
    salt = excluded.salt,
    changes = participation_vote.changes + 1
WHERE participation_vote.choice <> excluded.choice OR participation_vote.digest <> excluded.digest
RETURNING id, cast_at, level, changes
"""


class VoteManager(models.Manager["Vote"]):
    """Heads are written by ``put`` alone; nothing else updates a choice."""

    def put(
        self,
        *,
        ballot_id: int,
        person_id: int,
        choice: int,
        at: dt.datetime,
        digest: str = "",
        salt: str = "",
    ) -> Put | None:
        """Make or move the head of (ballot, person) in one statement; call it in a transaction.

        Returns None when nothing was written: the same choice stands already, or the person was
        merged into another or erased. ``cast_at`` never runs backwards, so that the order of a
        head's events by time is the order in which they were committed.
        """
        connection = connections[router.db_for_write(self.model)]
        share = " FOR SHARE OF p" if connection.vendor == "postgresql" else ""
        field = self.model._meta.get_field("cast_at")
        instant = field.get_db_prep_value(at, connection)
        with connection.cursor() as cursor:
            values = [ballot_id, choice, instant, digest, salt, person_id]
            cursor.execute(_PUT.format(share=share), values)
            row = cursor.fetchone()
        if row is None:
            return None
        pk, cast_at, level, changes = row
        # SQLite gives the instant back without its zone, which is always UTC there.
        return Put(
            pk, cast_at if cast_at.tzinfo else cast_at.replace(tzinfo=dt.UTC), level, changes
        )


class Vote(models.Model):
    """The head: the one live choice. ``level`` is the person's at the time, for results by level.

    The same choice again writes nothing. No counter, no mail, no index, no chain link in this
    row's transaction: a hot counter was measured to cut 6,700 votes a second to 1,100.

    On a ballot of several choices these are the rows of ``VoteChoice`` below; ``choice`` then says
    whether the vote stands (agree) or was withdrawn (pass). ``digest`` is of those choices and
    makes the same ones again write nothing; ``salt`` hides them in the published commitment.
    """

    ballot = models.ForeignKey(
        "participation.Ballot", on_delete=models.PROTECT, related_name="votes"
    )
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="votes")
    choice = models.SmallIntegerField(choices=Choice.choices)
    level = models.PositiveSmallIntegerField(default=1)
    cast_at = models.DateTimeField()
    digest = models.CharField(max_length=64, blank=True, default="", db_default="")
    salt = models.CharField(max_length=32, blank=True, default="", db_default="")
    #: How often it was changed since it was first cast.
    changes = models.PositiveIntegerField(default=0, db_default=0)

    objects = VoteManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ballot", "person"], name="one_person_one_vote"),
            models.CheckConstraint(
                condition=models.Q(choice__in=[-1, 0, 1]), name="vote_choice_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ballot_id} {self.person_id}"


class VoteEvent(models.Model):
    """Append-only: every choice ever made; the one with the highest id is the head's.

    Ids follow the order of commits for each head, because the head's row is locked first. ``at``
    does too, but for channel 'merge': there it is when the choice that stands was first made.
    """

    ballot = models.ForeignKey(
        "participation.Ballot", on_delete=models.PROTECT, related_name="events"
    )
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    choice = models.SmallIntegerField(choices=Choice.choices)
    level = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField()
    channel = models.CharField(max_length=8, default="web")

    AUDITED_FIELDS = ("ballot_id", "person_id", "choice", "level", "at", "channel")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(choice__in=[-1, 0, 1]), name="vote_event_choice_known"
            )
        ]
        indexes = [models.Index(fields=["ballot", "person", "at", "id"])]

    def __str__(self) -> str:
        return f"{self.ballot_id} {self.person_id} {self.at}"
