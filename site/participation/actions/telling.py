"""Whom to tell of what, by the one action of ``notifications``; nothing here sends mail.

Events reach followers and contributors in batches by the job ``participation.tell_readers``.
A notice is unique by event and recipient, so a batch that is run again tells nobody twice.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.models import Account
from core.dates import FOREVER
from notifications.actions import Address, Reader, Recipient, notify
from participation import outcome_parts
from participation.access import STOP_SALT
from participation.models import (
    Contribution,
    ContributionKind,
    Engagement,
    Follow,
    Outcome,
    PublicNotice,
    Receipt,
    Vote,
)
from participation.policies import changes_until
from participation.stages import today

BATCH = 200
#: Characters of the answer in a mail; all of it is on the page.
SUMMARY = 600


def _about(engagement: Engagement) -> dict[str, Any]:
    """What every notice about an engagement says: its title and whose it is, by language."""
    return {"title": engagement.title, "bureau": engagement.owner.name}


def _dates(engagement: Engagement) -> dict[str, Any]:
    return {"closes_at": engagement.closes_at, "response_due": engagement.response_due}


def _days_of(contribution: Contribution) -> dict[str, Any]:
    """Until when it can be changed, and the close of all where that comes later."""
    until, ends = changes_until(contribution), contribution.engagement.closes_at
    if until == FOREVER:
        return {"always": "yes"}
    later = until is not None and ends is not None and ends > until
    return {"closes_at": until or ends, **({"ends_at": ends} if later else {})}


def accounts_of(contribution: Contribution) -> list[Account]:
    """The living accounts of an entry's author; none for a guest or an official reply."""
    if contribution.person_id is None:
        return []
    return list(Account.objects.filter(person_id=contribution.person_id, is_active=True))


def tell_receipt(*, receipt: Receipt, account: Account) -> None:
    """Confirm that something was received; the code stands in the link of the body only."""
    contribution = receipt.contribution
    if contribution is None:
        return
    notify(
        kind="receipt",
        event_key=f"receipt:{contribution.public_id}",
        to=[account],
        params={
            **_about(receipt.engagement),
            **_days_of(contribution),
            "response_due": receipt.engagement.response_due,
            "what": contribution.kind,
            "received_at": contribution.received_at,
            "state": contribution.state,
        },
        path=f"/receipts/{receipt.code}/",
    )


def tell_reply(reply: Contribution) -> None:
    """Tell the author of a comment that a public reply is there. Nobody hears of the own reply."""
    comment = getattr(reply, "comment", None)
    if comment is None or comment.parent_id is None:
        return
    parent = comment.parent.contribution
    if parent.person_id is None or parent.person_id == reply.person_id:
        return
    notify(
        kind="reply",
        event_key=f"reply:{reply.public_id}",
        to=accounts_of(parent),
        params={
            **_about(reply.engagement),
            "official": "yes" if comment.official else "",
            "by": "" if reply.name_withheld else reply.author_name,
        },
        path=f"/e/{reply.engagement.public_id}/comments/?on={comment.thread.key}"
        f"#c-{parent.public_id}",
    )


@dataclass(frozen=True)
class Event:
    """Something that happened to an engagement, ready to be told."""

    kind: str
    key: str
    engagement: Engagement
    params: dict[str, Any]
    #: Contributors hear of it too, not only followers; of ``entries`` alone where it names a kind.
    contributors: bool
    entries: str = ""
    #: The page below the engagement's address that the mail leads to.
    page: str = ""


def find_event(kind: str, pk: int) -> Event | None:
    """The event as it stands now, or None when it is not public any more (nothing is told)."""
    if kind not in _FINDERS:
        raise ValueError(f"Unknown event: {kind!r}")
    event = _FINDERS[kind](pk)
    return event if event is not None and event.engagement.state == "published" else None


def _opened(pk: int) -> Event | None:
    engagement = Engagement.objects.select_related("owner").filter(pk=pk).first()
    if engagement is None:
        return None
    params = {**_about(engagement), **_dates(engagement)}
    return Event("opened", f"opened:{engagement.public_id}", engagement, params, contributors=False)


