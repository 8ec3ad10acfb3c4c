"""Citizens' own statements: proposed, entered in the register, moderated, put to everybody."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Person
from consultations.models import OpinionGrouping, Statement
from consultations.search_statements import KIND
from consultations.statements import TEXT_LIMIT
from core import audit, clock, jobs
from core.exceptions import Invalid
from core.text import clean_text, fold
from participation.actions.contributions import Sent, already_received, receive_contribution
from participation.actions.pending import register
from participation.models import (
    Ballot,
    Channel,
    Contribution,
    ContributionKind,
    ContributionState,
    Engagement,
    PendingAct,
    PublishChoice,
    Receipt,
)
from participation.policies import can_propose_statement, require
from search.similar import alike

#: What the statement's own state is while its entry has the other.
_STATES = {
    ContributionState.PUBLISHED: "published",
    ContributionState.HELD: "held",
    ContributionState.WITHHELD: "withheld",
    ContributionState.WITHDRAWN: "withheld",
}
SHOWN_SIMILAR = 3


def clean_statement(text: object) -> str:
    """The words as they are put to people: one line of at most 140 code points. Raises Invalid."""
    return clean_text(text, max_length=TEXT_LIMIT, field="text", multiline=False)


def similar_statements(engagement: Engagement, text: str) -> list[Statement]:
    """Published statements that read like the text, best first, in whatever script they are."""
    found = alike(text, kinds=[KIND], scope=engagement.public_id, limit=SHOWN_SIMILAR)
    rows = engagement.statements.filter(state="published", retired_at=None).in_bulk(
        [each.object_id for each in found]
    )
    return [rows[each.object_id] for each in found if each.object_id in rows]


@transaction.atomic
def propose_statement(
    *,
    engagement: Engagement,
    person: Person | None,
    account: Account | None,
    text: str,
    language: str,
    channel: str = Channel.WEB,
    idempotency_key: str = "",
) -> Receipt:
    """Enter an own statement; it is put to people once a moderator published it.

    It is shown without a name, so that people judge the words. Under the policy 'after' it is
    public at once. The same form again gives the same receipt. Raises Closed, SignInNeeded or
    Refused by policy, Invalid for the text and for one that is there already, TooMany, Conflict.
    """
    cleaned = clean_statement(text)
    sent = Sent(engagement, ContributionKind.STATEMENT, PublishChoice.NAME, cleaned)
    if earlier := already_received(person=person, idempotency_key=idempotency_key, sent=sent):
        return earlier.receipt
    require(can_propose_statement(engagement=engagement, person=person, now=clock.now()))
    wanted = fold(cleaned)
    for statement in engagement.statements.filter(state="published", retired_at=None):
        if any(fold(words) == wanted for words in statement.text.values()):
            raise Invalid(
                _("This statement is there already. Answer it instead."),
                field="text",
                code="statement_there",
            )
    received = receive_contribution(
        engagement=engagement,
        person=person,
        account=account,
        kind=ContributionKind.STATEMENT,
        text=cleaned,
        language=language,
        channel=channel,
        idempotency_key=idempotency_key,
        max_length=TEXT_LIMIT,
    )
    if received.new:
        _make_statement(received.contribution, account or person or "system")
    return received.receipt


def _make_statement(contribution: Contribution, actor: Account | Person | str) -> Statement:
    engagement = contribution.engagement
    last = engagement.statements.order_by("-order").values_list("order", flat=True).first()
    statement = Statement.objects.create(
        engagement=engagement,
        ballot=Ballot.objects.create(engagement=engagement, kind="statement"),
        contribution=contribution,
        text={contribution.language: contribution.text},
        state=_STATES[ContributionState(contribution.state)],
        order=(last or 0) + 1,
        author=contribution.person,
        created_at=contribution.received_at,
    )
    audit.record(
        "statement.place",
        actor=actor,
        engagement_id=engagement.public_id,
        subject=contribution.public_id,
        rows=[statement],
    )
    return statement


def follow_contribution(contribution: Contribution) -> None:
    """Give the statement its entry's state; called in the transaction that changed the entry.

    Votes on one that is withheld or withdrawn stay in the record and are listed for officers.
    """
    statement = Statement.objects.select_for_update().filter(contribution=contribution).first()
    if statement is None:
        return
    state = _STATES[ContributionState(contribution.state)]
    withdrawn = contribution.state == ContributionState.WITHDRAWN
    if statement.state == state and not withdrawn:
        return
    statement.state = state
    if withdrawn and statement.retired_at is None:
        statement.retired_at = clock.now()
    statement.save(update_fields=["state", "retired_at"])
    audit.record(
        f"statement.{state}",
        actor="system",
        engagement_id=contribution.engagement.public_id,
        subject=contribution.public_id,
        rows=[statement],
    )
    if OpinionGrouping.objects.filter(engagement=contribution.engagement).exists():
        jobs.enqueue("consultations.group_opinions", contribution.engagement.pk)


def complete_statement(
    act: PendingAct, person: Person | None, account: Account | None, changes: dict[str, Any]
) -> Receipt:
    """Submit a statement that was typed before signing in; its token is the form's key."""
    return propose_statement(
        engagement=act.engagement,
        person=person,
        account=account,
        text=act.payload["text"],
        language=act.language,
        idempotency_key=act.token,
    )


register("statement", complete_statement)
