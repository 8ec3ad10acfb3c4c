"""Log lines as JSON, without personal data by construction.

A line holds the message as the programmer wrote it, never the values put into it: addresses,
names and texts come in by those. Of the extras only the ones named here are kept. An exception is
its type and the places in our code; its message may quote what somebody typed.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import traceback
from typing import Any

KEPT_EXTRAS = (
    "job",
    "row",
    "attempt",
    "limit",
    "window",
    "verb",
    "event",
    "topic",
    "status_code",
    "kind",
)
DEEPEST_FRAMES = 12


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message and the kept extras."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": str(record.msg),
        }
        for name in KEPT_EXTRAS:
            value = getattr(record, name, None)
            if isinstance(value, str | int | float | bool):
                line[name] = value
        request = getattr(record, "request", None)
        if request is not None:
            # The route, never the address: addresses hold receipt codes and tokens.
            match = getattr(request, "resolver_match", None)
            line["method"] = getattr(request, "method", "")
            line["route"] = getattr(match, "route", None) or "-"
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])[-DEEPEST_FRAMES:]
            line["frames"] = [f"{f.filename}:{f.lineno} {f.name}" for f in frames]
        return json.dumps(line, ensure_ascii=False)
