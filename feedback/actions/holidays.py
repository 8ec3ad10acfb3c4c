"""Telling the administrators that a year's general holidays are still to be added."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Role
from accounts.policies import accounts_with
from core import clock
from feedback import working_days
from notifications.actions import notify
from participation.stages import today


@transaction.atomic
def tell_of_missing_holidays() -> int | None:
    """Tell every administrator once which year is missing; returns it, or None where none is."""
    year = working_days.missing(today(clock.now()))
    if year is not None:
        notify(
            kind="holidays-missing",
            event_key=f"holidays-missing:{year}",
            to=list(accounts_with(Role.ADMINISTRATOR)),
            params={"year": str(year)},
            path="/reports/",
        )
    return year