def _extended(pk: int) -> Event | None:
    rows = PublicNotice.objects.select_related("engagement", "engagement__owner")
    notice = rows.filter(pk=pk, kind="extended").first()
    if notice is None:
        return None
    engagement = notice.engagement
    params = {
        **_about(engagement),
        # The notice's own dates: it may have been extended again since.
        "closes_at": notice.data["to"],
        "closed_before": notice.data.get("from", ""),
        "response_due": notice.data.get("response_due", ""),
        "reason": notice.text,
    }
    key = f"extended:{engagement.public_id}:{notice.pk}"
    return Event("extended", key, engagement, params, contributors=True)


def _outcome(pk: int) -> Event | None:
    outcome = (
        Outcome.objects.select_related("engagement", "engagement__owner")
        .filter(pk=pk, published_at__isnull=False)
        .first()
    )
    if outcome is None or outcome.published_at is None:
        return None
    engagement = outcome.engagement
    params = _about(engagement)
    if engagement.response_due is not None:
        late = (today(outcome.published_at) - engagement.response_due).days
        if late > 0:
            params["late_days"] = late
    if outcome.text:
        params["summary"] = {code: _opening(text) for code, text in outcome.text.items() if text}
    key = outcome_parts.event_key(engagement)
    return Event("outcome", key, engagement, params, contributors=True, page="outcome/")


def _opening(text: str) -> str:
    """So much of the answer in short as a mail carries."""
    return text if len(text) <= SUMMARY else f"{text[: SUMMARY - 1].rstrip()}…"


def _heard(pk: int) -> Event | None:
    outcome = (
        Outcome.objects.select_related("engagement", "engagement__owner")
        .filter(pk=pk, heard_at__isnull=False, published_at=None)
        .first()
    )
    if outcome is None:
        return None
    engagement = outcome.engagement
    params = {**_about(engagement), "response_due": engagement.response_due}
    key = f"heard:{engagement.public_id}"
    # Contributors are told once, when it is decided; followers asked for every step.
    return Event("heard", key, engagement, params, contributors=False, page="outcome/")


def _late(pk: int) -> Event | None:
    rows = PublicNotice.objects.select_related("engagement", "engagement__owner")
    notice = rows.filter(pk=pk, kind="late").first()
    if notice is None or notice.engagement.response_due is None:
        return None
    engagement = notice.engagement
    params = {
        **_about(engagement),
        "response_due": notice.data["response_due"],
        "expected": notice.data.get("expected", ""),
        "reason": notice.text,
    }
    # One a response date: a reason that is written anew is on the page, not in another mail.
    key = f"late:{engagement.public_id}:{notice.data['response_due']}"
    return Event("late", key, engagement, params, contributors=False)


def _announced(kind: str, pk: int) -> tuple[Engagement, PublicNotice, dict[str, Any]] | None:
    """A public notice of that kind, with what a mail says of it: the notice in full."""
    rows = PublicNotice.objects.select_related("engagement", "engagement__owner")
    notice = rows.filter(pk=pk, kind=kind).first()
    if notice is None:
        return None
    engagement = notice.engagement
    return engagement, notice, {**_about(engagement), "notice": notice.text}


def _changed(pk: int) -> Event | None:
    found = _announced("changed", pk)
    if found is None:
        return None
    engagement, notice, params = found
    key = f"changed:{engagement.public_id}:{notice.pk}"
    return Event("changed", key, engagement, params, contributors=False)


def _rules(pk: int) -> Event | None:
    found = _announced("rules", pk)
    if found is None:
        return None
    engagement, notice, params = found
    key = f"rules:{engagement.public_id}:{notice.pk}"
    return Event("rules", key, engagement, params, contributors=False)


