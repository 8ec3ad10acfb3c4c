"""Start-up checks: what a report will lack here, said before an officer misses it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Warning, register

from feedback.files.as_pdf import PdfUnavailable, library


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
