"""The mailed link to a draft: sent, and opened once by whoever goes on elsewhere."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.keys import token_hash
from accounts.models import Person
from core import audit, clock, limits
from core.emails import clean_email
from core.exceptions import Absent
from core.ids import receipt_code
from core.texts import known_language
from notifications.actions import Address, notify
from questionnaires.actions.drafts import lock_draft
from questionnaires.models import Draft, DraftLink
from questionnaires.whereabouts import LINK_ENDED

#: How long a link works that nobody uses; the mail names the day.
LINK_LIFE = dt.timedelta(days=30)


@transaction.atomic
def mail_draft_link(
    *, draft: Draft, email: str, language: str, person: Person | None = None, source: str = ""
) -> DraftLink:
    """Send the link that brings the draft to another device, once.

    Whoever opens it takes the answers over; the mail says so. Raises Invalid for an address that
    is none, Absent once the draft is gone, submitted or opened elsewhere, TooMany.
    """
    address = clean_email(email)
    limits.spend("draft_mail_address", source)
    limits.spend("draft_mail", address.lower())
    row = lock_draft(draft)
    now = clock.now()
    secret = receipt_code()
    link = DraftLink.objects.create(
        token_hash=token_hash(secret),
        draft=row,
        made_at=now,
        expires_at=min(now + LINK_LIFE, row.expires_at),
    )
    engagement = row.questionnaire.engagement
    notify(
        kind="draft-link",
        # Asked again later is another event: the first mail may be lost.
        event_key=f"draft-link:{link.pk}",
        to=[Address(address, known_language(language))],
        params={
            "title": engagement.title,
            "bureau": engagement.owner.name,
            "closes_at": engagement.closes_at,
            "works_until": link.expires_at,
        },
        path=f"/e/{engagement.public_id}/answer/back/{secret}/",
    )
    # The rows themselves are deleted with the draft: the entry says that it happened, no more.
    audit.record(
        "draft.mail_link", actor=person or audit.SYSTEM, engagement_id=engagement.public_id
    )
    return link


@transaction.atomic
def take_over(
    *,
    link: DraftLink,
    person: Person | None,
    instead_of: Draft | None = None,
    source: str = "",
) -> Draft:
    """Move the link's draft to this visit: it gets a new token, and the old one opens nothing.

    The link ends, and with it every other one to the draft: who had those had it before.
    ``instead_of`` is the draft this visit held until now; it is deleted, for nothing leads to it
    any more. ``source`` is the network address' key. Raises Absent where the link has ended,
    TooMany.
    """
    limits.spend("draft_link_open", source)
    now = clock.now()
    row = (
        DraftLink.objects.select_for_update(of=("self", "draft"))
        .select_related("draft__questionnaire__engagement")
        .filter(pk=link.pk)
        .first()
    )
    if row is None or not row.opens(now):
        raise Absent(LINK_ENDED)
    draft = row.draft
    row.used_at, row.left = now, token_hash(draft.token)
    row.save(update_fields=["used_at", "left"])
    draft.links.filter(used_at=None).update(used_at=now)
    draft.token = receipt_code()
    draft.person = person or draft.person
    draft.save(update_fields=["token", "person"])
    if instead_of is not None and instead_of.pk != draft.pk:
        Draft.objects.filter(pk=instead_of.pk, token=instead_of.token, submitted_at=None).delete()
    audit.record(
        "draft.take_over",
        actor=person or audit.SYSTEM,
        engagement_id=draft.questionnaire.engagement.public_id,
    )
    return draft
