"""What publishing a contest writes: categories, criteria, and the rules with their fingerprint."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Account
from core import audit, clock, ids
from core.exceptions import Invalid
from core.texts import LANGUAGES
from ideas.actions.votes import write_vote
from ideas.models import Category, Contest, ContestPage, Criterion, RulesVersion
from ideas.phases import plan
from ideas.rules import PARTS, changed_parts, fingerprint, rules_of, shared_weight
from participation.actions.engagement import Schedule
from participation.actions.rules import has_opened
from participation.models import Engagement, PublicNotice

#: The kind of engagement a contest is.
KIND = "contest"


def schedule_of(draft: ContestPage) -> Schedule:
    """What the source page says of its engagement. Raises ``Invalid`` without dates."""
    opens_at, closes_at = draft.opens_at, draft.closes_at
    if opens_at is None:
        raise Invalid(_("Enter the day it opens."), field="opens_on")
    if closes_at is None:
        raise Invalid(_("Enter the last day."), field="closes_on")
    comment = int(draft.comment_level)
    return Schedule(
        opens_at=opens_at,
        closes_at=closes_at,
        response_due=None if draft.standing else draft.response_due,
        title={draft.language: draft.title},
        file_number=draft.file_number,
        topics=list(draft.topics),
        districts=list(draft.districts),
        levels={
            "comment": comment,
            "support": max(comment, 1),
            "vote": int(draft.vote_level),
            "submit": int(draft.submit_level),
        },
        grace_minutes=draft.grace_minutes,
        moderation_policy=draft.moderation_policy,
        results_from=draft.results_from,
        rules_reason={draft.language: draft.rules_reason},
        phases=tuple(plan(draft)),
    )


@transaction.atomic
def write_contest(
    *,
    engagement: Engagement,
    opening: Mapping[str, ContestPage],
    source: str,
    by: Account | None,
) -> None:
    """Write the rows of the versions that open; called by the desk's publishing alone.

    Officers of its partner bodies work on it as the owner's do, from now on. The rules, which name
    them, get a new version with its fingerprint whenever they differ; after the opening that
    is told by a public notice, with the reason the officer gave. Raises ``Invalid`` (field
    'rules_reason') without one.
    """
    now = clock.now()
    page = opening[source]
    contest, _created = Contest.objects.update_or_create(
        engagement=engagement, defaults={"standing": page.standing}
    )
    engagement.partners.set(page.partner_bodies)
    rows: list[models.Model] = [contest]
    rows += _write_listed(contest, opening, source, "categories", now)
    rows += _write_listed(contest, opening, source, "criteria", now)
    rows += write_vote(contest, page, now)
    rows += _write_rules(contest, opening, source, now, by)
    audit.record(
        "contest.publish",
        actor=by or audit.SYSTEM,
        engagement_id=engagement.public_id,
        rows=rows,
    )


def _write_listed(
    contest: Contest,
    opening: Mapping[str, ContestPage],
    source: str,
    field: str,
    now: dt.datetime,
) -> list[models.Model]:
    """One row for each block of the source page; rows whose block is gone are retired."""
    model: type[Category] | type[Criterion] = Category if field == "categories" else Criterion
    known = {row.block_id: row for row in model._default_manager.filter(contest=contest)}
    texts = _texts(opening, field)
    written: list[models.Model] = []
    for order, block in enumerate(getattr(opening[source], field), start=1):
        row = known.pop(str(block.id), None) or model(contest=contest, block_id=str(block.id))
        row.order, row.retired_at = order, None
        if isinstance(row, Criterion):
            row.name = {key: value["name"] for key, value in texts[row.block_id].items()}
            row.detail = {key: value["detail"] for key, value in texts[row.block_id].items()}
            row.weight = block.value["weight"]
        else:
            row.name = texts[row.block_id]
            row.key = row.key or ids.public_id()
        row.save()
        written.append(row)
    for row in known.values():
        if row.retired_at is None:
            row.retired_at = now
            row.save(update_fields=["retired_at"])
            written.append(row)
    return written


def _texts(opening: Mapping[str, ContestPage], field: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for language in (code for code in LANGUAGES if code in opening):
        for block in getattr(opening[language], field):
            found.setdefault(str(block.id), {})[language] = block.value
    return found


def _write_rules(
    contest: Contest,
    opening: Mapping[str, ContestPage],
    source: str,
    now: dt.datetime,
    by: Account | None,
) -> list[models.Model]:
    rules = rules_of(opening, schedule_of(opening[source]), source)
    last = contest.rules.first()
    if last is not None and last.rules == rules:
        return []
    if last is not None and has_opened(contest.engagement, now):
        _check_weight(last.rules, rules)
    version = RulesVersion.objects.create(
        contest=contest,
        number=last.number + 1 if last else 1,
        at=now,
        rules=rules,
        fingerprint=fingerprint(rules),
    )
    parts = changed_parts(last.rules, rules) if last else []
    if not parts or not has_opened(contest.engagement, now):
        return [version]
    notice = _announce(version, parts, opening, source, by)
    return [version, notice]


def _check_weight(before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Who takes part knows by what it will be decided: once both are stated, the weights stand."""
    weights = shared_weight(before), shared_weight(after)
    if None not in weights and weights[0] != weights[1]:
        raise Invalid(
            _("The contest has opened: what the jury counts can no longer be changed."),
            field="jury_weight",
        )


def _announce(
    version: RulesVersion,
    parts: list[str],
    opening: Mapping[str, ContestPage],
    source: str,
    by: Account | None,
) -> PublicNotice:
    """The public notice of changed rules: which parts, why, and the new fingerprint."""
    reason = opening[source].rules_reason.strip()
    if not reason:
        raise Invalid(
            _("Say why the rules change: it is announced to everybody."), field="rules_reason"
        )
    texts = {}
    for language, page in opening.items():
        with override(language):
            comma = _(", ")
            names = comma.join(str(PARTS[name]) for name in parts)
            said = page.rules_reason.strip() or reason
            texts[language] = _("Changed in the rules: %(parts)s.") % {"parts": names} + "\n" + said
    return PublicNotice.objects.create(
        engagement=version.contest.engagement,
        kind="changed",
        text=texts,
        data={"rules": version.number, "fingerprint": version.fingerprint, "parts": parts},
        at=version.at,
        by=by,
    )
