"""Reading everything a report needs, as one state of the database, into plain data.

A report of 100,000 responses takes a minute or so. Meanwhile people go on writing, so the reads
stand in one view of the database that does not move. Nothing is written in it: progress goes
through a connection of its own, so that the officer sees it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
import threading
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, connections
from django.utils.functional import Promise

from core.one_view import one_view
from core.texts import LANGUAGES
from feedback.sections import (
    SHOWN,
    Section,
    SectionData,
    Table,
    hong_kong,
    registered,
    words,
)
from participation.models import Engagement
from participation.policies import can_read_results
from participation.stages import stage

FORMAT = "kaifong-report/1"
PART_ROWS = 1000


def canonical(value: Any) -> str:
    """JSON with sorted keys, no spaces and no escapes: equal data, equal bytes."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def digest_of(document: str) -> str:
    """SHA-256 of a canonical document."""
    return hashlib.sha256(document.encode()).hexdigest()


@dataclass
class Collected:
    """A report without its version, and the packed rows of its long tables by table and number."""

    document: dict[str, Any]
    parts: list[tuple[str, int, bytes]] = field(default_factory=list)


class Progress:
    """Tells how far the work is, in whole per cent, at most once for each two.

    ``write`` is called with the figure; while the reads stand in a view of their own, by a thread
    with a connection of its own, which is closed at once.
    """

    def __init__(self, write: Callable[[int], None]) -> None:
        self._write = write
        self._last = -2

    def __call__(self, percent: float) -> None:
        figure = max(0, min(99, int(percent)))
        if figure < self._last + 2:
            return
        self._last = figure
        if not _apart():
            self._write(figure)
            return
        thread = threading.Thread(target=self._alone, args=(figure,))
        thread.start()
        thread.join()

    def _alone(self, figure: int) -> None:
        try:
            self._write(figure)
        finally:
            connections.close_all()


_reading = threading.local()


def _apart() -> bool:
    """Whether this thread stands in a view of its own, which must not be written in."""
    return bool(getattr(_reading, "on", False))


def collect(engagement: Engagement, *, now: dt.datetime, tell: Progress) -> Collected:
    """Read the whole report; ``tell`` gets 0 to 100."""
    own = not connection.in_atomic_block
    with one_view():
        _reading.on = own
        try:
            return _collect(engagement, now, tell)
        finally:
            _reading.on = False


def _collect(engagement: Engagement, now: dt.datetime, tell: Progress) -> Collected:
    found = Collected(document=head_of(engagement, now))
    # Nobody may guess sealed figures from the digest, which everybody can read.
    found.document["salt"] = secrets.token_hex(16)
    chosen = [one for one in registered() if one.applies(engagement)]
    for place, section in enumerate(chosen):

        def step(part: float, place: int = place) -> None:
            tell(100 * (place + part) / len(chosen))

        step(0)
        found.document["sections"].append(_section(engagement, now, section, step, found.parts))
    return found


def _section(
    engagement: Engagement,
    now: dt.datetime,
    section: Section,
    step: Callable[[float], None],
    parts: list[tuple[str, int, bytes]],
) -> dict[str, Any]:
    # A frozen report is the owner's; ``shown_to`` seals it for others as long as they must wait.
    if section.sealed and (sealed := seal_of(engagement, now, for_owner=True)):
        return {"key": section.key, "title": words(section.title), "sealed": sealed}
    data = section.build(engagement, now, step)
    return section_json(section, data, lambda table: _long(table, parts))


def live_document(
    engagement: Engagement, *, now: dt.datetime, for_owner: bool = False
) -> dict[str, Any]:
    """The report as it is now, from few queries and without the long tables; no version."""
    document = head_of(engagement, now)
    seal = seal_of(engagement, now, for_owner=for_owner)
    for section in registered():
        if section.sealed and (sealed := seal):
            if section.applies(engagement):
                document["sections"].append(
                    {"key": section.key, "title": words(section.title), "sealed": sealed}
                )
            continue
        data = section.live(engagement, now)
        if data is not None:
            document["sections"].append(section_json(section, data, lambda table: {"rows": []}))
    return document


