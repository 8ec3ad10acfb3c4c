"""An answer that is late: why, and until when, told to everybody."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from core import audit, clock, jobs, limits
from core.exceptions import Conflict, Invalid
from core.simplified import to_simplified
from core.text import clean_text
from core.texts import LANGUAGES
from participation import live
from participation.actions.outcomes import check_writer, lock_engagement
from participation.models import Engagement, PublicNotice
from participation.stages import days_late, today

REASON_LIMIT = 1_000


@transaction.atomic
def explain_delay(
    *, engagement: Engagement, reason: dict[str, str], expected: dt.date | None, by: Account
) -> PublicNotice:
    """Say in public why the answer is late and when it is expected (ux P19).

    English and Traditional must be there. It is a public notice with its date; followers hear of
    the first one, once. Raises Invalid with the field, Conflict while it is in time or answered.
    """
    limits.spend("desk_step", by.public_id)
    engagement = lock_engagement(engagement)
    check_writer(engagement, by)
    now = clock.now()
    if not days_late(engagement, now) or engagement.response_due is None:
        raise Conflict(_("The answer is not late."))
    texts = {
        language: clean_text(
            reason.get(language, ""),
            max_length=REASON_LIMIT,
            field=f"reason_{language}",
            required=language != "zh-hans",
        )
        for language in LANGUAGES
    }
    texts["zh-hans"] = texts["zh-hans"] or to_simplified(texts["zh-hant"])
    if expected is not None and expected < today(now):
        raise Invalid(_("The new date must not lie behind us."), field="expected")
    notice = PublicNotice.objects.create(
        engagement=engagement,
        kind="late",
        text=texts,
        data={
            "response_due": engagement.response_due.isoformat(),
            "expected": expected.isoformat() if expected else "",
        },
        at=now,
        by=by,
    )
    audit.record("outcome.late", actor=by, engagement_id=engagement.public_id, rows=[notice])
    live.restaged(engagement)
    jobs.enqueue("participation.tell_readers", "late", notice.pk)
    return notice
