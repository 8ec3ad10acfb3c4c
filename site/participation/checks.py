"""Start-up checks of participation: where citizens' files lie, whether anybody scans them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, register

from participation.attachments import scanners


@register(Tags.security)
def files_lie_apart(app_configs: Sequence[Any] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a folder of citizens' files that a web server gives out."""
    folder = Path(settings.ATTACHMENTS_ROOT).resolve()
    for name in ("MEDIA_ROOT", "STATIC_ROOT"):
        served = getattr(settings, name, None)
        if served and folder.is_relative_to(Path(served).resolve()):
            return [
                Error(
                    f"ATTACHMENTS_ROOT lies in {name}.",
                    hint="Choose a folder that no web server gives out.",
                    id="participation.E001",
                )
            ]
    return []


@register(Tags.security, deploy=True)
def files_are_scanned(
    app_configs: Sequence[Any] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Say when nobody scans citizens' files; their type and content are checked all the same."""
    if scanners.current() is not None:
        return []
    return [
        Info(
            "No virus scanner is configured for citizens' files.",
            hint="Set CLAMD to ClamAV's daemon: host:port, or the path of its socket.",
            id="participation.I001",
        )
    ]
