"""Server and client as processes, and rounds of A and B in turn."""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
THREADS = 4
READY_SECONDS = 60
_GUNICORN = "gunicorn bench.wsgi:application --worker-class gthread --workers 1 --keep-alive 30"
_UVICORN = "uvicorn bench.asgi:application --lifespan off --no-access-log"
#: What runs each kind of server; its address or port comes behind.
KINDS = {
    "wsgi": f"{_GUNICORN} --threads {THREADS} --log-level warning --bind".split(),
    "asgi": f"{_UVICORN} --log-level warning --port".split(),
}


def free_port() -> int:
    """A port nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


Request = dict[str, Any]


@dataclass
class Server:
    """A running server with the client that loads it."""

    port: int
    client: subprocess.Popen[str]

    def get(self, path: str) -> bytes:
        """One page; raises for an error status."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as answer:
            return bytes(answer.read())

    def cpu(self) -> float:
        """CPU seconds the server has used."""
        return float(self.get("/bare/cpu/"))

    def round(self, requests: list[Request]) -> tuple[float, float]:
        """Send the requests; (requests a second, milliseconds of server CPU a request)."""
        plan = {"port": self.port, "threads": THREADS, "requests": requests}
        assert self.client.stdin is not None
        assert self.client.stdout is not None
        before = self.cpu()
        self.client.stdin.write(json.dumps(plan) + "\n")
        self.client.stdin.flush()
        told = json.loads(self.client.stdout.readline())
        if "fault" in told:
            raise SystemExit(f"The load client was refused: {told['fault']}")
        used = self.cpu() - before
        return len(requests) / told["seconds"], 1000 * used / len(requests)


@contextmanager
def serving(kind: str) -> Iterator[Server]:
    """Start the server and the client; both are ended at the end of the block."""
    port = free_port()
    place = f"127.0.0.1:{port}" if kind == "wsgi" else str(port)
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *KINDS[kind], place],
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
        client = subprocess.Popen(
            [sys.executable, "-m", "bench.client"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            server = Server(port, client)
            _wait(process, server, log)
            yield server
        finally:
            for each in (client, process):
                each.terminate()
                each.wait(30)


def _wait(process: subprocess.Popen[bytes], server: Server, log: Any) -> None:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            server.cpu()
            return
        except OSError:
            time.sleep(0.1)
    log.seek(0)
    raise SystemExit(f"The server did not start:\n{log.read()[-3000:]}")


@dataclass
class Compared:
    """What interleaved rounds of A (ours) and B (bare) gave."""

    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    ours_cpu: list[float] = field(default_factory=list)
    bare_cpu: list[float] = field(default_factory=list)

    @property
    def ratios(self) -> list[float]:
        """Ours to bare, of each pair of rounds."""
        return [ours / bare for ours, bare in zip(self.ours, self.bare, strict=True)]

    def row(self, name: str, aim: str) -> list[str]:
        """One line of the table."""
        ratios, middle = self.ratios, statistics.median
        return [
            name,
            f"{middle(self.ours):.0f}",
            f"{middle(self.bare):.0f}",
            f"{min(ratios):.2f} / {middle(ratios):.2f} / {max(ratios):.2f}",
            f"{middle(self.ours_cpu):.1f}",
            f"{middle(self.bare_cpu):.1f}",
            aim,
        ]


HEAD = ["", "ours/s", "bare/s", "ratio min/median/max", "our CPU ms", "bare CPU ms", "aim"]


def compare(
    server: Server,
    ours: Callable[[int], list[Request]],
    bare: Callable[[int], list[Request]],
    *,
    rounds: int,
) -> Compared:
    """Rounds of A and B in turn, after one of each that is not counted."""
    done = Compared()
    for number in range(rounds + 1):
        our_rate, our_cpu = server.round(ours(number))
        bare_rate, bare_cpu = server.round(bare(number))
        if number:
            done.ours.append(our_rate)
            done.bare.append(bare_rate)
            done.ours_cpu.append(our_cpu)
            done.bare_cpu.append(bare_cpu)
    return done


def environment(folder: Path) -> None:
    """Let this process and those it starts use the platform in ``folder``."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    os.environ["KAIFONG_VAR"] = str(folder)
    paths = [str(ROOT / "site"), str(ROOT)]
    os.environ["PYTHONPATH"] = os.pathsep.join(paths)
    sys.path[:0] = paths


def table(head: list[str], rows: list[list[str]]) -> None:
    """Print a table in Markdown, as docs/benchmarks.md keeps it."""
    widths = [max(len(row[place]) for row in [head, *rows]) for place in range(len(head))]
    for row in (head, ["-" * width for width in widths], *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("| " + " | ".join(cells) + " |", flush=True)
    print(flush=True)
