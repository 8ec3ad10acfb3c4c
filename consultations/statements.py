"""Statements: which take votes, how they are counted, in which order they are shown.

Cards. Every published statement has the weight

    weight = (1 + division) x (1 + 20 / (1 + votes))

where votes is how many people have voted on it and division = 4(a + 1)(d + 1) / (a + d + 2)^2 for
a agreeing and d disagreeing: 1 when they are equally many (or nobody yet), near 0 when nearly all
are of one mind. So little-seen and dividing statements come more often. While results are sealed
division is taken as 1 for all: the order tells nothing. The next card is drawn without putting
back: each statement gets u ** (1 / weight), u a number in (0, 1) fixed by the reader's seed and
the statement, and the greatest comes first. The same reader sees the same order until the counts
move; nobody is shown the statements in the order of somebody's interest.
"""

import datetime as dt
import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Case, Count, F, FloatField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Least, NullIf, Sqrt
from django.db.models.lookups import Exact

from consultations.models import Statement
from participation.models import Ballot, Engagement, Vote
from participation.policies import can_see_results

TEXT_LIMIT = 140
#: How long the counts behind the cards' order and on the page of results may be old.
COUNTS_SECONDS = 30
LITTLE_SEEN = 20
#: Two-sided 95 %.
Z = 1.96
SORTS = ("agreement", "division", "votes")


def takes_votes(ballot: Ballot) -> bool:
    """A statement takes votes while it is published and not retired. Registered for its kind."""
    statement = ballot.statement
    return statement.state == "published" and statement.retired_at is None


@dataclass(frozen=True, slots=True)
class Counts:
    """Live votes on one statement."""

    agree: int = 0
    disagree: int = 0
    passed: int = 0

    @property
    def voters(self) -> int:
        return self.agree + self.disagree + self.passed

    @property
    def division(self) -> float:
        """1 when as many agree as disagree, towards 0 when nearly all are of one mind."""
        agree, disagree = self.agree + 1, self.disagree + 1
        return 4 * agree * disagree / (agree + disagree) ** 2


NONE = Counts()


def counts_of(engagement: Engagement) -> dict[int, Counts]:
    """Live votes by ballot's primary key, in one grouped query; only ballots with votes."""
    found: dict[int, dict[int, int]] = {}
    rows = (
        Vote.objects.filter(ballot__engagement=engagement, ballot__kind="statement")
        .values_list("ballot_id", "choice")
        .annotate(number=Count("pk"))
        .order_by()
    )
    for ballot, choice, number in rows:
        found.setdefault(ballot, {})[choice] = number
    return {
        ballot: Counts(by.get(1, 0), by.get(-1, 0), by.get(0, 0)) for ballot, by in found.items()
    }


def tally(engagement: Engagement) -> list[tuple[Statement, Counts]]:
    """Every statement of the engagement in its own order, with its counts; two queries."""
    counts = counts_of(engagement)
    statements = engagement.statements.order_by("order", "pk")
    return [(each, counts.get(each.ballot_id, NONE)) for each in statements]


def voters_of(engagement: Engagement) -> int:
    """How many people have voted here: turnout, which is told even while results are sealed."""
    votes = Vote.objects.filter(ballot__engagement=engagement, ballot__kind="statement")
    return votes.values("person").distinct().count()


def recent_counts(engagement: Engagement) -> dict[int, Counts]:
    """Counts at most ``COUNTS_SECONDS`` old, for the cards' order only; never shown."""
    key = f"statement-counts:{engagement.public_id}"
    counts: dict[int, Counts] | None = cache.get(key)
    if counts is None:
        counts = counts_of(engagement)
        cache.set(key, counts, COUNTS_SECONDS)
    return counts


def weight(counts: Counts, *, sealed: bool = False) -> float:
    """How often a statement comes up, by the formula at the head of this file."""
    division = 1.0 if sealed else counts.division
    return (1 + division) * (1 + LITTLE_SEEN / (1 + counts.voters))


