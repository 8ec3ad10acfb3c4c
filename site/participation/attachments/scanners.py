"""The virus scanner, if the operator has one: asked before a file is given out to anybody.

Without one the checks of ``examiner`` stand alone: files are clean as soon as they are taken, and
``Attachment.scanner`` stays empty, so that it can be told later which ones nobody scanned.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO


class ScannerDown(Exception):
    """The scanner does not answer, or not in a way that can be understood."""


@dataclass(frozen=True, slots=True)
class Scanner:
    """``is_ready()`` is asked in the request, in a second at most; ``is_clean(file)`` by a job.

    ``is_clean`` raises ``ScannerDown`` when there is no verdict; the job is then given again.
    """

    name: str
    is_ready: Callable[[], bool]
    is_clean: Callable[[BinaryIO], bool]


_current: list[Scanner] = []


def register(scanner: Scanner) -> None:
    """Make this the scanner, in place of one that was registered before."""
    _current[:] = [scanner]


def unregister() -> None:
    """Have none (tests)."""
    _current.clear()


def current() -> Scanner | None:
    """The scanner, or None when the operator has configured none."""
    return _current[0] if _current else None
