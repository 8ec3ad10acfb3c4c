"""The frozen report for programs: the document as it was frozen, its digest, the long tables."""

from __future__ import annotations

import json
from collections.abc import Iterator

from feedback.models import Snapshot


def write(snapshot: Snapshot, language: str) -> Iterator[bytes]:
    """``{"version", "taken_at", "sha256", "report", "long": {table: [rows]}}``.

    ``sha256`` is of ``report`` written as it stands here: keys sorted, no spaces, UTF-8. The
    digest of a long table, in ``report``, is of its rows so written, each with a line break.
    """
    head = {
        "version": snapshot.version,
        "taken_at": snapshot.data["taken_at"],
        "sha256": snapshot.sha256,
    }
    opening = json.dumps(head, separators=(",", ":"))[:-1]
    yield f'{opening},"report":'.encode()
    yield snapshot.document.encode()
    yield b',"long":{'
    keys = [
        table["key"]
        for section in snapshot.data["sections"]
        for table in section.get("tables", [])
        if "long" in table
    ]
    for place, key in enumerate(keys):
        yield f"{',' if place else ''}{json.dumps(key)}:[".encode()
        started = False
        for part in snapshot.parts.filter(table=key).order_by("number").iterator(chunk_size=5):
            rows = ",".join(part.lines())
            yield f"{',' if started else ''}{rows}".encode()
            started = True
        yield b"]"
    yield b"}}\n"
