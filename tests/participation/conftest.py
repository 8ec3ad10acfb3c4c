"""What tests of participation share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from participation.attachments import holders, scanners


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A folder of citizens' files of the test's own, and comments that may hold files."""
    settings.ATTACHMENTS_ROOT = tmp_path / "files"
    holder = holders.Holder(kind="comment", verb="comment", accepts=lambda engagement: True)
    holders.register(holder)
    yield tmp_path / "files"
    holders.unregister("comment")
    scanners.unregister()
