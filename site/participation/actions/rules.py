"""Rules of taking part, once it has opened (M11): some stand, the others change in public.

People vote trusting who else may vote and when results are seen, and write trusting the grace:
those stand as announced. How comments are read and who may write them may have to change, for a
reason that everybody reads; two persons stand behind it, since the paper is sent and approved like
any change.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from accounts.models import Account, Level
from core import jobs
from core.exceptions import Invalid
from core.text import clean_text
from core.texts import LANGUAGES
from participation.models import Engagement, ModerationPolicy, PublicNotice

REASON_LIMIT = 500
KIND = "rules"


def has_opened(engagement: Engagement, now: dt.datetime) -> bool:
    """Whether it was published and its opening has come, closed again or not."""
    return (
        engagement.published_at is not None
        and engagement.opens_at is not None
        and engagement.opens_at <= now
    )


def rules_of(engagement: Engagement) -> dict[str, Any]:
    """The rules as they hold now, by name."""
    levels = engagement.levels
    return {
        "vote": int(levels.get("vote", Level.EMAIL)),
        "results_from": str(engagement.results_from),
        "grace_minutes": int(engagement.grace_minutes),
        "comment": int(levels.get("comment", Level.EMAIL)),
        "moderation_policy": str(engagement.moderation_policy),
    }


def changed_rules(
    engagement: Engagement, *, wanted: Mapping[str, Any], now: dt.datetime
) -> dict[str, dict[str, Any]]:
    """What of the rules ``wanted`` (as ``rules_of`` names them) changes after the opening.

    Empty before it. Raises Invalid, its ``field`` the rule's name, for what may not change.
    """
    if not has_opened(engagement, now):
        return {}
    held = rules_of(engagement)
    changes = {
        name: {"from": held[name], "to": value}
        for name, value in wanted.items()
        if value != held[name]
    }
    if "vote" in changes:
        raise Invalid(
            _("It has opened; who may vote can no longer change."), field="vote", code="rule_stands"
        )
    if "results_from" in changes:
        raise Invalid(
            _("It has opened; results are seen when it was announced, not earlier and not later."),
            field="results_from",
            code="rule_stands",
        )
    if wanted["grace_minutes"] < held["grace_minutes"]:
        raise Invalid(
            _("It has opened; the grace can no longer become shorter."),
            field="grace_minutes",
            code="rule_stands",
        )
    return changes


def check_reason(engagement: Engagement, reason: str) -> str:
    """The reason of a change, cleaned. Raises Invalid without one and for the last change's."""
    cleaned = clean_text(reason, max_length=REASON_LIMIT, field="rules_reason", required=False)
    if not cleaned:
        raise Invalid(
            _("Say why the rules change: it is announced to everybody."), field="rules_reason"
        )
    last = engagement.public_notices.filter(kind=KIND).first()
    if last is not None and last.data.get("reason") == cleaned:
        raise Invalid(
            _("This was the reason of the last change. Say why the rules change now."),
            field="rules_reason",
        )
    return cleaned


def announce_rules(
    engagement: Engagement,
    *,
    changes: Mapping[str, Mapping[str, Any]],
    reason: Mapping[str, str],
    now: dt.datetime,
    by: Account | None,
) -> PublicNotice:
    """Write the public notice: what changes, in each language that has the reason, and why.

    Called by ``publish_engagement`` in its transaction.
    """
    source = check_reason(engagement, reason.get(engagement.source_language, ""))
    reasons = {language: text.strip() for language, text in reason.items() if text.strip()}
    texts = {}
    for language in (code for code in LANGUAGES if code in reasons):
        with override(language):
            texts[language] = "\n".join([*sentences(changes), reasons[language]])
    notice = PublicNotice.objects.create(
        engagement=engagement,
        kind=KIND,
        text=texts,
        data={
            "changes": {name: dict(change) for name, change in changes.items()},
            "reason": source,
        },
        at=now,
        by=by,
    )
    jobs.enqueue("participation.tell_readers", "rules", notice.pk)
    return notice


def sentences(changes: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What changes, in the active language."""
    return [_sentence(name, change["to"]) for name, change in changes.items()]


def _sentence(name: str, value: Any) -> str:
    if name == "moderation_policy":
        if value == ModerationPolicy.BEFORE:
            return _("From now on a moderator reads each comment before it is public.")
        return _("From now on comments are public at once, and a moderator reads them afterwards.")
    if name == "comment":
        if value >= Level.VERIFIED:
            return _("From now on only verified persons may comment.")
        if value >= Level.EMAIL:
            return _("From now on anyone with a confirmed e-mail may comment.")
        return _("From now on anyone may comment.")
    return ngettext(
        "A response begun before the close may be sent up to %(minutes)d minute after it.",
        "A response begun before the close may be sent up to %(minutes)d minutes after it.",
        value,
    ) % {"minutes": value}
