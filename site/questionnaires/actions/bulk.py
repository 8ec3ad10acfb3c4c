"""Responses brought in as they were given elsewhere, beside the action for single ones
(decision 10)."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Person
from core import audit, clock
from core.exceptions import Conflict, Invalid
from core.planner import look_again
from core.texts import known_language
from participation import live
from participation.models import (
    Channel,
    Contribution,
    ContributionKind,
    ContributionState,
    ContributionVersion,
    PublishChoice,
    Receipt,
)
from questionnaires import flow
from questionnaires.actions.rows import Kept, build
from questionnaires.actions.stale import ask_count
from questionnaires.definition import Definition
from questionnaires.judging import canonical, judge
from questionnaires.loading import Rows, load_for_writing
from questionnaires.models import Answer, AnswerChoice, Capacity, Questionnaire, Response

BATCH = 1000


@dataclass(frozen=True)
class SourceResponse:
    """One response of the source. ``source_id`` tells it apart there; ``answers`` as in a draft."""

    source_id: str
    received_at: dt.datetime
    answers: Mapping[str, Any]
    language: str = "en"
    person: Person | None = None
    capacity: str = Capacity.INDIVIDUAL
    organisation: str = ""
    route: str = flow.WHOLE
    level: int = 0


@dataclass
class Imported:
    """``received`` were written now; ``known`` had been brought in before."""

    received: int = 0
    known: int = 0


@dataclass
class _Batch:
    contributions: list[Contribution] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)


@transaction.atomic
def import_responses(
    *,
    questionnaire: Questionnaire,
    responses: Iterable[SourceResponse],
    by: Account | str = audit.SYSTEM,
    channel: str = Channel.IMPORT,
) -> Imported:
    """Enter the responses of a finished survey with the source's own times.

    The checks of a single response, set-wise: each answer by its kind, each instant within a phase
    that takes answers, one live response a person and capacity. A response that was brought in
    before (its ``source_id`` on this questionnaire) is left as it is. They are for the bureau
    alone: nobody agreed here that they are published. Every batch of 1,000 leaves one audit entry
    a table. Raises Invalid or Conflict at the first bad one (``data["source_id"]``); either undoes
    everything.
    """
    definition, rows = load_for_writing(questionnaire)
    windows = [
        (phase.opens_at, phase.closes_at)
        for phase in questionnaire.engagement.phases.all()
        if "answer" in phase.verbs
    ]
    found = Imported()
    taken: set[tuple[int | None, str]] = set(
        Response.objects.counted()
        .filter(questionnaire=questionnaire, person__isnull=False)
        .values_list("person_id", "capacity")
    )
    source = iter(responses)
    while some := list(islice(source, BATCH)):
        new = _new(questionnaire, some)
        found.known += len(some) - len(new)
        batch = _Batch()
        for one in new:
            _check(one, windows, taken)
            _add(batch, questionnaire, definition, rows, one=one, channel=channel)
        if batch.contributions:
            _write(questionnaire, batch, by)
            found.received += len(batch.contributions)
    if found.received:
        if questionnaire.frozen_at is None:
            _freeze(questionnaire, by)
        look_again(Contribution, Response, Answer, AnswerChoice)
        ask_count(questionnaire=questionnaire)
        live.changed(questionnaire.engagement)
    return found


def key_of(questionnaire: Questionnaire, source_id: str) -> str:
    """What an imported response is known by: short, and the same at every run."""
    text = f"{questionnaire.public_id}\n{source_id}"
    return f"i-{hashlib.blake2s(text.encode('utf-8', 'surrogatepass'), digest_size=16).hexdigest()}"


def _new(questionnaire: Questionnaire, some: list[SourceResponse]) -> list[SourceResponse]:
    keys = {key_of(questionnaire, one.source_id): one for one in some}
    if len(keys) != len(some):
        raise Conflict("The source names a response twice.", code="named_twice")
    there = set(
        Contribution.objects.filter(
            engagement=questionnaire.engagement, kind="response", idempotency_key__in=list(keys)
        ).values_list("idempotency_key", flat=True)
    )
    return [one for key, one in keys.items() if key not in there]


def _check(
    one: SourceResponse,
    windows: list[tuple[dt.datetime, dt.datetime]],
    taken: set[tuple[int | None, str]],
) -> None:
    about = {"source_id": one.source_id[:80]}
    if one.received_at.tzinfo is None or not any(
        opens <= one.received_at < closes for opens, closes in windows
    ):
        raise Invalid(_("It was not open at that time."), code="not_open", data=about)
    if one.capacity not in Capacity.values or (one.capacity == Capacity.ORGANISATION) != bool(
        one.organisation
    ):
        raise Invalid(_("Say who you answer for."), code="capacity", data=about)
    if one.person is None:
        return
    place = (one.person.pk, one.capacity)
    if place in taken:
        raise Conflict(
            _("You have answered in this capacity already."), code="already_answered", data=about
        )
    taken.add(place)


def _add(
    batch: _Batch,
    questionnaire: Questionnaire,
    definition: Definition,
    rows: Rows,
    *,
    one: SourceResponse,
    channel: str,
) -> None:
    judged = judge(definition, one.answers, one.route)
    for problem in judged.problems:
        problem.data["source_id"] = one.source_id[:80]
        raise problem
    if not judged.answers:
        raise Invalid(
            _("Answer at least one question."),
            code="empty",
            data={"source_id": one.source_id[:80]},
        )
    contribution = Contribution(
        engagement=questionnaire.engagement,
        person=one.person,
        kind=ContributionKind.RESPONSE,
        channel=channel,
        language=known_language(one.language),
        received_at=one.received_at,
        publish_choice=PublishChoice.CONFIDENTIAL,
        state=ContributionState.CONFIDENTIAL,
        text=canonical(judged.answers, one.route),
        idempotency_key=key_of(questionnaire, one.source_id),
    )
    response = Response(
        contribution=contribution,
        questionnaire=questionnaire,
        person=one.person,
        capacity=one.capacity,
        organisation=one.organisation,
        route=one.route,
        level=one.level,
        begun_at=one.received_at,
    )
    batch.contributions.append(contribution)
    batch.responses.append(response)
    batch.kept.append(
        build(
            response,
            definition,
            rows,
            judged.answers,
            engagement=questionnaire.engagement,
            public=False,
            now=one.received_at,
        )
    )


def _write(questionnaire: Questionnaire, batch: _Batch, by: Account | str) -> None:
    engagement = questionnaire.engagement
    contributions = Contribution.objects.bulk_create(batch.contributions)
    ContributionVersion.objects.bulk_create(
        ContributionVersion(contribution=row, number=1, text=row.text, at=row.received_at)
        for row in contributions
    )
    Receipt.objects.bulk_create(
        Receipt(
            engagement=engagement,
            person=row.person,
            contribution=row,
            created_at=row.received_at,
        )
        for row in contributions
    )
    for response in batch.responses:
        # The entry had no key when the response was built.
        response.contribution_id = response.contribution.pk
    Response.objects.bulk_create(batch.responses)
    answers = [answer for kept in batch.kept for answer in kept.answers]
    for answer in answers:
        answer.response_id = answer.response.pk
    Answer.objects.bulk_create(answers, batch_size=BATCH)
    choices = [choice for kept in batch.kept for choice in kept.choices()]
    AnswerChoice.objects.bulk_create(choices, batch_size=BATCH)
    written: list[list[Any]] = [contributions, batch.responses, answers, choices]
    for rows in written:
        _record(rows, engagement.public_id, questionnaire.public_id, by)


def _record(rows: list[models.Model], engagement_id: str, subject: str, by: Account | str) -> None:
    if not rows:
        return
    audit.record_batch(
        "response.import",
        actor=by,
        model=type(rows[0]),
        keys=[row.pk for row in rows],
        engagement_id=engagement_id,
        subject=subject,
    )


def _freeze(questionnaire: Questionnaire, by: Account | str) -> None:
    questionnaire.frozen_at = clock.now()
    questionnaire.save(update_fields=["frozen_at"])
    audit.record(
        "questionnaire.freeze",
        actor=by,
        engagement_id=questionnaire.engagement.public_id,
        subject=questionnaire.public_id,
        rows=[questionnaire],
    )
