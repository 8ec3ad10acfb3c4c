"""Screening: the bureau accepts an idea, asks to complete it, or declines it, with a reason."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account
from core import audit, clock, limits
from core.exceptions import Closed, Conflict, Invalid
from core.text import clean_text
from core.texts import known_language
from ideas.actions.locking import lock_ideas
from ideas.actions.telling import tell_screened
from ideas.models import Idea, Screened, Screening
from ideas.policies import SCREENING, can_screen, phase_of
from ideas.reasons import READY
from participation import live
from participation.models import Contribution
from participation.models.pages import moment
from participation.policies import require

SENTENCE_LIMIT = 1000


@transaction.atomic
def screen_idea(
    *,
    idea: Idea,
    verdict: str,
    by: Account,
    reason: str = "",
    sentence: str = "",
    language: str,
    until: dt.date | None = None,
    version: int,
) -> Screening:
    """Write down what screening makes of an idea; its author is told, everybody reads the reason.

    ``reason`` is a ready one of the verdict, ``sentence`` the officer's own: asking to complete and
    declining need one of them. ``until`` is the last day to complete it, within the screening.
    ``version`` is the version the officer read. The same decision again writes nothing. Raises
    Absent and Closed by policy, Closed for an idea that is not public, Conflict when its author
    has changed it meanwhile, Invalid with its field, TooMany.
    """
    (idea,) = lock_ideas(idea)
    engagement, now = idea.engagement, clock.now()
    require(can_screen(by, engagement, now))
    limits.spend("screen_idea", by.public_id)
    if not idea.is_public:
        raise Closed(_("This idea is not public now."), code="not-public")
    if verdict not in Screened.values:
        raise Invalid(_("Choose what you decide."), field="verdict")
    if version != idea.number:
        raise Conflict(_("Its author has changed it meanwhile. Read it again."), code="edited")
    if reason and reason not in READY.get(verdict, {}):
        raise Invalid(_("Choose a reason that fits what you decide."), field="reason")
    sentence = clean_text(sentence, max_length=SENTENCE_LIMIT, field="sentence", required=False)
    if verdict != Screened.ACCEPTED and not (reason or sentence):
        raise Invalid(_("Choose a reason or write one: everybody reads it."), field="reason")
    end = _end(idea, until, now) if verdict == Screened.COMPLETE else None
    last = idea.screenings.last()
    wanted = (verdict, reason, sentence, idea.number, end)
    if last is not None and wanted == (
        last.verdict,
        last.reason,
        last.sentence,
        last.number,
        last.until,
    ):
        return last
    row = Screening.objects.create(
        idea=idea,
        verdict=verdict,
        reason=reason,
        sentence=sentence,
        language=known_language(language),
        number=idea.number,
        until=end,
        at=now,
        by=by,
    )
    idea.screened, idea.complete_until = verdict, end
    idea.save(update_fields=["screened", "complete_until"])
    audit.record(
        f"idea.screen_{verdict}",
        actor=by,
        engagement_id=engagement.public_id,
        subject=idea.contribution.public_id,
        rows=[row],
    )
    tell_screened(row)
    live.changed(engagement)
    return row


def _end(idea: Idea, until: dt.date | None, now: dt.datetime) -> dt.datetime:
    """The exclusive end of the last day to complete it: later than now, within the screening."""
    phase = phase_of(idea.engagement, SCREENING)
    end = moment(until + dt.timedelta(days=1), None) if until else None
    if end is None:
        raise Invalid(_("State the last day to complete it."), field="until")
    if end <= now or phase is None or end > phase.closes_at:
        raise Invalid(_("Choose a day from today to the end of the screening."), field="until")
    return end


def more_time(contribution: Contribution) -> dt.datetime | None:
    """Until when an author may write on although the call has closed (``Kind.more_time``)."""
    found = Idea.objects.filter(pk=contribution.pk, screened=Screened.COMPLETE)
    return found.values_list("complete_until", flat=True).first()
