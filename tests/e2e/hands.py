"""One Django process beside a platform, for everything that journeys need made in its data.

A ``manage.py shell`` takes seconds to start, and a file of walks would ask for a dozen of them.
This one starts when first asked and stays until its platform ends.

Run as ``python -m tests.e2e.hands`` it is that process: each line it reads names a function of
``tests.e2e`` and its words, each line it answers is what the function returned, or where it failed.
"""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import traceback
from collections.abc import Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[2]


class Hands:
    """The process as tests see it. ``env`` says whose data it works on."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self.env = env
        self.process: subprocess.Popen[str] | None = None

    def make(self, module: str, function: str, words: Mapping[str, Any]) -> dict[str, Any]:
        """What the function returned; fails with its traceback where it raised."""
        if self.process is None:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.e2e.hands"],
                cwd=ROOT,
                env=dict(self.env),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([module, function, words]) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"the process that makes things ended with {self.process.wait()}"
        answer: dict[str, Any] = json.loads(line)
        assert "failed" not in answer, answer["failed"]
        made: dict[str, Any] = answer["made"]
        return made

    def end(self) -> None:
        """It ends by itself when nobody can ask it any more."""
        if self.process is not None:
            self.process.communicate()
            self.process = None


def serve(asked: IO[str], answers: IO[str]) -> None:
    """Answer line by line until nobody asks."""
    import django
    from django.conf import settings
    from django.core.cache import cache
    from django.db import connections
    from django.utils import translation

    django.setup()
    for line in asked:
        module, function, words = json.loads(line)
        # As in a process of its own: counts of limits are this process's, and begin anew.
        cache.clear()
        try:
            with translation.override(settings.LANGUAGE_CODE):
                call = getattr(importlib.import_module(f"tests.e2e.{module}"), function)
                answer = {"made": call(**words) or {}}
        except Exception:
            answer = {"failed": traceback.format_exc()}
        finally:
            # The server beside it may write again, and what it writes is read anew.
            connections.close_all()
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    # What a function prints is for people; the answers have the line for themselves.
    with redirect_stdout(sys.stderr):
        serve(sys.stdin, sys.__stdout__ or sys.stdout)
