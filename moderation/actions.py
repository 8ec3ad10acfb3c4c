"""The queue's writes: put in, decide, report, take out.

``enqueue``, ``report`` and ``drop`` are called by the rooms, inside their own transactions.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from core import audit, clock, limits
from core.exceptions import Conflict, Invalid, Refused, SignInNeeded
from core.text import clean_text
from moderation import policies, registry
from moderation.models import Decision, Item, ItemState, Report
from moderation.registry import TargetView
from moderation.rules import RULES, told_to_author
from notifications.actions import notify

logger = logging.getLogger(__name__)

PUBLISH = "publish"
WITHHOLD = "withhold"
NOTE_LIMIT = 500
SENTENCE_LIMIT = 500
REASON_REPORT = "report"
#: What a reader reports: the text, or the name shown with it.
TEXT, NAME = "text", "name"


@transaction.atomic
def enqueue(
    *,
    kind: str,
    target_id: str,
    author_id: str = "",
    engagement_id: str = "",
    bureau_code: str = "",
    reason: str = "policy",
    version: int = 1,
    urgent_at: dt.datetime | None = None,
) -> Item:
    """Put a text into the queue, or bring what waits there up to date (an edit).

    One waiting item a target, by constraint: a second call never makes a second one. ``reason``
    is ``policy``, ``edit``, ``name`` or ``report``; ``urgent_at`` the engagement's close.
    Moderators are told by the periodic job ``moderation.tell_staff``.
    """
    registry.find(kind)
    facts: dict[str, Any] = {
        "author_id": author_id,
        "engagement_id": engagement_id,
        "bureau_code": bureau_code,
        "version": version,
        "urgent_at": urgent_at,
    }
    item, created = _waiting_or_new(kind, target_id, {**facts, "reason": reason})
    if not created:
        for name, value in facts.items():
            setattr(item, name, value)
        item.save(update_fields=list(facts))
    audit.record(
        "moderation.enqueue",
        actor="system",
        engagement_id=engagement_id,
        subject=target_id,
        rows=[item],
    )
    return item


def enqueue_new(
    *,
    kind: str,
    target_ids: Iterable[str],
    author_id: str = "",
    engagement_id: str = "",
    bureau_code: str = "",
    reason: str = "policy",
    urgent_at: dt.datetime | None = None,
) -> list[Item]:
    """Items for texts that were made in this very transaction, not yet written.

    One response brings many texts: the caller writes the items of all its kinds with one
    ``Item.objects.bulk_create`` and names them in the audit entry of its own act. Nothing of
    theirs can wait already, since nobody else has seen them.
    """
    registry.find(kind)
    now = clock.now()
    return [
        Item(
            kind=kind,
            target_id=target_id,
            author_id=author_id,
            engagement_id=engagement_id,
            bureau_code=bureau_code,
            reason=reason,
            version=1,
            urgent_at=urgent_at,
            created_at=now,
        )
        for target_id in target_ids
    ]


def _waiting_or_new(kind: str, target_id: str, facts: dict[str, Any]) -> tuple[Item, bool]:
    """The waiting item, locked, or a new one; two callers at once end with one item."""
    for _attempt in range(2):
        found = (
            Item.objects.select_for_update()
            .filter(kind=kind, target_id=target_id, state=ItemState.WAITING)
            .first()
        )
        if found is not None:
            return found, False
        try:
            with transaction.atomic():
                return (
                    Item.objects.create(
                        kind=kind, target_id=target_id, created_at=clock.now(), **facts
                    ),
                    True,
                )
        except IntegrityError:
            continue
    raise Conflict


def last_decision(kind: str, target_id: str) -> Decision | None:
    """The decision that holds for a target now."""
    return (
        Decision.objects.filter(kind=kind, target_id=target_id)
        .select_related("decided_by")
        .order_by("-pk")
        .first()
    )


@transaction.atomic
def decide(
    *,
    item: Item,
    verdict: str,
    rule: str = "",
    sentence: str = "",
    version: int,
    by: Account,
    after: str = "",
) -> Decision:
    """Publish or withhold, tell the author, leave an audit entry.

    ``version`` is the version of the text the moderator read, ``after`` the public id of the
    decision that held when the page was shown ("" for none): so of two moderators at once the
    second meets a ``Conflict`` that says who decided what and when, and a decision can be
    superseded only by somebody who has seen it.

    Raises ``Refused`` for people who may not decide and for the own text, ``Invalid`` for an
    unknown verdict or a missing rule (``field`` verdict, rule, sentence), ``Conflict`` otherwise
    (codes ``decided``, ``version``, ``dropped``).
    """
    if by is None:
        raise SignInNeeded
    limits.spend("moderate", by.public_id)
    target = registry.find(item.kind)
    if target.lock is not None:
        # First: its author, who edits or withdraws it, holds this before the item.
        target.lock(item.target_id)
    item = Item.objects.select_for_update().get(pk=item.pk)
    _check_right(item, by)
    rule, sentence = _checked(verdict, rule, sentence)
    _check_unchanged(item, version, after, by)
    now = clock.now()
    # Read before the room's write: a name that is withheld cannot be loaded afterwards.
    view = target.load(item.target_id)
    if view is not None and by.person.public_id in view.also_by:
        raise own_text()
    if verdict == PUBLISH:
        target.publish(item.target_id, by, version)
    else:
        target.withhold(item.target_id, by, version, rule, sentence)
    decision = Decision.objects.create(
        item=item,
        kind=item.kind,
        target_id=item.target_id,
        verdict=verdict,
        rule=rule,
        sentence=sentence,
        decided_by=by,
        decided_at=now,
        version=version,
    )
    item.state = ItemState.DECIDED
    item.decided_at = now
    item.save(update_fields=["state", "decided_at"])
    audit.record(
        f"moderation.{verdict}",
        actor=by,
        engagement_id=item.engagement_id,
        subject=item.target_id,
        rows=[decision, item],
    )
    if view is not None:
        _tell_author(decision, view)
    return decision


def _check_right(item: Item, by: Account) -> None:
    if not policies.can_see_item(by, item):
        raise Refused
    if policies.is_own(by, item.author_id):
        raise own_text()


def own_text() -> Refused:
    """The refusal of who wrote it, alone or with others."""
    return Refused(_("Nobody decides on their own text. A colleague will."), code="own")


def _checked(verdict: str, rule: str, sentence: str) -> tuple[str, str]:
    if verdict == PUBLISH:
        return "", ""
    if verdict != WITHHOLD:
        raise Invalid(_("Choose to publish or to withhold."), field="verdict")
    if rule not in RULES:
        raise Invalid(_("Choose the house rule it goes against."), field="rule")
    return rule, clean_text(
        sentence, max_length=SENTENCE_LIMIT, field="sentence", multiline=False, required=False
    )


def _check_unchanged(item: Item, version: int, after: str, by: Account) -> None:
    held = last_decision(item.kind, item.target_id)
    if (held.public_id if held else "") != after:
        logger.info(
            "A second decision met the first.",
            extra={"item": item.public_id, "by": by.public_id},
        )
        raise Conflict(
            _("A colleague has decided on this in the meantime."),
            code="decided",
            data={"decision": held.public_id if held else ""},
        )
    if item.state == ItemState.DROPPED:
        raise Conflict(_("The author has withdrawn this in the meantime."), code="dropped")
    if item.version != version:
        raise Conflict(
            _("The author has changed the text in the meantime. Read the new version."),
            code="version",
        )


def _tell_author(decision: Decision, view: TargetView) -> None:
    """One notice for every account of who wrote it; nobody to tell is no fault."""
    withheld = decision.verdict == WITHHOLD
    for persons, path in (
        ((view.author_id,) if view.author_id else (), view.author_path),
        (view.also_by, view.also_path),
    ):
        if not persons:
            continue
        accounts = Account.objects.filter(person__public_id__in=persons, is_active=True)
        notify(
            kind="decision",
            event_key=f"decision:{decision.public_id}",
            to=list(accounts),
            params={
                "what": decision.kind,
                "verdict": decision.verdict,
                "decided_at": decision.decided_at,
                "title": dict(view.title),
                "bureau": dict(view.bureau),
                "rule": told_to_author(decision.rule) if withheld else {},
                "sentence": decision.sentence,
            },
            path=path or view.public_path or "/account/",
        )


@transaction.atomic
def report(
    *,
    kind: str,
    target_id: str,
    about: str = TEXT,
    rule: str,
    note: str = "",
    account: Account | None,
    reporter_key: str,
) -> Report:
    """Take a reader's report: it raises the text into the queue, it never hides it.

    ``about`` is ``TEXT``, or ``NAME`` for the name shown with the text, which is a target of its
    own. One a reader (``reporter_key``, see ``moderation.reporters``) and target: a second one
    changes nothing and gives the first. Raises ``Absent`` for what the public cannot see,
    ``Invalid`` (field about, rule, note), ``TooMany``.
    """
    from moderation.access import access_public_target, access_shown_name

    limits.spend("report", reporter_key)
    target, view = access_public_target(kind, target_id)
    if about == NAME:
        target, view = access_shown_name(target, target_id)
        kind, target_id = target.kind, view.public_id
    elif about != TEXT:
        raise Invalid(_("Choose what you report."), field="about")
    if rule not in RULES:
        raise Invalid(_("Choose the house rule it goes against."), field="rule")
    note = clean_text(note, max_length=NOTE_LIMIT, field="note", required=False)
    made, created = Report.objects.get_or_create(
        kind=kind,
        target_id=target_id,
        reporter_key=reporter_key,
        defaults={"rule": rule, "note": note, "account": account, "created_at": clock.now()},
    )
    if not created:
        return made
    item, new = _waiting_or_new(
        kind,
        target_id,
        {
            "author_id": view.author_id,
            "engagement_id": view.engagement_id,
            "bureau_code": view.bureau_code,
            "reason": REASON_REPORT,
            "version": view.version,
            "urgent_at": view.closes_at,
        },
    )
    Item.objects.filter(pk=item.pk).update(reports=F("reports") + 1)
    audit.record(
        "moderation.report",
        actor=account or "system",
        engagement_id=view.engagement_id,
        subject=target_id,
        rows=[item] if new else [],
    )
    return made


@transaction.atomic
def drop(*, kind: str, target_id: str, by: Account | None = None) -> int:
    """Take a target out of the queue, because its author withdrew it; returns how many waited.

    ``by`` is the moderator who found that nothing is left to decide on.
    """
    if by is not None:
        limits.spend("moderate", by.public_id)
    waiting = list(
        Item.objects.select_for_update().filter(
            kind=kind, target_id=target_id, state=ItemState.WAITING
        )
    )
    for item in waiting:
        item.state = ItemState.DROPPED
        item.save(update_fields=["state"])
        audit.record(
            "moderation.drop",
            actor=by or "system",
            engagement_id=item.engagement_id,
            subject=target_id,
            rows=[item],
        )
    return len(waiting)
