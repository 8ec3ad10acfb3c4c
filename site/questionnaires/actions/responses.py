"""Submitting a response: one transaction, one entry of the register, at most twelve queries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Account, Person
from core import clock, jobs, limits
from core.exceptions import Conflict
from participation import live
from participation.models import Channel, ContributionState, PublishChoice, Receipt
from participation.policies import can, require
from questionnaires import flow, gates
from questionnaires.actions.entering import enter
from questionnaires.actions.following import empty_draft, freeze_wording
from questionnaires.actions.standing import go_on, receipt_of_the_same, replace_what_stands
from questionnaires.actions.submissions import Submission, of_answers, of_draft
from questionnaires.definition import Definition
from questionnaires.editions import reworded_since
from questionnaires.judging import Judged, judge, refuse_empty, refuse_not_shown, refuse_problems
from questionnaires.loading import load_for_writing
from questionnaires.models import Capacity, Draft, Questionnaire
from questionnaires.signing import Signing, clean_signing


def submit_response(
    *,
    draft: Draft | None = None,
    questionnaire: Questionnaire | None = None,
    answers: Mapping[str, Any] | None = None,
    route: str = flow.WHOLE,
    person: Person | None,
    account: Account | None,
    capacity: str = Capacity.INDIVIDUAL,
    organisation: str = "",
    publish_choice: str = PublishChoice.CONFIDENTIAL,
    alias: str = "",
    display_name: str = "",
    channel: str = Channel.WEB,
    language: str = "",
    idempotency_key: str = "",
    source: str = "",
    replace: bool = False,
    version: int | None = None,
    edition: int | None = None,
) -> Receipt:
    """Enter a response in the register; returns its receipt.

    Give a ``draft``, or a ``questionnaire`` with ``answers`` (question key to JSON value). The same
    draft, or the same key with the same answers, gives the same receipt; without a person whoever
    knows the key is the sender, so it must be one that nobody guesses. A person has one live
    response a questionnaire and capacity: a second one raises Conflict 'already_answered' (its
    ``data["receipt"]`` is the first's), or with ``replace`` changes the first. ``version`` is the
    one that was read before replacing: Conflict 'edited' where another stands by now, or none.
    ``source`` is the network address' key, the only thing to count where anybody may answer.

    The first response freezes the words. Where a publication changed words after they were
    answered (``edition`` says which were read, where there is no draft that knows), Conflict
    'wording_changed' with ``data["questions"]``: they are read again first.

    A draft of a change goes to ``change_response``. Raises Closed, SignInNeeded or Refused by
    policy (a draft begun before the close has the stated grace, by the database's clock), Invalid
    for answers and names (``data["problems"]`` lists all of them), Conflict, TooMany, what the
    room's gate refuses. Then nothing is written and the draft stays.
    """
    how: dict[str, Any] = {
        "draft": draft,
        "questionnaire": questionnaire,
        "answers": answers or {},
        "route": route,
        "person": person,
        "account": account,
        "signing": Signing(capacity, organisation, publish_choice, alias, display_name),
        "channel": channel,
        "language": language,
        "idempotency_key": idempotency_key,
        "source": source,
        "replace": replace,
        "version": version,
        "edition": edition,
    }
    try:
        return _submit(**how)
    except IntegrityError:
        # Two at once: the constraints let one through. Once more, with what stands now.
        return _submit(**how)


@transaction.atomic
def _submit(
    *,
    draft: Draft | None,
    questionnaire: Questionnaire | None,
    answers: Mapping[str, Any],
    route: str,
    person: Person | None,
    account: Account | None,
    signing: Signing,
    channel: str,
    language: str,
    idempotency_key: str,
    source: str,
    replace: bool,
    version: int | None,
    edition: int | None,
) -> Receipt:
    person = gates.hold(draft.questionnaire if draft is not None else questionnaire, person)
    if draft is not None:
        sent = of_draft(draft, person, signing.capacity)
        if sent.draft is not None and sent.draft.response_id is not None:
            return go_on(sent.draft, person=person, account=account, signing=signing)
    elif questionnaire is not None:
        sent = of_answers(
            questionnaire,
            answers,
            person=person,
            capacity=signing.capacity,
            route=route,
            language=language,
        )
        if earlier := receipt_of_the_same(sent, idempotency_key, person=person, signing=signing):
            return earlier
    else:
        raise ValueError("A response needs a draft or a questionnaire.")
    engagement = sent.questionnaire.engagement
    now = clock.now()
    require(can("answer", engagement=engagement, person=person, now=now, begun_at=sent.begun_at))
    if sent.earlier:
        return replace_what_stands(
            sent,
            person=person,
            account=account,
            signing=signing,
            replace=replace,
            version=version,
        )
    if version is not None:
        raise Conflict(
            _("What you want to replace does not stand any more. Read it again first."),
            code="edited",
        )
    if person is not None:
        limits.spend("response", person.public_id)
    else:
        limits.spend("response_anonymous", source)
    if sent.questionnaire.frozen_at is None:
        # Before anything is read of the words: a publication that is under way is waited for, and
        # one that comes after meets what is frozen.
        freeze_wording(sent.questionnaire, now)
    definition, rows = load_for_writing(sent.questionnaire)
    _refuse_reworded(definition, sent, edition)
    response = enter(
        sent,
        definition,
        rows,
        _judged(definition, sent),
        clean_signing(signing, organisations=definition.organisations),
        person=person,
        account=account,
        channel=channel,
        language=language or sent.language,
        idempotency_key=idempotency_key,
    )
    contribution = response.contribution
    gates.receive(response, sent.draft)
    if sent.draft is not None:
        empty_draft(sent.draft, response, person, now)
    jobs.enqueue("questionnaires.received", contribution.pk)
    if contribution.state == ContributionState.PUBLISHED:
        live.changed(engagement)
    return contribution.receipt


def _refuse_reworded(definition: Definition, sent: Submission, edition: int | None) -> None:
    """Raise Conflict for questions that said something else when they were answered."""
    if sent.draft is not None:
        seen: Mapping[str, Any] | int = sent.draft.seen
    elif edition is not None:
        seen = edition
    else:
        return
    found = reworded_since(definition, sent.answers, sent.route, seen)
    if not found:
        return
    raise Conflict(
        ngettext(
            "A question was changed after you answered it. Nothing was sent and your answers are "
            "kept. Read it again, then send.",
            "%(count)d questions were changed after you answered them. Nothing was sent and your "
            "answers are kept. Read them again, then send.",
            len(found),
        )
        % {"count": len(found)},
        code="wording_changed",
        data={"questions": [question.key for question in found]},
    )


def _judged(definition: Definition, sent: Submission) -> Judged:
    judged = judge(definition, sent.answers, sent.route)
    refuse_problems(judged)
    if sent.draft is None:
        refuse_not_shown(definition, sent.answers, judged, sent.route)
    refuse_empty(judged)
    return judged
