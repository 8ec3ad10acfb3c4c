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


class BookingState(models.TextChoices):
    """Where somebody stands with a session."""

    BOOKED = "booked", pgettext_lazy("of a session", "Place booked")
    WAITING = "waiting", pgettext_lazy("of a session", "On the waiting list")
    CANCELLED = "cancelled", pgettext_lazy("of a session", "Cancelled")
    CAME = "came", pgettext_lazy("of a session", "Came")
    MISSED = "missed", pgettext_lazy("of a session", "Did not come")


#: A place of the session is theirs.
BOOKING_HOLDS = (BookingState.BOOKED, BookingState.CAME, BookingState.MISSED)
#: Each invitation has one of these at most.
BOOKING_STANDS = (*BOOKING_HOLDS, BookingState.WAITING)
#: It can be cancelled, by its person or with the session.
BOOKING_ENDABLE = (BookingState.BOOKED, BookingState.WAITING)
