"""What other parts' signals mean here."""

from __future__ import annotations

from typing import Any

from accounts.models import Account, Invitation
from accounts.signals import invitation_accepted
from ideas.actions.jury import take_seats


def connect() -> None:
    """Called once from ``ready()``."""
    invitation_accepted.connect(_accepted, dispatch_uid="ideas.invitation_accepted")


def _accepted(sender: type, invitation: Invitation, account: Account, **_kwargs: Any) -> None:
    """Seats that waited for the invitation are taken, in its transaction."""
    take_seats(invitation=invitation, account=account)
