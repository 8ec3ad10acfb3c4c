"""Closing later: the engagement moves, and the page's own dates follow it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account
from consultations.actions.paper import publish_paper, versions_of
from consultations.actions.translation import follow_source
from consultations.models import Submission
from consultations.policies import can_write_papers
from core import limits
from core.exceptions import Conflict, Invalid, Refused
from participation.actions.engagement import extend_engagement
from participation.models import PublicNotice
from participation.models.pages import FacePage, moment


@transaction.atomic
def extend_paper(
    *,
    page: FacePage,
    last_day: dt.date | None,
    response_due: dt.date | None,
    reason: Mapping[str, str],
    by: Account,
) -> PublicNotice:
    """Extend to the end of ``last_day`` (Hong Kong), with a reason that is announced.

    Drafts that nobody has approved keep what they change, but take the new dates; where there is
    no such draft the pages are published again with them. Raises ``Invalid``, ``Refused`` for other
    bureaux, ``Conflict`` while a change waits for approval, ``TooMany``.
    """
    limits.spend("desk_step", by.public_id)
    engagement = page.engagement
    if engagement is None:
        raise Conflict(_("Only a published engagement can be extended."))
    if not can_write_papers(by, engagement.owner):
        raise Refused
    if Submission.objects.waiting_for(page.translation_key):
        raise Conflict(_("A change waits for approval. Take it back or have it decided first."))
    if last_day is None:
        raise Invalid(_("Enter the new last day."), field="closes_on")
    closes_at = moment(last_day + dt.timedelta(days=1), None)
    if closes_at is None:
        raise Invalid(_("Enter the new last day."), field="closes_on")
    try:
        notice = extend_engagement(
            engagement=engagement,
            closes_at=closes_at,
            response_due=response_due,
            reason=dict(reason),
            by=by,
        )
    except Invalid as error:
        name = {"closes_at": "closes_on", "reason": f"reason_{page.language.replace('-', '_')}"}
        raise Invalid(error.message, field=name.get(error.field, error.field)) from error
    engagement.refresh_from_db()
    # Of any language: publishing again would take an unapproved translation with it.
    unchanged = all(
        one.latest_revision_id == one.live_revision_id for one in versions_of(page).values()
    )
    draft = page.get_latest_revision_as_object()
    draft.set_close(closes_at)
    draft.response_due = engagement.response_due
    draft.save_revision(user=by, clean=False)
    page.refresh_from_db()
    follow_source(page=page, by=by)
    if unchanged:
        publish_paper(page=page, by=by)
    return notice