def shown_to(
    document: dict[str, Any], engagement: Engagement, *, now: dt.datetime, for_owner: bool
) -> dict[str, Any]:
    """A frozen document as this reader may see it now: without the results that are sealed."""
    seal = seal_of(engagement, now, for_owner=for_owner)
    if seal is None:
        return document
    return {
        **document,
        "sections": [
            {"key": one["key"], "title": one["title"], "sealed": seal} if one.get("result") else one
            for one in document["sections"]
        ],
    }


def seal_of(engagement: Engagement, now: dt.datetime, *, for_owner: bool) -> dict[str, Any] | None:
    """None where this reader may see results, else why not (ADR 38)."""
    verdict = can_read_results(engagement=engagement, for_owner=for_owner, now=now)
    if verdict.allowed:
        return None
    return {
        "code": verdict.code,
        "sentence": words(verdict.sentence),
        "results_from": engagement.results_from,
    }


def head_of(engagement: Engagement, now: dt.datetime) -> dict[str, Any]:
    """What the report is of, and as at when."""
    return {
        "format": FORMAT,
        "taken_at": hong_kong(now),
        "engagement": {
            "id": engagement.public_id,
            "kind": engagement.kind,
            "title": dict(engagement.title),
            "owner": dict(engagement.owner.name),
            "partners": [dict(name) for name in _partners(engagement)],
            "opens_at": _iso(engagement.opens_at),
            "closes_at": _iso(engagement.closes_at),
            "response_due": _iso(engagement.response_due),
            "results_from": engagement.results_from,
            "stage": stage(engagement, now).value,
            "file_number": engagement.file_number,
            "attribution": dict(engagement.attribution),
        },
        "sections": [],
    }


def _partners(engagement: Engagement) -> Iterable[dict[str, str]]:
    return engagement.partners.order_by("sort_order", "code").values_list("name", flat=True)


def _iso(moment: dt.datetime | dt.date | None) -> str | None:
    return moment.isoformat() if moment else None


def section_json(
    section: Section, data: SectionData, long: Callable[[Table], dict[str, Any]]
) -> dict[str, Any]:
    """A section as the document keeps it; ``long`` says what is kept of a long table."""
    return {
        "key": section.key,
        "title": words(section.title),
        # Who may not see results yet is not shown it, in a frozen report either.
        **({"result": True} if section.sealed else {}),
        "figures": data.figures,
        "lines": data.lines,
        "tables": [
            {
                "key": table.key,
                "title": _said(table.title),
                "note": _said(table.note) if table.note else {},
                "columns": [column.to_json() for column in table.columns],
                "chart": list(table.chart),
                **(long(table) if table.long else {"rows": [list(row) for row in table.rows]}),
            }
            for table in data.tables
        ],
    }


def _said(text: Any) -> dict[str, str]:
    if isinstance(text, str | Promise):
        return words(text)
    return {code: text[code] for code in LANGUAGES if text.get(code)}


def _long(table: Table, parts: list[tuple[str, int, bytes]]) -> dict[str, Any]:
    """Pack the rows as they come; the document keeps the first, the count and the digest."""
    first: list[Any] = []
    whole = hashlib.sha256()
    count, number = 0, 0
    lines: list[str] = []
    for row in table.rows:
        if count < SHOWN:
            first.append(list(row))
        count += 1
        line = canonical(list(row))
        whole.update(line.encode() + b"\n")
        lines.append(line)
        if len(lines) == PART_ROWS:
            number += 1
            parts.append((table.key, number, zlib.compress("\n".join(lines).encode(), 6)))
            lines = []
    if lines:
        number += 1
        parts.append((table.key, number, zlib.compress("\n".join(lines).encode(), 6)))
    return {"rows": first, "long": {"rows": count, "sha256": whole.hexdigest()}}
