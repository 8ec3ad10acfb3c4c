"""Periodic work about people; safe to run twice or late."""

import datetime as dt

from accounts.actions import end_expired_roles, sweep_codes, sweep_invitations
from core.schedule import periodic


@periodic("accounts.end_expired_roles", every=dt.timedelta(minutes=1))
def end_roles() -> None:
    """Take flags and groups from those whose role has run out."""
    end_expired_roles()


@periodic("accounts.sweep_codes", every=dt.timedelta(hours=1))
def sweep() -> None:
    """Forget sign-in codes, and the addresses in them, once they are dead."""
    sweep_codes()


@periodic("accounts.sweep_invitations", every=dt.timedelta(days=1))
def forget_addresses() -> None:
    """Forget the addresses of invitations that were used, taken back or ran out a month ago."""
    sweep_invitations()
