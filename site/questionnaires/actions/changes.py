"""Changing a response until the close. Every version is kept; answers keep their addresses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Person
from core import audit, clock, limits
from core.exceptions import Conflict
from moderation import actions as moderation
from participation import kinds as register_kinds
from participation import live
from participation.models import (
    Contribution,
    ContributionVersion,
    Engagement,
    PublishChoice,
)
from participation.policies import can_edit_contribution, require
from questionnaires import kinds
from questionnaires.actions.rows import fill, first_state, item_facts, text_state
from questionnaires.actions.stale import ask_count
from questionnaires.consent import CONSENT_VERSION
from questionnaires.definition import Definition
from questionnaires.judging import canonical, judge, refuse_empty, refuse_problems
from questionnaires.loading import Rows, load_for_writing
from questionnaires.models import Answer, AnswerChoice, Response, TextState
from questionnaires.signing import Signing, author_name, clean_signing, signature


@dataclass
class Difference:
    """What a change does to the answers."""

    made: list[Answer] = field(default_factory=list)
    changed: list[Answer] = field(default_factory=list)
    gone: list[Answer] = field(default_factory=list)
    #: Choices that go, and the options of each answer that is written again.
    choices_gone: list[AnswerChoice] = field(default_factory=list)
    options: list[tuple[Answer, list[int]]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.made or self.changed or self.gone)


@transaction.atomic
def change_response(
    *,
    response: Response,
    answers: Mapping[str, Any],
    person: Person | None,
    account: Account | None,
    route: str | None = None,
    signing: Signing | None = None,
    version: int | None = None,
) -> Response:
    """Replace a response's answers, and as whom it was given, until the close.

    ``signing`` left out keeps what was chosen. An answer that stays the same keeps its state; a
    text that was changed waits for a moderator again. The same answers again write nothing.
    ``version`` is the one that was shown; Conflict when it is not the newest any more. Raises
    Closed, Refused or SignInNeeded by policy, Invalid for answers and names, TooMany.
    """
    contribution = _lock(response)
    engagement = contribution.engagement
    now = clock.now()
    require(can_edit_contribution(contribution=contribution, person=person, now=now))
    if version is not None and version != contribution.version:
        raise Conflict(
            _("You changed this in another window meanwhile. Read it again first."), code="edited"
        )
    response = contribution.response
    definition, rows = load_for_writing(response.questionnaire)
    kept = _kept(response)
    before = read_values(kept.values())
    route = route or response.route
    judged = judge(definition, answers, route, before=before)
    refuse_problems(judged)
    refuse_empty(judged)
    signing = clean_signing(signing or signing_of(response), organisations=definition.organisations)
    name = author_name(signing, person, account)
    text = canonical(judged.answers, route)
    resigned = _is_resigned(response, contribution, signing, name)
    if text == contribution.text and not resigned:
        return response
    if person is not None:
        limits.spend("response_change", person.public_id)
    difference = _difference(
        response=response,
        definition=definition,
        rows=rows,
        kept=kept,
        before=before,
        after=judged.answers,
        engagement=engagement,
        public=signing.public,
        was_public=contribution.publish_choice != PublishChoice.CONFIDENTIAL,
        now=now,
    )
    _write_entry(contribution, signing, name, text, now)
    try:
        with transaction.atomic():
            _write_response(response, contribution, signing, route, resigned=resigned)
    except IntegrityError:
        raise Conflict(
            _("You have answered in this capacity already."), code="already_answered"
        ) from None
    made = ContributionVersion.objects.create(
        contribution=contribution, number=contribution.version, text=text, at=now
    )
    actor = account or person or "system"
    _write_answers(difference, contribution, actor)
    audit.record(
        "response.change",
        actor=actor,
        engagement_id=engagement.public_id,
        subject=contribution.public_id,
        rows=[contribution, made, response],
    )
    _moderate(contribution, response, difference)
    ask_count(questionnaire=response.questionnaire)
    register_kinds.tell(contribution)
    live.changed(engagement)
    return response


def signing_of(response: Response) -> Signing:
    """As whom a response was given."""
    contribution = response.contribution
    alias = contribution.publish_choice == PublishChoice.ALIAS
    return Signing(
        capacity=response.capacity,
        organisation=response.organisation,
        publish_choice=contribution.publish_choice,
        alias=contribution.author_name if alias else "",
    )


def values_of(response: Response) -> dict[str, Any]:
    """The answers of a response by question key, those to retired questions among them."""
    return read_values(_kept(response).values())


def read_values(rows: Iterable[Answer]) -> dict[str, Any]:
    """The values of answers by question key; needs their questions and choices loaded."""
    return {row.question.block_id: kinds.of(row.question.kind).read(row) for row in rows}


def _lock(response: Response) -> Contribution:
    contribution = (
        Contribution.objects.select_for_update(of=("self",))
        .select_related("engagement__owner", "person")
        .get(pk=response.pk)
    )
    # Not joined: PostgreSQL gives a joined row as it was before the lock was waited for.
    row = Response.objects.select_related("questionnaire").get(pk=contribution.pk)
    row.contribution = contribution
    return contribution


def _kept(response: Response) -> dict[str, Answer]:
    rows = response.answers.select_related("question").prefetch_related("choices__option")
    return {row.question.block_id: row for row in rows}


def _is_resigned(
    response: Response, contribution: Contribution, signing: Signing, name: str
) -> bool:
    return (
        response.capacity,
        response.organisation,
        contribution.publish_choice,
        contribution.author_name,
    ) != (signing.capacity, signing.organisation, signing.publish_choice, name)


def _difference(
    *,
    response: Response,
    definition: Definition,
    rows: Rows,
    kept: Mapping[str, Answer],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    engagement: Engagement,
    public: bool,
    was_public: bool,
    now: dt.datetime,
) -> Difference:
    found = Difference()
    for question in definition.questions():
        key, old = question.key, kept.get(question.key)
        value = after.get(key)
        if value is None:
            if old is not None:
                found.gone.append(old)
                found.choices_gone += list(old.choices.all())
            continue
        if old is not None and before[key] == value:
            if public != was_public:
                text = kinds.of(question.kind).text(value, question)
                old.state = text_state(engagement, text, public=public)
                old.published_at = now if old.state == TextState.PUBLISHED else None
                old.version += 1
                found.changed.append(old)
            continue
        answer = old or Answer(response=response, question_id=rows.questions[key])
        said = (answer.text, answer.state, answer.published_at)
        keys = fill(answer, question, value, engagement=engagement, public=public, now=now)
        if old is None:
            found.made.append(answer)
        else:
            if public and was_public and answer.text == said[0]:
                # Another option beside the same words: they have been read already.
                _text, answer.state, answer.published_at = said
            else:
                answer.version += 1
            found.changed.append(answer)
            found.choices_gone += list(old.choices.all())
        found.options.append((answer, [rows.options[(key, one)] for one in keys]))
    return found


def _write_entry(
    contribution: Contribution, signing: Signing, name: str, text: str, now: dt.datetime
) -> None:
    contribution.publish_choice = signing.publish_choice
    contribution.consent_version = CONSENT_VERSION
    contribution.state = first_state(signing.publish_choice)
    if signing.public and contribution.published_at is None:
        contribution.published_at = now
    if contribution.author_name != name:
        contribution.author_name, contribution.name_withheld = name, False
    contribution.text = text
    contribution.version += 1
    contribution.edited_at = now
    contribution.save(
        update_fields=[
            "publish_choice",
            "consent_version",
            "state",
            "published_at",
            "author_name",
            "name_withheld",
            "text",
            "version",
            "edited_at",
        ]
    )


def _write_response(
    response: Response,
    contribution: Contribution,
    signing: Signing,
    route: str,
    *,
    resigned: bool,
) -> None:
    response.capacity, response.organisation = signing.capacity, signing.organisation
    response.route = route
    if resigned:
        response.signature_state = text_state(
            contribution.engagement, signature(signing), public=signing.public
        )
    response.save(update_fields=["capacity", "organisation", "route", "signature_state"])


def _write_answers(found: Difference, contribution: Contribution, actor: Any) -> None:
    about = {
        "actor": actor,
        "engagement_id": contribution.engagement.public_id,
        "subject": contribution.public_id,
    }
    if found.gone or found.choices_gone:
        audit.record("response.change.erase", rows=[*found.choices_gone, *found.gone], **about)
    AnswerChoice.objects.filter(pk__in=[row.pk for row in found.choices_gone]).delete()
    for row in found.gone:
        moderation.drop(kind="answer", target_id=row.public_id)
    Answer.objects.filter(pk__in=[row.pk for row in found.gone]).delete()
    Answer.objects.bulk_create(found.made)
    if found.changed:
        Answer.objects.bulk_update(
            found.changed,
            ["number", "date", "text", "folded", "state", "version", "published_at"],
        )
    choices = AnswerChoice.objects.bulk_create(
        AnswerChoice(answer=answer, option_id=option)
        for answer, options in found.options
        for option in options
    )
    if found.made or found.changed:
        audit.record(
            "response.change.answers", rows=[*found.made, *found.changed, *choices], **about
        )


def _moderate(contribution: Contribution, response: Response, found: Difference) -> None:
    facts = item_facts(contribution)
    for answer in [*found.made, *found.changed]:
        if answer.state == TextState.NONE:
            moderation.drop(kind="answer", target_id=answer.public_id)
        elif answer.state == TextState.HELD or answer in found.made or answer.published_at:
            _enqueue("answer", answer.public_id, answer.version, facts)
    if response.signature_state == TextState.NONE:
        moderation.drop(kind="response", target_id=contribution.public_id)
    elif response.signature_state == TextState.HELD:
        _enqueue("response", contribution.public_id, contribution.version, facts)


def _enqueue(kind: str, target_id: str, version: int, facts: dict[str, Any]) -> None:
    moderation.enqueue(
        kind=kind,
        target_id=target_id,
        version=version,
        reason="edit" if version > 1 else "policy",
        **facts,
    )
