"""The engines that can be tried here: SQLite's always, the others where their server runs."""

import os

import pytest
from django.conf import settings
from django.db import connection

from search.engines import ENGINES


def engines_here() -> list[object]:
    """Names as parameters; Elasticsearch's carry its mark and run beside PostgreSQL's."""
    return [
        pytest.param(name, marks=[pytest.mark.elasticsearch] if name == "elasticsearch" else [])
        for name in ENGINES
        if name != "postgresql" or connection.vendor == name
    ]


@pytest.fixture
def elasticsearch() -> None:
    """A real server; with CI=true nothing may be skipped."""
    if not settings.ELASTICSEARCH["URL"]:
        reason = "needs scripts/services run elasticsearch --"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture(params=engines_here())
def engine_name(request: pytest.FixtureRequest, db: None) -> str:
    """Each engine in turn."""
    if request.param == "elasticsearch":
        request.getfixturevalue("elasticsearch")
    return str(request.param)
