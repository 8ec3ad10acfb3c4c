"""How the page of an engagement asks whether it lies with an approver, without knowing the desk.

The desk connects itself once, from ``AppConfig.ready()``; until then nothing waits.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Approvals:
    """``lock_of(page)`` is the lock that holds the editor shut, or None; ``is_bound`` says whether
    an approver was shown this revision of the pages with this translation key.
    """

    lock_of: Callable[[Any], Any]
    is_bound: Callable[[UUID, int], bool]


_connected: list[Approvals] = []


def connect(approvals: Approvals) -> None:
    """Let the desk answer; a second one is a mistake and raises."""
    if _connected and _connected[0] != approvals:
        raise ValueError("Approvals are connected already.")
    _connected[:] = [approvals]


def lock_of(page: Any) -> Any:
    """The lock of a page that waits for approval, or None."""
    return _connected[0].lock_of(page) if _connected else None


def is_bound(translation_key: UUID, revision: int) -> bool:
    """Whether a sending, decided or not, is bound to this revision."""
    return bool(_connected) and _connected[0].is_bound(translation_key, revision)
