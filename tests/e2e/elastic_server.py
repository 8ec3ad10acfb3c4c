"""An Elasticsearch of one test's own, which it may kill and bring back with what it had."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import json
import os
import signal
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
SECONDS = 120


def _services() -> ModuleType:
    """``scripts/services``, and the scripts it is made of."""
    if str(SCRIPTS) not in sys.path:
        sys.path.append(str(SCRIPTS))
    loader = importlib.machinery.SourceFileLoader("services", str(SCRIPTS / "services"))
    spec = importlib.util.spec_from_loader("services", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up by its name.
    sys.modules["services"] = module
    loader.exec_module(module)
    return module


class Elastic:
    """The running server."""

    def __init__(self) -> None:
        self._services = _services()
        if lacking := self._services.missing(["java", "maven"]):
            reason = f"{' '.join(lacking)} missing: scripts/services install"
            if os.environ.get("CI", "").lower() == "true":
                pytest.fail(reason)
            pytest.skip(reason)
        self._server = self._services.start_elasticsearch(bound=True)
        self.url: str = self._server.env["ELASTICSEARCH_URL"]

    def kill(self) -> None:
        """kill -9, the launcher and the server."""
        os.killpg(self._server.pid, signal.SIGKILL)
        end = time.monotonic() + SECONDS
        while self._services.alive(self._server.pid) or self._answers():
            assert time.monotonic() < end
            time.sleep(0.05)

    def back(self) -> None:
        """The same server on what it left."""
        folder = Path(self._server.folder)
        of = self._services.elastic
        process = self._services.spawn(
            [str(folder / f"elasticsearch-{of.VERSION}" / "bin" / "elasticsearch")],
            who=self._services.account("elasticsearch"),
            log=folder / "log",
            bound=True,
            env=of.environment(folder, of.java_home()),
        )
        self._server.pid = process.pid
        end = time.monotonic() + SECONDS
        while not self._answers():
            assert process.poll() is None, (folder / "log").read_text()[-2000:]
            assert time.monotonic() < end
            time.sleep(0.1)

    def _answers(self) -> bool:
        return bool(self._services.elastic.healthy(int(self.url.rpartition(":")[2])))

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the server itself, past everything between."""
        request = urllib.request.Request(
            f"{self.url}/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def end(self) -> None:
        self._services.end(self._server)


@contextmanager
def own_elastic() -> Iterator[Elastic]:
    """Gone afterwards, and its folder."""
    server = Elastic()
    try:
        yield server
    finally:
        server.end()
