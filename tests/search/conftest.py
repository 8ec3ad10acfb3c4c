"""The engines that can be tried here: SQLite's always, the others where their server runs."""

import os
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from elasticsearch import Elasticsearch

from core import clock
from search import feeding
from search.breaker import breaker
from search.counting import count_tokens
from search.elastic import connect
from search.engines import ENGINES
from search.feeding import build
from search.tasks import telling
from tests.search.live_index import DAY, put, put_scope
from tests.search.test_engines import DOCUMENTS, IDS


def engines_here() -> list[object]:
    """Names as parameters; Elasticsearch's carry its mark and run beside PostgreSQL's."""
    return [
        pytest.param(name, marks=[pytest.mark.elasticsearch] if name == "elasticsearch" else [])
        for name in ENGINES
        if name != "postgresql" or connection.vendor == name
    ]


def need_elasticsearch() -> None:
    """A real server; with CI=true nothing may be skipped."""
    if not settings.ELASTICSEARCH["URL"]:
        reason = "needs scripts/services run elasticsearch --"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture
def elasticsearch() -> None:
    need_elasticsearch()


@pytest.fixture(params=engines_here())
def engine_name(request: pytest.FixtureRequest, db: None) -> str:
    """Each engine in turn."""
    if request.param == "elasticsearch":
        request.getfixturevalue("elasticsearch")
    return str(request.param)


@pytest.fixture(scope="module")
def filled(rows_of_the_module: None) -> None:
    """The live index of the module: documents that everybody may see, and copies that nobody may.

    The open scope has no topic, since who counts them puts their own.
    """
    put_scope("open")
    put_scope("hidden", visible=False)
    put_scope("closed", opens=-60, closes=-30, bureau="lcsd", answered_at=clock.now() - DAY)
    put_scope("soon", closes=3, bureau="td")
    for number, name in enumerate(IDS):
        put(number, *DOCUMENTS[name])
        put(1000 + number, *DOCUMENTS[name], scope="hidden", kind="idea")
        put(2000 + number, *DOCUMENTS[name], scope="absent", kind="idea")
    count_tokens()


@pytest.fixture
def elastic() -> Iterator[Elasticsearch]:
    """A way of its own to the server that is tried."""
    with connect(seconds=30) as found:
        yield found


@pytest.fixture
def mirror(settings, elastic: Elasticsearch, monkeypatch) -> Iterator[str]:
    """The live index is on Elasticsearch under a name of this test alone, and not built yet."""
    # Shown at once: the second until it is by itself would be waited for by each test.
    monkeypatch.setattr(feeding, "SHOWN", True)
    name = f"kaifong-test-{uuid4().hex}"
    before = settings.ELASTICSEARCH
    settings.ELASTICSEARCH = {**before, "INDEX": name}
    settings.SEARCH_ENGINE = "elasticsearch"
    breaker.answered()
    telling.answered()
    yield name
    breaker.answered()
    telling.answered()
    for index in elastic.indices.get(index=f"{name}*"):
        elastic.indices.delete(index=index)


@pytest.fixture
def built(mirror: str) -> str:
    build()
    return mirror
