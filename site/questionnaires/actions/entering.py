"""Writing a new response: its entry in the register, its rows, what moderators read, the record."""

from __future__ import annotations

from accounts.models import Account, Level, Person
from core import audit, clock
from core.texts import known_language
from participation.models import (
    Contribution,
    ContributionKind,
    ContributionState,
    ContributionVersion,
    Receipt,
)
from questionnaires.actions.following import queue_texts
from questionnaires.actions.rows import build, first_state, text_state
from questionnaires.actions.submissions import Submission
from questionnaires.consent import CONSENT_VERSION
from questionnaires.definition import Definition
from questionnaires.judging import Judged, canonical
from questionnaires.loading import Rows
from questionnaires.models import Answer, AnswerChoice, Response
from questionnaires.signing import Signing, author_name, signature


def enter(
    sent: Submission,
    definition: Definition,
    rows: Rows,
    judged: Judged,
    signing: Signing,
    *,
    person: Person | None,
    account: Account | None,
    channel: str,
    language: str,
    idempotency_key: str,
) -> Response:
    """Write what was allowed and judged, inside the caller's transaction.

    The response's contribution and the receipt of that are at hand. Raises Invalid for a name that
    may not be shown, IntegrityError where another response of the same person stands.
    """
    engagement = sent.questionnaire.engagement
    now = clock.now()
    contribution = _entry(
        sent,
        judged,
        signing,
        person=person,
        name=author_name(signing, person, account),
        channel=channel,
        language=language,
        idempotency_key=idempotency_key,
    )
    contribution.save(force_insert=True)
    words = ContributionVersion.objects.create(
        contribution=contribution, number=1, text=contribution.text, at=now
    )
    Receipt.objects.create(
        engagement=engagement, person=person, contribution=contribution, created_at=now
    )
    response = Response.objects.create(
        contribution=contribution,
        questionnaire=sent.questionnaire,
        person=person,
        capacity=signing.capacity,
        organisation=signing.organisation,
        route=sent.route,
        signature_state=text_state(engagement, signature(signing), public=signing.public),
        level=person.level if person else Level.ANYONE,
        begun_at=sent.begun_at or now,
    )
    kept = build(
        response,
        definition,
        rows,
        judged.answers,
        engagement=engagement,
        public=signing.public,
        now=now,
    )
    Answer.objects.bulk_create(kept.answers)
    choices = AnswerChoice.objects.bulk_create(kept.choices())
    items = queue_texts(contribution, response, kept.answers)
    audit.record(
        "response.receive",
        actor=account or person or "system",
        engagement_id=engagement.public_id,
        subject=contribution.public_id,
        rows=[contribution, words, response, *kept.answers, *choices, *items],
    )
    return response


def _entry(
    sent: Submission,
    judged: Judged,
    signing: Signing,
    *,
    person: Person | None,
    name: str,
    channel: str,
    language: str,
    idempotency_key: str,
) -> Contribution:
    now = clock.now()
    state = first_state(signing.publish_choice)
    return Contribution(
        engagement=sent.questionnaire.engagement,
        person=person,
        kind=ContributionKind.RESPONSE,
        channel=channel,
        language=known_language(language),
        received_at=now,
        publish_choice=signing.publish_choice,
        consent_version=CONSENT_VERSION,
        state=state,
        author_name=name,
        text=canonical(judged.answers, sent.route),
        published_at=now if state == ContributionState.PUBLISHED else None,
        idempotency_key=idempotency_key,
    )
