"""Starting our own processes, holding them at a fault point, killing them with signal 9."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.db import connection, connections

from core import faults

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 90
_FIELD = re.compile(r'<input type="hidden" name="(\w+)"[^>]*?value="([^"]*)"')


def environment(
    *, hold: str = "", sign: Path | None = None, suppliers: Any = None
) -> dict[str, str]:
    """What a process gets: this test's database, and where it is to wait to be killed."""
    found = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.processes.settings",
        "PYTHONPATH": f"{ROOT / 'site'}{os.pathsep}{ROOT}",
        "KAIFONG_TEST_DATABASE": str(connection.settings_dict["NAME"]),
        "KAIFONG_TEST_SUPPLIERS": json.dumps(suppliers or {}),
    }
    found.pop(faults.VARIABLE, None)
    if hold:
        found |= {faults.VARIABLE: faults.HOLD + hold, faults.SIGN: str(sign)}
    return found


def start(*words: str, env: dict[str, str]) -> subprocess.Popen[bytes]:
    """A process of ours. The connections of this one are closed: nobody shares them."""
    connections.close_all()
    return subprocess.Popen([sys.executable, *words], cwd=ROOT, env=env, stderr=subprocess.PIPE)


def run(*words: str, **how: Any) -> None:
    """A command that ends by itself, and well."""
    process = start(*words, env=environment(**how))
    _said, complaints = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, complaints.decode()


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9, from outside."""
    process.send_signal(signal.SIGKILL)
    assert process.wait(SECONDS) == -signal.SIGKILL
    if process.stderr is not None:
        process.stderr.close()


def killed_at(process: subprocess.Popen[bytes], sign: Path) -> str:
    """Wait until the process is held, kill it there; where that was."""
    end = time.monotonic() + SECONDS
    while not (sign.exists() and sign.read_text()):
        if process.poll() is not None or time.monotonic() > end:
            process.kill()
            raise AssertionError(f"It was not held: {process.communicate()[1].decode()}")
        time.sleep(0.02)
    kill(process)
    return sign.read_text()


class Visit:
    """One browser's session with a server of ours: cookies, forms, nothing else."""

    def __init__(self, port: int, cookies: dict[str, str]) -> None:
        self.port, self.cookies = port, cookies

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and page. Raises OSError or HTTPException when the server dies meanwhile."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        named = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": named, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            link.request(method, path, urlencode(fields) if fields else None, headers)
            answer = link.getresponse()
            page = answer.read().decode()
        finally:
            link.close()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _equals, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return answer.status, page

    def form(self, path: str) -> dict[str, str]:
        """The hidden fields of the page's forms."""
        status, page = self.ask("GET", path)
        assert status == 200, page[:500]
        return dict(_FIELD.findall(page))


@contextmanager
def serving(app: str = "config.asgi", **how: Any) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A web server of one process, as production runs it, and its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    words = ("-m", "uvicorn", f"{app}:application", "--lifespan", "off", "--no-access-log")
    quiet = ("--log-level", "error", "--port", str(port))
    process = start(*words, *quiet, env=environment(**how))
    try:
        end = time.monotonic() + SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > end:
                    raise AssertionError("The server did not start.") from None
                time.sleep(0.05)
        yield process, port
    finally:
        if process.poll() is None:
            kill(process)
