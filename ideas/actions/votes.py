"""The public vote: what publishing writes of it, what ideas cost, and what a visit had chosen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import Account, Person
from core import audit, clock, limits
from core.exceptions import Absent, Closed, Invalid, Refused, SignInNeeded
from ideas.ballots import KIND as BALLOT
from ideas.ballots import has_begun, vote_of
from ideas.models import Contest, ContestPage, ContestVote, Idea, IdeaCost
from ideas.voting import kind_named
from participation import live
from participation.actions.choices import cast_choices
from participation.actions.pending import register
from participation.models import Ballot, Engagement, PendingAct, Receipt
from participation.policies import is_officer_of

#: The kind of held act a vote is until it is handed in.
KIND = "idea-vote"
#: More than anything in one contest costs, and far below what columns hold.
HIGHEST_COST = 10**12


def write_vote(contest: Contest, page: ContestPage, now: dt.datetime) -> list[models.Model]:
    """Write how people vote; called by publishing alone, within its transaction.

    Raises Invalid (field 'vote_kind') for a change after the vote has opened: who has voted did so
    under these rules.
    """
    if page.vote_closes_at is None:
        return []
    needs = kind_named(page.vote_kind).needs
    said: dict[str, Any] = {
        "kind": page.vote_kind,
        "most": page.vote_most if needs == "most" else 0,
        "budget": page.vote_budget or 0 if needs == "budget" else 0,
        "after_own": page.vote_after_own,
    }
    vote = ContestVote.objects.filter(contest=contest).first()
    if vote is None:
        ballot = Ballot.objects.create(engagement=contest.engagement, kind=BALLOT)
        return [ContestVote.objects.create(contest=contest, ballot=ballot, **said)]
    if all(getattr(vote, name) == value for name, value in said.items()):
        return []
    if has_begun(contest.engagement, now):
        raise Invalid(
            _("The vote has opened: how people vote can no longer be changed."), field="vote_kind"
        )
    for name, value in said.items():
        setattr(vote, name, value)
    vote.save()
    return [vote]


@transaction.atomic
def set_costs(
    *, engagement: Engagement, costs: Mapping[str, int | None], by: Account | None
) -> int:
    """Say what ideas cost, by their public ids; None takes a cost away. Returns how many changed.

    Raises SignInNeeded, Refused for whoever is no officer of the bureau, Closed once the vote has
    opened, Absent for ideas that are not public here, Invalid for an amount that is none.
    """
    if by is None:
        raise SignInNeeded
    limits.spend("desk_write", by.public_id)
    if not is_officer_of(by, engagement):
        raise Refused
    now = clock.now()
    if has_begun(engagement, now):
        raise Closed(_("The vote has opened: costs can no longer be changed."))
    ideas = {
        idea.contribution.public_id: idea
        for idea in Idea.objects.public()
        .filter(engagement=engagement, contribution__public_id__in=costs)
        .select_related("contribution", "cost")
    }
    if len(ideas) != len(costs):
        raise Absent
    changed: list[models.Model] = []
    for key, amount in costs.items():
        known = getattr(ideas[key], "cost", None)
        if amount == (known.amount if known else None):
            continue
        if amount is not None and not 1 <= amount <= HIGHEST_COST:
            raise Invalid(_("Enter a cost in whole Hong Kong dollars, or nothing."), code="cost")
        row = known or IdeaCost(idea=ideas[key])
        row.amount, row.at, row.by = amount or row.amount, now, by
        if amount is None:
            audit.record(
                "idea.cost.erase", actor=by, engagement_id=engagement.public_id, rows=[row]
            )
            row.delete()
        else:
            row.save()
            audit.record("idea.cost", actor=by, engagement_id=engagement.public_id, rows=[row])
        changed.append(row)
    if changed:
        live.changed(engagement)
    return len(changed)


def complete_vote(
    act: PendingAct, person: Person | None, account: Account | None, changes: dict[str, Any]
) -> Receipt:
    """Cast what a visit had chosen. Handed in a second time it gives the receipt again."""
    if person is None:
        raise SignInNeeded
    vote = vote_of(act.engagement)
    if vote is None:
        raise Absent
    if "choices" not in act.payload:
        receipt = Receipt.objects.filter(
            engagement=act.engagement, person=person, contribution=None
        ).first()
        if receipt is None:
            raise Absent
        return receipt
    return cast_choices(ballot=vote.ballot, person=person, choices=act.payload["choices"])


register(KIND, complete_vote)
