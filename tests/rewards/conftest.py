"""What tests of rewards share."""

from __future__ import annotations

import pytest

from accounts.models import Account
from tests.factories import rewards as make


@pytest.fixture
def citizen(db: None) -> Account:
    """Somebody with 1,000 points to spend."""
    return make.rich()


@pytest.fixture
def manager(db: None) -> Account:
    """An administrator."""
    return make.manager()
