"""Drafts of ideas: kept for somebody signed in until they are handed in or dropped."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account, Person
from core import audit, clock, limits
from core.exceptions import Absent, Invalid, SignInNeeded
from core.text import clean_text
from core.texts import known_language
from ideas.actions.ideas import TEXT_LIMIT, TITLE_LIMIT
from ideas.models import IdeaDraft
from participation.models import Engagement
from participation.policies import can, require

#: Drafts a person may have on one contest.
MOST = 20


@transaction.atomic
def save_draft(
    *,
    engagement: Engagement,
    person: Person | None,
    title: str,
    text: str,
    language: str,
    draft: IdeaDraft | None = None,
) -> IdeaDraft:
    """Keep what was written so far, in a new draft or over ``draft``. One half may be empty.

    Raises SignInNeeded for nobody, what the policy refuses, Absent for somebody else's draft,
    Invalid for texts that could never be handed in, and when there are too many; TooMany.
    """
    if person is None:
        raise SignInNeeded
    require(can("submit", engagement=engagement, person=person, now=clock.now()))
    limits.spend("idea_draft", person.public_id)
    title = clean_text(
        title, max_length=TITLE_LIMIT, field="title", multiline=False, required=False
    )
    text = clean_text(text, max_length=TEXT_LIMIT, field="text", required=not title)
    now = clock.now()
    if draft is not None:
        if draft.person_id != person.pk or draft.engagement_id != engagement.pk:
            raise Absent
        draft.title, draft.text, draft.saved_at = title, text, now
        draft.language = known_language(language)
        draft.save(update_fields=["title", "text", "saved_at", "language"])
        return draft
    if IdeaDraft.objects.filter(engagement=engagement, person=person).count() >= MOST:
        raise Invalid(_("You have too many drafts here. Hand one in or drop one first."))
    return IdeaDraft.objects.create(
        engagement=engagement,
        person=person,
        title=title,
        text=text,
        language=known_language(language),
        begun_at=now,
        saved_at=now,
    )


@transaction.atomic
def drop_draft(*, draft: IdeaDraft, person: Person | None) -> None:
    """Delete an own draft; the register has nothing of it. Raises SignInNeeded, Absent, TooMany."""
    if person is None:
        raise SignInNeeded
    if draft.person_id != person.pk:
        raise Absent
    limits.spend("idea_draft", person.public_id)
    draft.delete()


@transaction.atomic
def settle_merged(*, keep: Person, gone: Person) -> None:
    """Drafts of a person that turned out to be another one are that one's."""
    IdeaDraft.objects.filter(person=gone).update(person=keep)


@transaction.atomic
def erase_account(*, account: Account, last: bool) -> None:
    """Drafts go with the last account of a person: nobody could hand them in any more."""
    if not last:
        return
    rows = IdeaDraft.objects.filter(person=account.person)
    if rows.exists():
        audit.record("idea_draft.erase", actor=account.person, subject=account.person.public_id)
        rows.delete()
