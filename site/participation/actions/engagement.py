"""The life of an engagement: draft, published, extended, withdrawn (decision 1).

Publishing a page calls ``publish_engagement``; drafting a page changes nothing here for citizens.
The close may move later, with a reason that is announced; never earlier once it has opened.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Bureau, Level
from core import audit, clock, jobs
from core.dates import FOREVER
from core.exceptions import Conflict, Invalid
from core.text import clean_text
from participation import live
from participation.actions.rules import announce_rules, changed_rules, has_opened
from participation.models import (
    Engagement,
    EngagementState,
    ModerationPolicy,
    Phase,
    PublicNotice,
    ResultsFrom,
)
from participation.models.engagement import DEFAULT_KIND, default_levels

REASON_LIMIT = 500
#: What one open phase of a consultation lets people do.
CONSULTATION_VERBS = ("comment", "support", "statement", "vote", "answer")


@dataclass(frozen=True, kw_only=True)
class PhasePlan:
    """One phase as a page plans it: what it is called, what it opens, from when to when."""

    key: str
    verbs: tuple[str, ...]
    opens_at: dt.datetime
    closes_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """What a page says of its engagement when it is published.

    ``opens_at`` inclusive and ``closes_at`` exclusive, both aware (``dates.FOREVER`` where there
    is no end); ``paths`` is the public path of each language version; ``phases`` are the windows
    one after another, and where left out one phase 'open' with ``verbs`` over the whole time.
    """

    opens_at: dt.datetime
    closes_at: dt.datetime
    title: dict[str, str]
    response_due: dt.date | None = None
    summary: dict[str, str] = field(default_factory=dict)
    file_number: str = ""
    topics: list[str] = field(default_factory=list)
    districts: list[str] = field(default_factory=list)
    paths: dict[str, str] = field(default_factory=dict)
    levels: dict[str, int] = field(default_factory=default_levels)
    grace_minutes: int = 30
    moderation_policy: str = ModerationPolicy.BEFORE
    results_from: str = ResultsFrom.LIVE
    verbs: tuple[str, ...] = CONSULTATION_VERBS
    phases: tuple[PhasePlan, ...] = ()
    attribution: dict[str, Any] = field(default_factory=dict)
    #: By language: why the rules change, where they do after the opening.
    rules_reason: dict[str, str] = field(default_factory=dict)

    def rules(self) -> dict[str, Any]:
        """The rules asked for, as ``rules.rules_of`` names them."""
        return {
            "vote": int(self.levels.get("vote", Level.EMAIL)),
            "results_from": str(self.results_from),
            "grace_minutes": int(self.grace_minutes),
            "comment": int(self.levels.get("comment", Level.EMAIL)),
            "moderation_policy": str(self.moderation_policy),
        }


@transaction.atomic
def create_draft(
    *,
    kind: str = DEFAULT_KIND,
    owner: Bureau,
    translation_key: UUID | None,
    source_language: str,
    title: dict[str, str],
    by: Account | None,
) -> Engagement:
    """Make the row that goes with the first saved draft. A second call for the page finds it."""
    engagement, created = Engagement.objects.get_or_create(
        translation_key=translation_key,
        defaults={
            "kind": kind,
            "owner": owner,
            "source_language": source_language,
            "title": title,
            "created_by": by,
            "created_at": clock.now(),
        },
    )
    if created:
        engagement.threads.create(key="whole", kind="whole")
        audit.record(
            "engagement.draft",
            actor=by or "system",
            engagement_id=engagement.public_id,
            rows=[engagement],
        )
    return engagement


def check_schedule(
    engagement: Engagement | None,
    *,
    opens_at: dt.datetime,
    closes_at: dt.datetime,
    now: dt.datetime,
) -> None:
    """Refuse dates that may not be: called by the form's clean and again before publishing.

    Raises Invalid with ``field`` 'opens_at' or 'closes_at'. Before opening anything may move;
    after it the opening stands, and the close moves only by ``extend_engagement``.
    """
    for name, value in (("opens_at", opens_at), ("closes_at", closes_at)):
        if value.tzinfo is None:
            raise Invalid(_("The date has no time zone."), field=name)
        if value.year > now.year + 20 and (name, value) != ("closes_at", FOREVER):
            raise Invalid(_("The date is too far away."), field=name)
    if closes_at <= opens_at:
        raise Invalid(_("The close must be after the opening."), field="closes_at")
    if engagement is None or engagement.state == EngagementState.DRAFT:
        return
    if engagement.opens_at is None or engagement.closes_at is None or now < engagement.opens_at:
        return
    if opens_at != engagement.opens_at:
        raise Invalid(_("It has opened; the opening can no longer move."), field="opens_at")
    if closes_at < engagement.closes_at:
        raise Invalid(_("Once it has opened, the close can never come earlier."), field="closes_at")
    if closes_at > engagement.closes_at:
        raise Invalid(
            _("To close later, use Extend: it asks for a reason and tells everybody."),
            field="closes_at",
        )


def check_response_due(
    engagement: Engagement, response_due: dt.date | None, now: dt.datetime
) -> None:
    """Refuse to move a response date that was announced (Invalid, field 'response_due').

    Published, it may not be put off; once opened, it stands: only ``extend_engagement`` moves it,
    with a reason that everybody reads. Being late is shown, never mended by another date.
    """
    known = engagement.response_due
    if engagement.published_at is None or known is None or response_due == known:
        return
    if has_opened(engagement, now) or response_due is None or response_due > known:
        raise Invalid(
            _("The response date is fixed once published. Extending moves it."),
            field="response_due",
        )


@transaction.atomic
def publish_engagement(
    *, engagement: Engagement, schedule: Schedule, by: Account | None
) -> Engagement:
    """Write what the page says to the engagement and make it public.

    May be called again at each later publishing of the page. Rules that change after the opening
    are announced by a public notice. Raises Invalid (see ``check_schedule``, ``changed_rules``)
    before anything is written.
    """
    engagement = Engagement.objects.select_for_update(no_key=True).get(pk=engagement.pk)
    now = clock.now()
    check_schedule(engagement, opens_at=schedule.opens_at, closes_at=schedule.closes_at, now=now)
    if not any(schedule.title.values()):
        raise Invalid(_("Enter a title."), field="title")
    check_response_due(engagement, schedule.response_due, now)
    changes = changed_rules(engagement, wanted=schedule.rules(), now=now)
    notices = (
        [announce_rules(engagement, changes=changes, reason=schedule.rules_reason, now=now, by=by)]
        if changes
        else []
    )
    first = engagement.published_at is None
    for name in (
        "opens_at",
        "closes_at",
        "response_due",
        "title",
        "summary",
        "file_number",
        "topics",
        "districts",
        "paths",
        "levels",
        "grace_minutes",
        "moderation_policy",
        "results_from",
        "attribution",
    ):
        setattr(engagement, name, getattr(schedule, name))
    engagement.state = EngagementState.PUBLISHED
    engagement.published_at = engagement.published_at or now
    engagement.save()
    phases = _write_phases(engagement, schedule, now)
    audit.record(
        "engagement.publish",
        actor=by or "system",
        engagement_id=engagement.public_id,
        rows=[engagement, *phases, *notices],
    )
    live.restaged(engagement)
    if first and now < schedule.closes_at:
        # Told when it opens, not when it is announced; the job looks again, should it move.
        jobs.enqueue(
            "participation.tell_readers",
            "opened",
            engagement.pk,
            run_after=max(schedule.opens_at, now),
        )
    return engagement


def check_phases(
    engagement: Engagement | None, phases: Iterable[PhasePlan], now: dt.datetime
) -> None:
    """Refuse windows that may not be (Invalid, field 'phase-<key>').

    What has begun keeps its opening and never closes earlier, and does not vanish: somebody may
    have planned by it. Windows that lie ahead may move.
    """
    planned = {phase.key: phase for phase in phases}
    for key, phase in planned.items():
        if phase.closes_at <= phase.opens_at:
            raise Invalid(
                _("The end of this phase must be after its beginning."), field=f"phase-{key}"
            )
    if engagement is None or engagement.published_at is None:
        return
    for known in engagement.phases.all():
        if now < known.opens_at:
            continue
        wanted = planned.get(known.key)
        if wanted is None or wanted.opens_at != known.opens_at:
            raise Invalid(
                _("This phase has begun; its beginning can no longer move."),
                field=f"phase-{known.key}",
            )
        if wanted.closes_at < known.closes_at:
            raise Invalid(
                _("This phase has begun; it can never end earlier."), field=f"phase-{known.key}"
            )


def _write_phases(engagement: Engagement, schedule: Schedule, now: dt.datetime) -> list[Phase]:
    plans = schedule.phases or (
        PhasePlan(
            key="open",
            verbs=schedule.verbs,
            opens_at=schedule.opens_at,
            closes_at=schedule.closes_at,
        ),
    )
    check_phases(engagement, plans, now)
    written = [
        Phase.objects.update_or_create(
            engagement=engagement,
            key=plan.key,
            defaults={
                "verbs": list(plan.verbs),
                "opens_at": plan.opens_at,
                "closes_at": plan.closes_at,
            },
        )[0]
        for plan in plans
    ]
    engagement.phases.exclude(key__in=[plan.key for plan in plans]).delete()
    return written


@transaction.atomic
def extend_engagement(
    *,
    engagement: Engagement,
    closes_at: dt.datetime,
    response_due: dt.date | None,
    reason: dict[str, str],
    by: Account,
) -> PublicNotice:
    """Close later, with a reason that everybody reads (product promise 1).

    ``reason`` is by language; at least the engagement's source language must be there. Raises
    Invalid for an earlier close or a missing reason, Conflict once it has closed or is not
    published.
    """
    engagement = Engagement.objects.select_for_update(no_key=True).get(pk=engagement.pk)
    now = clock.now()
    if engagement.state != EngagementState.PUBLISHED or engagement.closes_at is None:
        raise Conflict(_("Only a published engagement can be extended."))
    if now >= engagement.closes_at:
        raise Conflict(_("It has closed; it can no longer be extended."))
    if closes_at.tzinfo is None or closes_at <= engagement.closes_at:
        raise Invalid(_("The new close must be later than the one announced."), field="closes_at")
    if response_due and response_due < closes_at.date():
        raise Invalid(_("The response date must be after the close."), field="response_due")
    reason = {
        language: clean_text(text, max_length=REASON_LIMIT, field="reason")
        for language, text in reason.items()
        if text and text.strip()
    }
    if not reason.get(engagement.source_language):
        raise Invalid(_("Enter the reason: it is announced to everybody."), field="reason")

    before, due_before = engagement.closes_at, engagement.response_due
    engagement.closes_at = closes_at
    if response_due:
        engagement.response_due = response_due
    engagement.save(update_fields=["closes_at", "response_due"])
    moved = [phase for phase in engagement.phases.all() if phase.closes_at == before]
    for phase in moved:
        phase.closes_at = closes_at
        phase.save(update_fields=["closes_at"])
    notice = PublicNotice.objects.create(
        engagement=engagement,
        kind="extended",
        text=reason,
        data={
            "from": before.isoformat(),
            "to": closes_at.isoformat(),
            "response_due_from": due_before.isoformat() if due_before else "",
            "response_due": engagement.response_due.isoformat() if engagement.response_due else "",
        },
        at=now,
        by=by,
    )
    audit.record(
        "engagement.extend",
        actor=by,
        engagement_id=engagement.public_id,
        rows=[engagement, *moved, notice],
    )
    live.restaged(engagement)
    jobs.enqueue("participation.tell_readers", "extended", notice.pk)
    return notice
