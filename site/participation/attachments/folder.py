"""The folder of citizens' files: no addresses, nobody else on the machine may read it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage


class AttachmentFolder(FileSystemStorage):
    """``settings.ATTACHMENTS_ROOT``, whatever it is at the time (tests move it)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            base_url=None,
            file_permissions_mode=0o600,
            directory_permissions_mode=0o700,
            **options,
        )

    @property
    def base_location(self) -> str:
        return str(settings.ATTACHMENTS_ROOT)

    @property
    def location(self) -> str:
        import os

        return os.path.abspath(self.base_location)

    def url(self, name: str | None) -> str:
        """There is none: files are given out by ``participation.views.files`` alone."""
        raise ValueError("Files of citizens have no address.")
