"""What may have become of an invitation."""

from django.db import models
from django.utils.translation import pgettext_lazy


class InvitationState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("of an invitation", "Waits for an answer")
    ACCEPTED = "accepted", pgettext_lazy("of an invitation", "Accepted")
    STARTED = "started", pgettext_lazy("of an invitation", "Begun")
    FINISHED = "finished", pgettext_lazy("of an invitation", "Handed in")
    DECLINED = "declined", pgettext_lazy("of an invitation", "Declined")
    EXPIRED = "expired", pgettext_lazy("of an invitation", "Not answered in time")
    #: Accepted, and the round closed without anything handed in.
    NO_SHOW = "no-show", pgettext_lazy("of an invitation", "Accepted, not done")
    #: Its person is no volunteer any more.
    LEFT = "left", pgettext_lazy("of an invitation", "Ended with volunteering")


#: The round may be tried by whose invitation is in one of these.
TAKING_PART = (InvitationState.ACCEPTED, InvitationState.STARTED, InvitationState.FINISHED)
#: The seat is kept from others.
HOLDING = (InvitationState.WAITING, *TAKING_PART, InvitationState.NO_SHOW)
#: It can still be declined.
DECLINABLE = (InvitationState.WAITING, InvitationState.ACCEPTED)
