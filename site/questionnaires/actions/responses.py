"""Submitting a response: one transaction, one entry of the register, at most twelve queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Account, Level, Person
from core import audit, clock, jobs, limits
from core.exceptions import Absent, Conflict, Invalid
from core.texts import known_language
from participation import live
from participation.actions.contributions import already_sent, sent_with
from participation.models import (
    Channel,
    Contribution,
    ContributionKind,
    ContributionState,
    ContributionVersion,
    Phase,
    PublishChoice,
    Receipt,
)
from participation.policies import can, require
from questionnaires import flow
from questionnaires.actions.changes import change_response
from questionnaires.actions.following import empty_draft, freeze_wording, queue_texts
from questionnaires.actions.rows import build, text_state
from questionnaires.consent import CONSENT_VERSION
from questionnaires.definition import Definition
from questionnaires.editions import reworded_since
from questionnaires.judging import Judged, canonical, judge, refuse_not_shown
from questionnaires.loading import load_for_writing
from questionnaires.models import (
    Answer,
    AnswerChoice,
    Capacity,
    Draft,
    Questionnaire,
    Response,
)
from questionnaires.signing import Signing, author_name, clean_signing, signature
from questionnaires.whereabouts import not_here


@dataclass(frozen=True)
class Submission:
    """What is submitted, wherever it comes from."""

    questionnaire: Questionnaire
    answers: Mapping[str, Any]
    route: str
    language: str
    begun_at: dt.datetime | None
    draft: Draft | None
    #: The receipt of this person's live response in this capacity, '' when there is none.
    earlier: str


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
    for answers and names (``data["problems"]`` lists all of them), Conflict, TooMany. Then nothing
    is written and the draft stays.
    """
    signing = Signing(capacity, organisation, publish_choice, alias, display_name)
    how: dict[str, Any] = {
        "person": person,
        "account": account,
        "signing": signing,
        "channel": channel,
        "language": language,
        "idempotency_key": idempotency_key,
        "source": source,
        "replace": replace,
        "version": version,
        "edition": edition,
    }
    try:
        return _submit(
            draft=draft, questionnaire=questionnaire, answers=answers, route=route, **how
        )
    except IntegrityError:
        # Two at once: the constraints let one through. Once more, with what stands now.
        return _submit(
            draft=draft, questionnaire=questionnaire, answers=answers, route=route, **how
        )


