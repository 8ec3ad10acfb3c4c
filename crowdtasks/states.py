"""What may have become of somebody's part in a task, and what each of these means."""

from django.db import models
from django.utils.translation import pgettext_lazy


class ClaimState(models.TextChoices):
    LIVE = "live", pgettext_lazy("of a task", "Begun")
    EXPIRED = "expired", pgettext_lazy("of a task", "Not finished in time")
    REVIEW = "review", pgettext_lazy("of a task", "Being looked at")
    ACCEPTED = "accepted", pgettext_lazy("of a task", "Done")
    #: By an officer; another one may be asked.
    DECLINED = "declined", pgettext_lazy("of a task", "Declined")
    #: Declined for good: the place is somebody else's.
    REFUSED = "refused", pgettext_lazy("of a task", "Declined for good")
    WITHDRAWN = "withdrawn", pgettext_lazy("of a task", "Withdrawn")
    #: It does not stand, but its reward is given out for good: done with two accounts that became
    #: one and paid to both, or given up with an account that was closed.
    OVER = "over", pgettext_lazy("of a task", "Not counted; its points are given out")


#: A response was handed in.
FINISHED = (
    ClaimState.REVIEW,
    ClaimState.ACCEPTED,
    ClaimState.DECLINED,
    ClaimState.REFUSED,
    ClaimState.WITHDRAWN,
    ClaimState.OVER,
)
#: A response in one of these keeps its place from others: its reward is spent or may be.
KEEPING = (ClaimState.REVIEW, ClaimState.ACCEPTED, ClaimState.DECLINED, ClaimState.OVER)
#: Whoever has a claim in one of these cannot begin the task again.
STANDING = (
    ClaimState.LIVE,
    ClaimState.REVIEW,
    ClaimState.ACCEPTED,
    ClaimState.DECLINED,
    ClaimState.REFUSED,
)
#: The same, with claims that hold one until they expire.
HOLDING = (ClaimState.LIVE, *KEEPING)