def _corrected(pk: int) -> Event | None:
    found = _announced("corrected", pk)
    if found is None:
        return None
    engagement, notice, params = found
    params["closes_at"] = engagement.closes_at
    key = f"corrected:{engagement.public_id}:{notice.pk}"
    # Who commented or voted did not answer the question.
    return Event(
        "corrected",
        key,
        engagement,
        params,
        contributors=True,
        entries=ContributionKind.RESPONSE,
    )


_FINDERS = {
    "changed": _changed,
    "rules": _rules,
    "corrected": _corrected,
    "opened": _opened,
    "extended": _extended,
    "outcome": _outcome,
    "heard": _heard,
    "late": _late,
}


#: By kind of engagement, of which others the followers hear too; keys of engagements.
_belongs: dict[str, Callable[[Engagement], Iterable[int]]] = {}


def register_belonging(kind: str, to: Callable[[Engagement], Iterable[int]]) -> None:
    """Let followers of what an engagement belongs to hear of it; called from ``ready()``."""
    _belongs[kind] = to


def followers_of(engagement: Engagement) -> Any:
    """Living, confirmed follows of the engagement, what it belongs to, its bureau or a partner, by
    primary key."""
    bureaux = [engagement.owner_id, *engagement.partners.values_list("pk", flat=True)]
    above = _belongs.get(engagement.kind)
    heard_by = [engagement.pk, *(above(engagement) if above else ())]
    return (
        Follow.objects.filter(Q(engagement__in=heard_by) | Q(bureau__in=bureaux))
        .filter(ended_at__isnull=True, confirmed_at__isnull=False)
        .filter(Q(account__isnull=True) | Q(account__is_active=True))
        .select_related("account")
        .order_by("pk")
    )


def contributors_of(engagement: Engagement, entries: str = "") -> Any:
    """Living accounts whose person wrote or voted here, by primary key.

    ``entries`` narrows to authors of standing entries of that kind.
    """
    if entries:
        standing = Contribution.objects.filter(
            engagement=engagement, kind=entries, person=OuterRef("person")
        ).exclude(state="withdrawn")
        return Account.objects.filter(Exists(standing), is_active=True).order_by("pk")
    wrote = Contribution.objects.filter(engagement=engagement, person=OuterRef("person"))
    voted = Vote.objects.filter(ballot__engagement=engagement, person=OuterRef("person"))
    return (
        Account.objects.filter(is_active=True).filter(Exists(wrote) | Exists(voted)).order_by("pk")
    )


@transaction.atomic
def tell_batch(*, event: Event, source: str, after: int) -> int | None:
    """Tell the next ``BATCH`` of 'follows' or 'contributors'; returns where to go on, or None.

    An address that is also an account's is told as that account: one person, one mail.
    """
    path = f"{_path(event.engagement)}{event.page}"
    if source == "contributors":
        accounts = list(
            contributors_of(event.engagement, event.entries).filter(pk__gt=after)[:BATCH]
        )
        _notify(event, [Reader(one, mails_stop_path(one)) for one in accounts], path)
        return accounts[-1].pk if len(accounts) == BATCH else None
    follows = list(followers_of(event.engagement).filter(pk__gt=after)[:BATCH])
    by_address = {
        account.email_canonical: account
        for account in Account.objects.filter(
            is_active=True,
            email_canonical__in=[row.address_canonical for row in follows if row.address],
        )
    }
    to: list[Reader | Address] = []
    for row in follows:
        stop = f"/follow/stop/{row.token}/"
        reader = row.account or by_address.get(row.address_canonical)
        to.append(Reader(reader, stop) if reader else Address(row.address, row.language, stop))
    _notify(event, to, path)
    return follows[-1].pk if len(follows) == BATCH else None


def mails_stop_path(account: Account) -> str:
    """The one-click end of mails to somebody who took part and follows nothing (RFC 8058)."""
    return f"/follow/mails/{signing.dumps(account.public_id, salt=STOP_SALT)}/stop/"


def _path(engagement: Engagement) -> str:
    return f"/e/{engagement.public_id}/"


def _notify(event: Event, to: Iterable[Recipient], path: str) -> None:
    notify(kind=event.kind, event_key=event.key, to=to, params=event.params, path=path)
