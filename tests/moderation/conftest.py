"""The queue's tests moderate a kind of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from moderation.registry import Target
from tests.factories.moderation import target_registered


@pytest.fixture(autouse=True)
def target() -> Iterator[Target]:
    """The registered test kind."""
    with target_registered() as registered:
        yield registered
