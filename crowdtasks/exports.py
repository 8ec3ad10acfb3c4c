"""What a campaign's bureaux take away: each response handed in, and what became of it.

Answers are in the files of the report. Here, as there, nothing says who answered.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import dates
from crowdtasks import integrity
from crowdtasks.models import Claim
from crowdtasks.states import FINISHED, ClaimState
from feedback.files.table import Column, Row
from participation.models import Engagement

CHUNK = 1000
COLUMNS = [
    Column("id", _("Number in the register")),
    Column("state", pgettext_lazy("report", "State"), lambda key: str(ClaimState(key).label)),
    Column("finished_at", pgettext_lazy("time", "Received at")),
    Column("seconds", _("Seconds it took")),
    Column(
        "flags",
        _("Why it was looked at"),
        lambda flags: "; ".join(str(words) for words in integrity.names(flags)),
    ),
    Column("decision", _("Reason of the decision")),
    Column("points", _("Points")),
]


def rows(engagement: Engagement) -> Iterator[Row]:
    """Responses in the order they came, those too that were declined or withdrawn."""
    found = (
        Claim.objects.filter(campaign=engagement.pk, state__in=FINISHED)
        .select_related("contribution")
        .prefetch_related("reviews")
        .order_by("finished_at", "pk")
    )
    for claim in found.iterator(chunk_size=CHUNK):
        reasons = [one.reason for one in claim.reviews.all() if one.reason]
        yield {
            "id": claim.contribution.public_id if claim.contribution else None,
            "state": claim.state,
            "finished_at": claim.finished_at.astimezone(dates.ZONE).isoformat(timespec="seconds")
            if claim.finished_at
            else None,
            "seconds": claim.seconds,
            "flags": list(claim.flags),
            "decision": " / ".join(reasons) or None,
            "points": claim.points or None,
        }
