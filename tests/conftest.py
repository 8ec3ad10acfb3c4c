"""Fixtures every part's tests may use."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Iterator
from typing import Any

import pytest
import pytest_django
from asgiref.sync import SyncToAsync
from django.core.cache import cache
from django.db import connection, connections
from django.template import Template
from django.test import utils
from hypothesis import settings as hypothesis_settings

from core import nameplate
from core.models import HomePage, PlatformSettings
from feedback.files import as_pdf
from participation.attachments import holders
from search import synonyms
from tests import database
from tests.base_rows import keep_base
from tests.once import database_folder, worker_of

# No deadline: a busy machine is not a fault. No example database: a run depends on no other.
hypothesis_settings.register_profile("kaifong", deadline=None, database=None)
hypothesis_settings.load_profile("kaifong")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is of the other database, which the run on that one has: it is not skipped.

    With CI=true a skipped test counts as failed.

    Raises:
        pytest.UsageError: for a test that no run would have.
    """
    elsewhere = [each for each in items if _is_of_another_database(each)]
    config.hook.pytest_deselected(items=elsewhere)
    items[:] = [each for each in items if each not in elsewhere]


def _is_of_another_database(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("only_on")
    if mark is None:
        return False
    (only,) = mark.args
    if only not in {"postgresql", "sqlite"}:
        raise pytest.UsageError(f"{item.nodeid}: there is no run on {only}.")
    if only == "sqlite" and item.get_closest_marker("db") is None:
        raise pytest.UsageError(f"{item.nodeid}: the run on SQLite has only what is marked db.")
    return bool(connection.vendor != only)


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: pytest_django.DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """The database with the page tree in it, left by everybody before it is taken down.

    In place of pytest-django's own, which would migrate one for each process.

    What runs beside a socket runs in the one thread that asgiref keeps until the process ends, and
    with it a connection of that thread: PostgreSQL refuses to drop a database somebody is in.
    """
    config, worker = request.config, worker_of(request.config)
    with django_db_blocker.unblock():
        if worker:
            shared = database_folder(config, tmp_path_factory)
            end = database.for_many(worker, plant_tree, shared=shared)
        else:
            keep, anew = config.getoption("reuse_db"), config.getoption("create_db")
            end = database.for_one(plant_tree, keep=keep, anew=anew)
        keep_base()
    yield
    SyncToAsync.single_thread_executor.submit(connections.close_all).result()
    with django_db_blocker.unblock():
        end()


@pytest.fixture(scope="session", autouse=True)
def quick_process(django_test_environment: None) -> None:
    """What costs every test something and few need.

    Django's test rendering copies the context of each template, included ones too, for
    ``response.context``; tests that read it ask for ``kept_contexts``. What was imported by now
    stays to the end, so the collector need not go through it again and again.
    """
    Template._render = utils._TestState.saved_data.template_render
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture
def kept_contexts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Responses know the contexts they were rendered with."""
    monkeypatch.setattr(Template, "_render", utils.instrumented_test_render)


def plant_tree() -> None:
    """The page tree, without the trail and the jobs of its making.

    It is what every platform has, and some two hundred statements: made once, each test finds it,
    after a test that committed too (``keep_base``).
    """
    from django_tasks_db.models import DBTaskResult

    from core.models import AuditEntry, AuditHead, AuditLink
    from tests.factories.core import make_tree

    make_tree()
    for model in (AuditLink, AuditHead, AuditEntry, DBTaskResult):
        model._base_manager.all().delete()


@pytest.fixture(scope="module")
def rows_of_the_module(
    django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker
) -> Iterator[None]:
    """What fixtures of the module write below this one is there for all its tests.

    Each test is rolled back to it, as Django's ``setUpTestData`` does. Not for modules with a test
    that needs real transactions. Hand out copies of what a test may change in memory.
    """
    with django_db_blocker.unblock(), database.rolled_back():
        yield


@pytest.fixture(autouse=True)
def fresh_cache() -> Iterator[None]:
    """Limits and cached pages of one test do not reach the next."""
    cache.clear()
    nameplate.hold(PlatformSettings.from_settings())
    synonyms.look_again()
    yield
    cache.clear()
    nameplate.hold(PlatformSettings.from_settings())
    # Comments hold files in tests that say so, and nowhere else.
    holders.unregister("comment")


@pytest.fixture
def pango() -> None:
    """This test is of PDF, which is written with a library of the system.

    It is what `scripts/services install` brings; with CI=true nothing may be skipped.
    """
    try:
        as_pdf.library()
    except as_pdf.PdfUnavailable as lacking:
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(str(lacking))
        pytest.skip(str(lacking))


@pytest.fixture(autouse=True)
def without_pdf(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports are made as where pango is missing, but for tests that ask for ``pango``.

    Wherever a paper closes its report is made, three PDFs of it; laying them out took a tenth of
    all tests' time, of which few look at one.
    """

    def lacking() -> Any:
        raise as_pdf.PdfUnavailable("Not laid out in this test.")

    if "pango" not in request.fixturenames:
        monkeypatch.setattr(as_pdf, "library", lacking)


@pytest.fixture
def tree(db: None) -> dict[str, HomePage]:
    """The page tree as setup makes it: the home pages by language."""
    from wagtail.models import Site

    from tests.factories.core import make_tree

    homes = make_tree()
    Site.clear_site_root_paths_cache()
    return homes


@pytest.fixture(params=["UTC", "America/New_York", "Pacific/Kiritimati"])
def server_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The zone that the server's own clock is set to. (Django sets the database session's.)"""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()
