"""docs/limits.md says what the code does: every length, every rate, none left out."""

from __future__ import annotations

import importlib
import re
from typing import Any

from config.limits import KAIFONG_LIMITS
from tests.architecture.sources import ROOT

PAGE = ROOT / "docs" / "limits.md"
_UNITS = {"minute": 60, "hour": 3600, "day": 86400}
_WINDOW = re.compile(r"([\d,]+) (?:an? |in (\d+) )(minute|hour|day)s?")


def value(path: str) -> int:
    """What a dotted name stands for: a number, or the longest text of a model's field."""
    owner, _dot, name = path.rpartition(".")
    try:
        found: Any = getattr(importlib.import_module(owner), name)
    except ModuleNotFoundError:
        module, _dot, attribute = owner.rpartition(".")
        holder = getattr(importlib.import_module(module), attribute)
        field = getattr(holder, "_meta", None)
        found = field.get_field(name).max_length if field else getattr(holder, name)
    return int(found)


def rows() -> list[list[str]]:
    """The cells of every table row of the page."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lines
        if line.startswith("| ") and "`" in line
    ]


def test_every_length_is_the_codes():
    said = {row[2].strip("`"): int(row[1].replace(",", "")) for row in rows() if "." in row[2]}
    assert len(said) >= 20
    assert said == {path: value(path) for path in said}


def test_every_rate_is_the_codes_and_none_is_missing():
    said = {
        row[1].strip("`"): tuple(
            (int(count.replace(",", "")), int(number or 1) * _UNITS[unit])
            for count, number, unit in _WINDOW.findall(row[2])
        )
        for row in rows()
        if row[1].startswith("`")
    }
    assert said == KAIFONG_LIMITS


def test_every_action_that_is_limited_has_its_row():
    used = set()
    for folder in ("site", "consultations", "moderation", "feedback"):
        for path in (ROOT / folder).rglob("*.py"):
            used |= set(re.findall(r'limits\.spend\(\s*"(\w+)"', path.read_text(encoding="utf-8")))
    listed = {row[1].strip("`") for row in rows() if row[1].startswith("`") and len(row) == 4}
    assert len(used) >= 15
    assert used <= listed