def _draw(seed: str, key: str) -> float:
    """A number in (0, 1) fixed by seed and key."""
    digest = hashlib.blake2b(f"{seed}\x1f{key}".encode(), digest_size=8).digest()
    return (int.from_bytes(digest) + 1) / (2**64 + 2)


def in_card_order(
    statements: Iterable[Statement],
    counts: Mapping[int, Counts],
    *,
    seed: str,
    sealed: bool = False,
) -> list[Statement]:
    """The statements as this reader gets them, by weighted draws without putting back."""

    def rank(statement: Statement) -> float:
        by_weight = weight(counts.get(statement.ballot_id, NONE), sealed=sealed)
        # log(u) / w orders as u ** (1 / w) does, without running into 0.
        return math.log(_draw(seed, statement.public_id)) / by_weight

    return sorted(statements, key=lambda each: (-rank(each), each.pk))


def is_sealed(engagement: Engagement, now: dt.datetime) -> bool:
    """Whether no count may be told, to anybody, in any form (PR4)."""
    return not can_see_results(engagement=engagement, now=now).allowed


def _wilson(part: Combinable, whole: Combinable) -> Combinable:
    """Lower end of the Wilson interval of part / whole, as SQL; 0 for nothing at all."""
    total = NullIf(Cast(whole, FloatField()), Value(0.0))
    share = Cast(part, FloatField()) / total
    centre = share + Value(Z * Z / 2) / total
    within = share * (Value(1.0) - share) / total + Value(Z * Z / 4) / (total * total)
    lower = (centre - Value(Z) * Sqrt(within)) / (Value(1.0) + Value(Z * Z) / total)
    # Nobody for it: rounding must not put it above or below others of whom that is true.
    nobody = When(Exact(part, 0), then=Value(0.0))
    return Case(nobody, default=lower, output_field=FloatField())


def ranked(engagement: Engagement, order: str) -> QuerySet[Ballot, Any]:
    """Ballots of statements with their counts, best first, sorted by the database.

    ``order`` is one of ``SORTS``: by 'agreement' the lower end of the 95 % Wilson interval of
    agree / (agree + disagree); by 'division' the same of the smaller side; by 'votes' how many
    voted; then by votes, by those who agree, and in the statements' own order. Rows are dicts of
    ``pk``, ``agree``, ``disagree``, ``passed``, ``voters`` and ``score``; slice and count them as
    they are.
    """
    agree, disagree = F("agree"), F("disagree")
    scores: dict[str, Combinable] = {
        "agreement": _wilson(agree, agree + disagree),
        "division": _wilson(Least(agree, disagree), agree + disagree),
        "votes": F("voters"),
    }
    rows = Ballot.objects.filter(engagement=engagement, kind="statement", statement__isnull=False)
    return (
        rows.values("pk", "statement__order", "statement__pk")
        .annotate(
            agree=Count("votes", filter=Q(votes__choice=1)),
            disagree=Count("votes", filter=Q(votes__choice=-1)),
            passed=Count("votes", filter=Q(votes__choice=0)),
            voters=Count("votes"),
        )
        .annotate(score=scores[order])
        .order_by("-score", "-voters", "-agree", "statement__order", "statement__pk")
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """Results as they were counted at one moment: ballots best first, each with its counts."""

    at: dt.datetime
    voters: int
    ranks: dict[int, Counts]


def standing(
    engagement: Engagement, order: str, now: dt.datetime, *, sealed: bool = False
) -> Standing:
    """The results, at most ``COUNTS_SECONDS`` old: counting them reads every vote.

    While results are sealed there is the turnout alone. What is shown of it says ``at``.
    """
    name = "sealed" if sealed else order
    key = f"statement-standing:{engagement.public_id}:{name}"
    found: Standing | None = cache.get(key)
    if found is None:
        rows = [] if sealed else ranked(engagement, order)
        ranks = {row["pk"]: Counts(row["agree"], row["disagree"], row["passed"]) for row in rows}
        found = Standing(now, voters_of(engagement), ranks)
        cache.set(key, found, COUNTS_SECONDS)
    return found