@transaction.atomic
def _submit(
    *,
    draft: Draft | None,
    questionnaire: Questionnaire | None,
    answers: Mapping[str, Any] | None,
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
    if draft is not None:
        sent = _of_draft(draft, person, signing.capacity)
        if sent.draft is not None and sent.draft.response_id is not None:
            return _go_on(sent.draft, person=person, account=account, signing=signing)
    else:
        if questionnaire is None:
            raise ValueError("A response needs a draft or a questionnaire.")
        sent = Submission(
            questionnaire=questionnaire,
            answers=answers or {},
            route=route,
            language=language,
            begun_at=None,
            draft=None,
            earlier=_live_receipt(questionnaire, person, signing.capacity),
        )
        if earlier := _sent_before(person, idempotency_key, sent, signing):
            return earlier
    engagement = sent.questionnaire.engagement
    now = clock.now()
    require(can("answer", engagement=engagement, person=person, now=now, begun_at=sent.begun_at))
    if sent.earlier:
        return _second(
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
    judged = _judged(definition, sent)
    signing = clean_signing(signing, organisations=definition.organisations)
    contribution = _entry(
        sent,
        judged,
        signing,
        person=person,
        name=author_name(signing, person, account),
        channel=channel,
        language=language or sent.language,
        idempotency_key=idempotency_key,
    )
    contribution.save(force_insert=True)
    words = ContributionVersion.objects.create(
        contribution=contribution, number=1, text=contribution.text, at=now
    )
    receipt = Receipt.objects.create(
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
    if sent.draft is not None:
        empty_draft(sent.draft, response, person, now)
    jobs.enqueue("questionnaires.received", contribution.pk)
    if contribution.state == ContributionState.PUBLISHED:
        live.changed(engagement)
    return receipt


# --- what is sent -------------------------------------------------------------------------------


def _of_draft(draft: Draft, person: Person | None, capacity: str) -> Submission:
    """The draft, locked, with its engagement, the phases, the time and what this person sent
    before: one query. A phase a row, so that the windows need none of their own."""
    phases = "questionnaire__engagement__phases__"
    found = list(
        Draft.objects.select_for_update(of=("self",))
        .select_related("questionnaire__engagement__owner")
        .filter(pk=draft.pk, token=draft.token)
        .annotate(
            phase=F(f"{phases}pk"),
            phase_verbs=F(f"{phases}verbs"),
            phase_opens_at=F(f"{phases}opens_at"),
            phase_closes_at=F(f"{phases}closes_at"),
            earlier=Subquery(
                _live(person, capacity)
                .filter(questionnaire=OuterRef("questionnaire"))
                .values("contribution__receipt__code")[:1]
            ),
            db_now=Now(),
        )
    )
    if not found:
        raise not_here(draft.token)
    row: Any = found[0]
    clock.note(row)
    engagement = row.questionnaire.engagement
    engagement._prefetched_objects_cache = {
        "phases": [
            Phase(
                pk=each.phase,
                engagement=engagement,
                verbs=each.phase_verbs,
                opens_at=each.phase_opens_at,
                closes_at=each.phase_closes_at,
            )
            for each in found
            if each.phase is not None
        ]
    }
    return Submission(
        questionnaire=row.questionnaire,
        answers=row.answers,
        route=row.route,
        language=row.language,
        begun_at=row.begun_at,
        draft=row,
        earlier=row.earlier or "",
    )


def _go_on(
    draft: Draft, *, person: Person | None, account: Account | None, signing: Signing
) -> Receipt:
    """A draft that has a response: it was submitted already, or it is a change of that one."""
    response = Response.objects.select_related("contribution__receipt").get(pk=draft.response_id)
    if draft.submitted_at is None:
        change_response(
            response=response,
            answers=draft.answers,
            route=draft.route,
            person=person,
            account=account,
            signing=signing,
            version=draft.signing.get("version"),
        )
        empty_draft(draft, response, person, clock.now())
    return response.contribution.receipt


def _live(person: Person | None, capacity: str) -> Any:
    if person is None:
        return Response.objects.none()
    return Response.objects.filter(person=person, capacity=capacity, live=True)


def _live_receipt(questionnaire: Questionnaire, person: Person | None, capacity: str) -> str:
    found = _live(person, capacity).filter(questionnaire=questionnaire)
    return found.values_list("contribution__receipt__code", flat=True).first() or ""


def _sent_before(
    person: Person | None, key: str, sent: Submission, signing: Signing
) -> Receipt | None:
    """The receipt of the same key; Conflict when it came with other answers or another name."""
    earlier = sent_with(
        key,
        person=person,
        engagement=sent.questionnaire.engagement,
        kind=ContributionKind.RESPONSE,
    )
    if earlier is None:
        return None
    response = getattr(earlier, "response", None)
    first = earlier.versions.filter(number=1).first()
    same_questions = response is not None and response.questionnaire == sent.questionnaire
    if response is not None and same_questions and first is not None:
        definition, _rows = load_for_writing(sent.questionnaire)
        same = canonical(judge(definition, sent.answers, sent.route).answers, sent.route)
        if first.text == same and _is_signed_so(earlier, response, signing, definition):
            return earlier.receipt
    raise already_sent()


def _is_signed_so(
    earlier: Contribution, response: Response, signing: Signing, definition: Definition
) -> bool:
    """Whether it was given as the same. Once its author changed it nobody can tell any more."""
    if earlier.version > 1:
        return True
    wanted = clean_signing(signing, organisations=definition.organisations)
    if wanted.alias and wanted.alias != earlier.author_name:
        return False
    return (wanted.capacity, wanted.organisation, wanted.publish_choice) == (
        response.capacity,
        response.organisation,
        earlier.publish_choice,
    )


def _second(
    sent: Submission,
    *,
    person: Person | None,
    account: Account | None,
    signing: Signing,
    replace: bool,
    version: int | None,
) -> Receipt:
    if not replace:
        raise Conflict(
            _("You have answered this already. Change what you sent, or replace it."),
            code="already_answered",
            data={"receipt": sent.earlier},
        )
    receipt = Receipt.objects.select_related("contribution__response").get(code=sent.earlier)
    contribution = receipt.contribution
    if contribution is None:
        raise Absent
    changed = change_response(
        response=contribution.response,
        answers=sent.answers,
        route=sent.route,
        person=person,
        account=account,
        signing=signing,
        version=version,
    )
    if sent.draft is not None:
        empty_draft(sent.draft, changed, person, clock.now())
    # As it stands now: the caller tells its version, state and text.
    receipt.contribution = changed.contribution
    return receipt


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
    if not judged.answers:
        raise Invalid(_("Answer at least one question."), code="empty")
    return judged


def refuse_problems(judged: Judged) -> None:
    """Raise the first problem, with all of them in ``data["problems"]``."""
    if not judged.problems:
        return
    first = judged.problems[0]
    first.data["problems"] = [
        {"question": each.data["question"], "code": each.code, "sentence": str(each)}
        for each in judged.problems
    ]
    raise first


# --- what is written ----------------------------------------------------------------------------


def first_state(publish_choice: str) -> str:
    """A response is public in its choices as soon as its author says so, or for the bureau only.

    Its texts and its signature wait for a moderator one by one; that never changes this state.
    """
    if publish_choice == PublishChoice.CONFIDENTIAL:
        return ContributionState.CONFIDENTIAL
    return ContributionState.PUBLISHED


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
