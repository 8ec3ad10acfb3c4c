"""Following an engagement or a bureau: with an account at once, by address after a confirmation."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.models import Account, Bureau
from core import audit, clock, limits
from core.exceptions import Absent
from core.text import canonical_email
from core.texts import known_language
from notifications.actions import Address, notify
from participation.models import Engagement, EngagementState, Follow

#: An address that nobody confirmed is forgotten after this long.
UNCONFIRMED_FOR = dt.timedelta(days=7)
#: An address whose follow has ended stays this long, for questions about mails that came late.
ENDED_FOR = dt.timedelta(days=30)
#: After this long an answered (or withdrawn) engagement has nothing more to tell.
OVER_FOR = dt.timedelta(days=365)


def follow_engagement(
    *,
    engagement: Engagement,
    account: Account | None = None,
    email: str = "",
    language: str = "en",
    source: str = "",
) -> Follow:
    """Follow one engagement; see ``_follow`` for what is promised and raised."""
    return _follow({"engagement": engagement}, account, email, language, source)


def follow_bureau(
    *,
    bureau: Bureau,
    account: Account | None = None,
    email: str = "",
    language: str = "en",
    source: str = "",
) -> Follow:
    """Follow everything of a bureau; see ``_follow`` for what is promised and raised."""
    return _follow({"bureau": bureau}, account, email, language, source)


@transaction.atomic
def _follow(
    thing: dict[str, Any],
    account: Account | None,
    email: str,
    language: str,
    source: str,
) -> Follow:
    """One living follow a reader and thing. An address gets a mail and counts once confirmed.

    Asking again for an address sends the confirmation again (limited) and answers the same, so
    nobody learns who follows what. Raises Invalid for the address, TooMany.
    """
    now = clock.now()
    language = known_language(language)
    if account is not None:
        limits.spend("follow", account.public_id)
        reader: dict[str, Any] = {"account": account}
        defaults: dict[str, Any] = {"confirmed_at": now, "language": account.language}
    else:
        canonical = canonical_email(email)
        limits.spend("follow", source)
        # Before looking: being refused must not tell whether the address follows already.
        limits.spend("follow_confirm", canonical)
        reader = {"address_canonical": canonical, "account": None}
        defaults = {"address": email.strip(), "language": language}
    living = Follow.objects.filter(**thing, **reader, ended_at=None)
    follow = living.first()
    if follow is None:
        try:
            with transaction.atomic():
                follow = Follow.objects.create(
                    **thing,
                    **reader,
                    **defaults,
                    created_at=now,
                )
        except IntegrityError:
            follow = living.get()
        else:
            _record("follow.start", follow)
    if follow.confirmed_at is None:
        _ask_to_confirm(follow, now)
    return follow


def _ask_to_confirm(follow: Follow, now: dt.datetime) -> None:
    params: dict[str, Any] = {}
    if follow.engagement is not None:
        params = {"title": follow.engagement.title, "bureau": follow.engagement.owner.name}
    elif follow.bureau is not None:
        params = {"bureau": follow.bureau.name}
    notify(
        kind="follow-confirm",
        # Asked again later is another event: the first mail may be lost.
        event_key=f"follow-confirm:{follow.pk}:{int(now.timestamp())}",
        to=[Address(follow.address, follow.language)],
        params=params,
        path=f"/follow/confirm/{follow.token}/",
    )


def _record(verb: str, follow: Follow) -> None:
    audit.record(
        verb,
        actor=follow.account or "system",
        engagement_id=follow.engagement.public_id if follow.engagement else "",
        rows=[follow],
    )


def _locked(token: str) -> Follow:
    """The follow of a token. Each is counted by itself: mail programs that stop many readers'
    follows come from few addresses, and none of them may be turned away for the others."""
    follow = (
        Follow.objects.select_for_update(of=("self",))
        .select_related("engagement", "engagement__owner", "bureau", "account")
        .filter(token=token)
        .first()
    )
    if follow is None:
        raise Absent
    limits.spend("follow_change", follow.token)
    return follow


@transaction.atomic
def confirm_follow(*, token: str) -> Follow:
    """Count a follow by address, as its owner pressed the button. Raises Absent when ended,
    TooMany."""
    follow = _locked(token)
    if follow.ended_at is not None:
        raise Absent
    if follow.confirmed_at is None:
        follow.confirmed_at = clock.now()
        follow.save(update_fields=["confirmed_at"])
        _record("follow.confirm", follow)
    return follow


@transaction.atomic
def end_follow(*, token: str) -> Follow:
    """Stop at once; a second call finds it stopped. Raises Absent for an unknown token, TooMany."""
    follow = _locked(token)
    if follow.ended_at is None:
        follow.ended_at = clock.now()
        follow.save(update_fields=["ended_at"])
        _record("follow.end", follow)
    return follow


def _no_longer_needed(now: dt.datetime) -> Q:
    """Follows by address that were never confirmed, have ended, or wait for nothing any more."""
    over = now - OVER_FOR
    return (
        Q(confirmed_at=None, created_at__lte=now - UNCONFIRMED_FOR)
        | Q(ended_at__lte=now - ENDED_FOR)
        | Q(engagement__outcome__published_at__lte=over)
        | Q(engagement__state=EngagementState.WITHDRAWN, engagement__closes_at__lte=over)
    )


def sweep_follows(*, limit: int = 500) -> int:
    """Forget addresses that are no longer needed; returns how many. Safe to run twice.

    Follows of accounts hold no address and stay until the account is closed.
    """
    with transaction.atomic():
        rows = list(
            Follow.objects.select_for_update(of=("self",))
            .filter(_no_longer_needed(clock.now()), account=None)
            .order_by("pk")[:limit]
        )
        for row in rows:
            audit.record("follow.erase", actor="system", rows=[row])
            row.delete()
    return len(rows)
