"""A whole platform of its own for the browser: the process `make serve` runs, on its own data."""

from __future__ import annotations

import os
import queue
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.browser import ARGUMENTS, CHROMIUMS
from tests.e2e.hands import Hands
from tests.e2e.made import make
from tests.e2e.walker import Walker
from tests.once import made_once, shared_folder

# Playwright's loop runs in the tests' thread; Django's live server has a thread of its own.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 180
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

#: The files that take longest, begun first so that no process waits at the end for another's.
LONGEST = (
    "test_two_rounds.py",
    "test_search_away.py",
    "test_loop.py",
    "test_shell.py",
    "test_questions.py",
    "test_contest.py",
    "test_journeys.py",
    "test_readers.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, the others in their order."""
    rank = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.name, len(LONGEST)))


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Platform:
    """One running platform: its address, its data folder, what it printed.

    ``more`` is added to its environment.
    """

    def __init__(self, folder: Path, *, demo: bool, more: Mapping[str, str] | None = None) -> None:
        self.port = free_port()
        self.folder = folder
        self.url = f"http://127.0.0.1:{self.port}"
        self.lines: list[str] = []
        self.env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "PYTHONPATH": str(ROOT / "site"),
            "KAIFONG_VAR": str(folder),
            "PORT": str(self.port),
            "DEMO": "1" if demo else "0",
            **(more or {}),
        }
        self.hands = Hands(self.env)
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve_embedded", "--port", str(self.port)],
            cwd=ROOT,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._wait()

    def _wait(self) -> None:
        said: queue.Queue[str | None] = queue.Queue()

        def read() -> None:
            assert self.process.stdout is not None
            for line in self.process.stdout:
                self.lines.append(line.rstrip())
                said.put(line)
            said.put(None)

        threading.Thread(target=read, daemon=True).start()
        while True:
            try:
                line = said.get(timeout=START_SECONDS)
            except queue.Empty:
                line = None
            if line is None:
                self.end()
                raise RuntimeError("The platform did not start:\n" + "\n".join(self.lines))
            if line.startswith("Ready:"):
                return

    def end(self) -> int:
        """End it as Ctrl-C would; returns its status."""
        self.hands.end()
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


@pytest.fixture(scope="session")
def empty_data(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a first start with DEMO=0 leaves in its folder: made once, to be copied."""

    def make(draft: Path) -> None:
        assert Platform(draft, demo=False).end() == 0

    return made_once(shared_folder(request.config, tmp_path_factory) / "empty-data", make)


@pytest.fixture(scope="session")
def demo_data(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, empty_data: Path
) -> Path:
    """What the first start with the demo leaves in its folder: made once, to be copied."""

    def make(draft: Path) -> None:
        shutil.copytree(empty_data, draft)
        assert Platform(draft, demo=True).end() == 0

    return made_once(shared_folder(request.config, tmp_path_factory) / "demo-data", make)


@pytest.fixture(scope="session")
def platform(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The platform with the demo loaded. Tests share it: act on what you made yourself."""
    running = Platform(shutil.copytree(demo_data, tmp_path_factory.mktemp("p") / "demo"), demo=True)
    yield running
    running.end()


@pytest.fixture(scope="session")
def empty_platform(
    empty_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Platform]:
    """A platform as DEMO=0 gives it: set up, with nothing in it."""
    folder = shutil.copytree(empty_data, tmp_path_factory.mktemp("p") / "empty")
    running = Platform(folder, demo=False)
    yield running
    running.end()


@pytest.fixture(scope="session")
def base_url(platform: Platform) -> str:
    """What ``page.goto("/en/")`` is relative to."""
    return platform.url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium: no browser of its own is downloaded. Root needs the sandbox off."""
    found = (shutil.which(name) for name in CHROMIUMS)
    chromium = os.environ.get("CHROMIUM") or next(filter(None, found), None)
    if chromium is None:
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail("chromium is missing: scripts/services install")
        pytest.skip("chromium is missing: scripts/services install")
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {
        **browser_type_launch_args,
        "executable_path": chromium,
        "args": [*ARGUMENTS, *flags],
    }


@pytest.fixture
def faults(page: Page) -> Iterator[list[str]]:
    """What the page's console and policy complained about; a test that uses it ends with none."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda message: (
            found.append(f"{page.url}: {message.text}") if message.type == "error" else None
        ),
    )
    yield found
    assert found == []


@pytest.fixture
def axe(page: Page) -> Callable[..., list[str]]:
    """Check the open page with axe-core; returns one line for each violation and element."""

    def run(*, within: str | None = None) -> list[str]:
        page.evaluate(AXE.read_text(encoding="utf-8"))
        result = page.evaluate(
            "within => axe.run(within || document, {resultTypes: ['violations']})", within
        )
        return [
            f"{violation['id']}: {node['html'][:160]}"
            for violation in result["violations"]
            for node in violation["nodes"]
        ]

    return run


@pytest.fixture(scope="session")
def bureau(platform: Platform) -> str:
    """The staff of these journeys are there; the slug of their bureau."""
    return str(make(platform, "staff")["bureau"])


@pytest.fixture
def people(browser: Browser, platform: Platform, bureau: str) -> Iterator[Any]:
    """Opens browsers of people; at the end no page of any of them may have had a fault."""
    opened: list[Walker] = []

    def one(name: str, **how: Any) -> Walker:
        opened.append(Walker(browser, platform.url, name=name, **how))
        return opened[-1]

    yield one
    for walker in opened:
        walker.close()
    assert [fault for walker in opened for fault in walker.faults] == []
