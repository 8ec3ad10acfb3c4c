"""The ballot of a contest: what is on it, and what the room says of a vote that comes in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from core.exceptions import Invalid, TooLarge
from core.ids import is_public_id
from ideas.models import ContestVote, Idea
from ideas.querysets import IdeaQuerySet
from ideas.voting import Option
from participation.ballots import Chosen
from participation.models import Ballot, Engagement, Phase

#: The ballots' kind.
KIND = "ideas"
#: No honest vote holds more.
MOST_CHOICES = 2000


def phase_of(engagement: Engagement) -> Phase | None:
    """The phase of the public vote; ``phases`` may be prefetched."""
    return next((phase for phase in engagement.phases.all() if "vote" in phase.verbs), None)


def vote_of(engagement: Engagement) -> ContestVote | None:
    """The contest's vote with its ballot, or None where the public does not vote."""
    if phase_of(engagement) is None:
        return None
    # The totals of a large vote are a megabyte: every page of the contest asks whether there is a
    # result, and few what is in it.
    rows = ContestVote.objects.select_related("ballot", "result").defer("result__totals")
    vote = rows.filter(contest=engagement.pk).first()
    if vote is not None:
        vote.ballot.engagement = engagement
        # What takes_votes and judge read.
        vote.ballot.contest_vote = vote
    return vote


def has_begun(engagement: Engagement, now: dt.datetime) -> bool:
    """Whether the vote has opened: from then on neither its rules nor costs change."""
    phase = phase_of(engagement)
    return phase is not None and phase.opens_at <= now


def has_ended(engagement: Engagement, now: dt.datetime) -> bool:
    """Whether the vote has closed."""
    phase = phase_of(engagement)
    return phase is not None and phase.closes_at <= now


def on_ballot(vote: ContestVote) -> IdeaQuerySet:
    """The ideas that can be voted for, with a cost where the kind needs one."""
    ideas = Idea.objects.votable().filter(engagement=vote.contest_id)
    return ideas.filter(cost__isnull=False) if vote.way.needs_cost else ideas


def is_offered(vote: ContestVote, idea: Idea) -> bool:
    """Whether a public idea, read with its cost, is on the ballot: ``on_ballot`` for one row."""
    if idea.merged_into_id is not None:
        return False
    if vote.way.needs_cost and not hasattr(idea, "cost"):
        return False
    screens = any(phase.key == "screening" for phase in vote.ballot.engagement.phases.all())
    return idea.screened == "accepted" or (not idea.screened and not screens)


def options(vote: ContestVote, ids: Iterable[str]) -> list[Option]:
    """Those of the ideas that are on the ballot, by their title; one query."""
    asked = [one for one in ids if is_public_id(one)]
    rows = (
        on_ballot(vote)
        .filter(contribution__public_id__in=asked[:MOST_CHOICES])
        .order_by("title", "pk")
        .values_list("contribution__public_id", "title", "contribution__language", "cost__amount")
    )
    return [Option(*row) for row in rows]


def takes_votes(ballot: Ballot) -> bool:
    """A ballot that hangs on a contest does, in its phase."""
    return hasattr(ballot, "contest_vote")


def judge(ballot: Ballot, choices: Mapping[str, object]) -> list[Chosen]:
    """The choices as the contest's rules take them; one query.

    Raises Invalid for none, for an idea that is not on the ballot (another contest's, hidden,
    withdrawn, without a cost) and for what the kind refuses; TooLarge for more than 2,000.
    """
    if len(choices) > MOST_CHOICES:
        raise TooLarge
    vote = ballot.contest_vote
    values: dict[str, int] = {}
    for key, value in choices.items():
        if not isinstance(value, int) or isinstance(value, bool):
            raise Invalid(_("Give each idea one of the values offered."), code="value")
        values[key] = value
    rows = on_ballot(vote).filter(contribution__public_id__in=filter(is_public_id, values))
    found = {
        public_id: (pk, cost)
        for pk, public_id, cost in rows.order_by().values_list(
            "pk", "contribution__public_id", "cost__amount"
        )
    }
    if len(found) != len(values):
        raise Invalid(
            _("One of your ideas is not on the ballot, or no longer. Look at your vote again."),
            code="unknown",
        )
    costs = {key: cost or 0 for key, (_pk, cost) in found.items()}
    vote.way.check(values, costs, vote.rules)
    return [Chosen(found[key][0], key, value) for key, value in sorted(values.items())]
