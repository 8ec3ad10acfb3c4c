"""What test processes beside each other share: made by the first that asks, found by the others."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def worker_of(config: pytest.Config) -> str:
    """The name of this process among several, '' when it is alone."""
    return str(getattr(config, "workerinput", {}).get("workerid", ""))


def shared_folder(config: pytest.Config, factory: pytest.TempPathFactory) -> Path:
    """A folder of this run alone that all its processes see."""
    base = factory.getbasetemp()
    return base.parent if worker_of(config) else base


def database_folder(config: pytest.Config, factory: pytest.TempPathFactory) -> Path:
    """Where the migrated database is noted: of this run, or of all that `make test` runs."""
    named = os.environ.get("TEST_DATABASE_FOLDER", "")
    return Path(named) if named else shared_folder(config, factory)


@contextmanager
def in_turn(path: Path) -> Iterator[None]:
    """Hold the lock of ``path``; another process waits here until it is free."""
    descriptor = os.open(path.with_name(f"{path.name}.lock"), os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def made_once(path: Path, make: Callable[[Path], None]) -> Path:
    """``path``, after ``make`` wrote it in this process or another; what failed is made anew."""
    with in_turn(path):
        if not path.exists():
            draft = path.with_name(f"{path.name}.draft")
            make(draft)
            draft.rename(path)
    return path
