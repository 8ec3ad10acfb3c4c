"""Start-up checks: what reports will lack here, said before an officer misses it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Warning, register
from django.db import DatabaseError

from core import clock
from feedback import working_days
from feedback.files.as_pdf import PdfUnavailable, library
from participation.stages import today


@register("kaifong", deploy=True)
def pdf_can_be_written(
    app_configs: Sequence[Any] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Warn where pango is missing: everything else works without it."""
    try:
        library()
    except PdfUnavailable as lacking:
        return [Warning(str(lacking), id="feedback.W001")]
    return []


@register("kaifong", deploy=True)
def holidays_are_known(
    app_configs: Sequence[Any] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Warn of a year whose general holidays are still to be added."""
    try:
        year = working_days.missing(today(clock.now()))
    except DatabaseError:
        # Nobody here says what day it is; a job asks again every day.
        return []
    if year is None:
        return []
    return [
        Warning(
            f"The general holidays of {year} are not known; its working days come out too early.",
            hint=f"Add them from the Gazette to feedback/data/{working_days.FILE.name}.",
            id="feedback.W002",
        )
    ]
