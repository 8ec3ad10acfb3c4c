"""The engines that can be tried here: SQLite's always, PostgreSQL's where the tests run on it."""

import pytest
from django.db import connection

from search.engines import ENGINES


def engines_here() -> list[str]:
    return [name for name in ENGINES if name != "postgresql" or connection.vendor == name]


@pytest.fixture(params=engines_here())
def engine_name(request: pytest.FixtureRequest, db: None) -> str:
    """Each engine in turn."""
    return str(request.param)
