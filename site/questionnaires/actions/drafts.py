"""Responses being written: begun, saved, dropped. Nothing here is in the register."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from core import clock, limits
from core.exceptions import Closed, Conflict
from core.texts import known_language
from participation.models import Engagement
from participation.policies import can, can_edit_contribution, require
from questionnaires import flow, gates
from questionnaires.actions.changes import signing_of, values_of
from questionnaires.definition import Definition
from questionnaires.editions import FIRST
from questionnaires.judging import canonical
from questionnaires.models import Draft, Questionnaire, Response, Route
from questionnaires.signing import Signing
from questionnaires.whereabouts import not_here

#: How long after the close and its grace a draft can still be read.
READABLE = dt.timedelta(days=14)


def ends_at(engagement: Engagement) -> dt.datetime:
    """The first instant at which a draft begun in time may no longer be submitted."""
    if engagement.closes_at is None:
        raise Closed
    return engagement.closes_at + dt.timedelta(minutes=engagement.grace_minutes)


@transaction.atomic
def begin_draft(
    *,
    questionnaire: Questionnaire,
    person: Person | None,
    language: str,
    route: str = Route.WHOLE,
    source: str = "",
) -> Draft:
    """A new empty draft. Anybody may begin; who may submit is asked at submit.

    ``source`` is the network address' key (``limits.address``). Raises Closed when answering is
    not open, Refused where only a verified person may answer and this one is not, TooMany.
    """
    limits.spend("draft_begin", source)
    engagement = questionnaire.engagement
    now = clock.now()
    verdict = can("answer", engagement=engagement, person=person, now=now)
    if not verdict.would_help:
        require(verdict)
    draft = Draft.objects.create(
        questionnaire=questionnaire,
        person=person,
        route=route if route in Route.values else Route.WHOLE,
        language=known_language(language),
        begun_at=now,
        saved_at=now,
        expires_at=ends_at(engagement) + READABLE,
    )
    gates.begin(draft)
    return draft


@transaction.atomic
def begin_change(
    *, response: Response, person: Person | None, language: str, source: str = ""
) -> Draft:
    """A draft that holds what was answered; submitting it changes the response.

    Raises Closed, Refused or SignInNeeded by policy, TooMany.
    """
    limits.spend("draft_begin", source)
    contribution = response.contribution
    now = clock.now()
    require(can_edit_contribution(contribution=contribution, person=person, now=now))
    questionnaire = response.questionnaire
    Draft.objects.filter(response=response, submitted_at=None).delete()
    return Draft.objects.create(
        questionnaire=questionnaire,
        person=person,
        route=response.route,
        language=known_language(language),
        answers=values_of(response),
        # The version that was read: two windows that change one response notice each other.
        signing={**signing_of(response).to_json(), "version": contribution.version},
        begun_at=now,
        saved_at=now,
        expires_at=ends_at(questionnaire.engagement) + READABLE,
        response=response,
    )


def stamp(draft: Draft, keys: Iterable[str]) -> str:
    """What a page was made from: changes when these answers were changed elsewhere."""
    held = {key: draft.answers[key] for key in sorted(keys) if key in draft.answers}
    return hashlib.sha256(canonical(held, draft.route).encode()).hexdigest()[:16]


def lock_draft(draft: Draft) -> Draft:
    """The draft as it stands, locked. Raises Absent once it is gone, submitted or elsewhere."""
    row = (
        Draft.objects.select_for_update(of=("self",))
        .select_related("questionnaire__engagement__owner")
        .filter(pk=draft.pk, token=draft.token, submitted_at=None)
        .first()
    )
    if row is None:
        raise not_here(draft.token)
    return row


@transaction.atomic
def save_draft(
    *,
    draft: Draft,
    values: Mapping[str, Any] | None = None,
    passed: str = "",
    route: str = "",
    signing: Signing | None = None,
    was: str | None = None,
    of: Iterable[str] = (),
    language: str = "",
    person: Person | None = None,
    edition: int | None = None,
) -> Draft:
    """Keep what was answered so far. ``values`` maps question keys to cleaned values; None clears.

    ``was`` is the ``stamp`` of the page these values come from (``of`` the keys of its questions,
    else those of ``values``): Conflict when another window changed the same answers since.
    ``edition`` is the questionnaire's whose words stood on that page, the newest unless given.
    ``passed`` is the section that was left. Raises Absent once the draft is gone, submitted or
    opened elsewhere by its mailed link, Closed after the grace, TooMany.
    """
    limits.spend("draft_save", draft.token)
    row = lock_draft(draft)
    engagement = row.questionnaire.engagement
    now = clock.now()
    verdict = can("answer", engagement=engagement, person=person, now=now, begun_at=row.begun_at)
    if not verdict.would_help:
        require(verdict)
    if values:
        if was is not None and was != stamp(row, of or values):
            raise Conflict(
                _("You changed these answers in another window. Check them and save again."),
                code="edited",
            )
        row.answers = {**row.answers, **values}
        row.answers = {key: value for key, value in row.answers.items() if value is not None}
        newest = row.questionnaire.edition
        read = newest if edition is None else min(edition, newest)
        row.seen = {key: read if key in values else row.seen.get(key, FIRST) for key in row.answers}
    if passed and passed not in row.passed:
        row.passed = [*row.passed, passed]
    if route in Route.values:
        row.route = route
    if signing is not None:
        kept = {"version": row.signing["version"]} if "version" in row.signing else {}
        row.signing = {**signing.to_json(), **kept}
    row.language = known_language(language) if language else row.language
    row.person = person or row.person
    row.revision += 1
    row.saved_at = now
    row.expires_at = ends_at(engagement) + READABLE
    row.save(
        update_fields=[
            "answers",
            "seen",
            "passed",
            "route",
            "signing",
            "language",
            "person",
            "revision",
            "saved_at",
            "expires_at",
        ]
    )
    return row


@transaction.atomic
def drop_draft(*, draft: Draft) -> None:
    """Forget what was written, because its writer says so. What was submitted stays. TooMany."""
    limits.spend("draft_save", draft.token)
    Draft.objects.filter(pk=draft.pk, token=draft.token, submitted_at=None).delete()


def sweep_drafts(*, limit: int = 500) -> int:
    """Delete drafts past their time, a few at a time; returns how many. Safe to run twice.

    One whose engagement was extended since it was last saved is kept.
    """
    now = clock.now()
    with transaction.atomic():
        rows = (
            Draft.objects.filter(expires_at__lte=now)
            .exclude(questionnaire__engagement__closes_at__gt=now)
            .order_by("pk")
        )
        keys = list(rows.values_list("pk", flat=True)[:limit])
        Draft.objects.filter(pk__in=keys).delete()
    return len(keys)


def answered(definition: Definition, draft: Draft) -> int:
    """How many of the questions shown have an answer."""
    return len(flow.effective(definition, draft.answers, draft.route))
