"""``manage.py search_eval FILE --engine NAME``: search held against judged cases."""

import json
import signal
import subprocess
import sys
import threading
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from search import synonyms
from search.engines import ENGINES, EngineUnavailable, NoServer
from search.evaluation import Failure, Figures, evaluate
from search.judged import BadFile, read_judged
from search.starting import STARTING
from search.synonyms import Thesaurus

#: Failed cases that are printed; ``--json`` names all.
SHOWN = 50
BAD = 2


class Command(BaseCommand):
    """Status 0 when the cases were asked, whatever came; 2 when they could not be."""

    help = "Index a file's documents apart from everything else, ask its queries, print figures."
    # Looks at nothing of the platform but which database it uses, and its synonyms.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="JSON: documents and queries; docs/operations")
        parser.add_argument("--engine", required=True, choices=list(ENGINES))
        parser.add_argument("--json", action="store_true", help="end with a line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            judged = read_judged(options["file"])
            with _ended_kindly():
                figures = evaluate(judged, ENGINES[options["engine"]], expand=_thesaurus().expand)
        except NoServer as error:
            self._with_server(error.service, options)
            return
        except (BadFile, EngineUnavailable) as error:
            raise CommandError(_printable(str(error)), returncode=BAD) from None
        for line in _lines(figures, len(judged.documents)):
            self.stdout.write(line)
        if options["json"]:
            self.stdout.write(_printable(json.dumps(figures.as_json(), ensure_ascii=False)))

    def _with_server(self, service: str, options: dict[str, Any]) -> None:
        """The same once more, beside a server that is there for as long as it takes."""
        words = ["search_eval", str(options["file"].absolute()), "--engine", options["engine"]]
        words += ["--json"] if options["json"] else []
        command = [sys.executable, "scripts/services", "run", service, "--"]
        command += [sys.executable, "manage.py", *words]
        done = subprocess.run(
            command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True, check=False
        )
        self.stdout.write(done.stdout, ending="")
        if done.returncode:
            raise CommandError(f"{service} could not be used.", returncode=BAD)


@contextmanager
def _ended_kindly() -> Iterator[None]:
    """Told to end, the command still removes its index. (A call within a thread is not told.)"""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def leave(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _thesaurus() -> Thesaurus:
    """The platform's own table; where there is none to read, that of a new platform."""
    # SQLite would make an empty file of a database that is not there.
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and "memory" not in name and not Path(name).exists():
        return Thesaurus(STARTING)
    try:
        return synonyms.current()
    except DatabaseError:
        return Thesaurus(STARTING)


def _lines(figures: Figures, documents: int) -> list[str]:
    lines = [f"{figures.engine}: {figures.queries:,} queries on {documents:,} documents."]
    if figures.sets:
        lines.append(f"Exact sets: {_share(figures.exact, figures.sets)}.")
    if figures.firsts:
        lines.append(f"Right first hits: {_share(figures.first, figures.firsts)}.")
    lines.append(
        f"Recall {figures.recall:.4f}, precision {figures.precision:.4f}, "
        f"mean reciprocal rank {figures.mrr:.4f}."
    )
    lines += [_failed(failure) for failure in figures.failures[:SHOWN]]
    if len(figures.failures) > SHOWN:
        lines.append(f"And {len(figures.failures) - SHOWN:,} more failed; --json names all.")
    return lines


def _share(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,} ({100 * part / whole:.2f} %)"


def _failed(failure: Failure) -> str:
    case = failure.case
    wanted = [f"the set {_list(sorted(case.expect))}"] if case.expect is not None else []
    wanted += [f"first {_list([case.first])}"] if case.first is not None else []
    return f"Failed: {_list([case.q])}: wanted {' and '.join(wanted)}, found {_list(failure.hits)}."


def _list(words: list[str]) -> str:
    """Quoted and short, on one line whatever is in them."""
    shown = [json.dumps(word[:60], ensure_ascii=False) for word in words[:5]]
    return _printable(", ".join([*shown, *(["…"] if len(words) > 5 else [])]) or "nothing")


def _printable(text: str) -> str:
    """Half characters, which no terminal can be sent, as JSON escapes them."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
