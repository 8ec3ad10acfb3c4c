"""What happens to responses when their entry, or the person behind them, changes."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Account, Person
from core import audit
from moderation import actions as moderation
from participation import live
from participation.models import Contribution, ContributionState
from questionnaires.actions.stale import ask_count
from questionnaires.models import AboutYou, Draft, Response, TextState


def follow_contribution(contribution: Contribution) -> None:
    """End a response whose entry was withdrawn; called in the transaction that withdrew it.

    Its texts leave the queue and the public pages; they stay in the register, as withdrawn.
    """
    if contribution.state != ContributionState.WITHDRAWN:
        return
    response = (
        Response.objects.select_for_update(of=("self",))
        .select_related("questionnaire")
        .filter(contribution=contribution, live=True)
        .first()
    )
    if response is None:
        return
    _end(response, contribution)
    audit.record(
        "response.end",
        actor="system",
        engagement_id=contribution.engagement.public_id,
        subject=contribution.public_id,
        rows=[response],
    )


def _end(response: Response, contribution: Contribution) -> None:
    response.live = False
    response.save(update_fields=["live"])
    for public_id in response.answers.exclude(state=TextState.NONE).values_list(
        "public_id", flat=True
    ):
        moderation.drop(kind="answer", target_id=public_id)
    moderation.drop(kind="response", target_id=contribution.public_id)
    Draft.objects.filter(response=response, submitted_at=None).delete()
    ask_count(questionnaire=response.questionnaire)


@transaction.atomic
def settle_merged(*, keep: Person, gone: Person) -> None:
    """Move responses of ``gone`` to ``keep``; of two live ones the earliest stands.

    The later one is withdrawn: it stays in the register and no figure counts it. Drafts move too.
    """
    Draft.objects.filter(person=gone).update(person=keep)
    # The entries first, as whoever changes or moderates a response takes them.
    entries = Contribution.objects.filter(response__person__in=[keep, gone])
    list(entries.select_for_update(of=("self",)).order_by("pk"))
    rows = list(
        Response.objects.select_for_update(of=("self",))
        .select_related("contribution__engagement", "questionnaire")
        .filter(person__in=[keep, gone])
        .order_by("contribution__received_at", "pk")
    )
    standing: set[tuple[int, str]] = set()
    touched: list[Response | Contribution] = []
    for row in rows:
        place = (row.questionnaire_id, row.capacity)
        if row.live and place in standing:
            contribution = row.contribution
            contribution.state = ContributionState.WITHDRAWN
            contribution.save(update_fields=["state"])
            _end(row, contribution)
            live.changed(contribution.engagement)
            touched += [contribution]
            if row.person_id == keep.pk:
                touched += [row]
        if row.live:
            standing.add(place)
    # Only now, when no two live ones would meet in the constraint.
    for row in rows:
        if row.person_id == gone.pk:
            row.person = keep
            row.save(update_fields=["person"])
            touched.append(row)
    if touched:
        audit.record("response.settle", actor=keep, subject=gone.public_id, rows=touched)


@transaction.atomic
def erase_account(*, account: Account, last: bool) -> None:
    """Drop what was not submitted, and what was said about oneself. Responses stay, unnamed.

    The aliases and display names on entries go with ``participation``'s erasing; an
    organisation's name is the organisation's and stays.
    """
    if not last:
        return
    Draft.objects.filter(person=account.person).delete()
    rows = list(
        AboutYou.objects.select_for_update(of=("self",)).filter(response__person=account.person)
    )
    if rows:
        audit.record(
            "about_you.erase",
            actor=account.person,
            subject=account.person.public_id,
            rows=rows,
        )
        AboutYou.objects.filter(pk__in=[row.pk for row in rows]).delete()
