"""Decision 12: what decides or writes asks ``core.clock``, never the machine it runs on."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = [
    "site/core",
    "site/accounts",
    "site/notifications",
    "site/participation",
    "site/questionnaires",
    "moderation",
    "consultations",
    "ideas",
    "crowdtasks",
    "feedback",
    "search",
]
# module or class -> the calls that read the machine's clock
FORBIDDEN = {
    "timezone": {"now", "localdate", "localtime"},
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "dt": {"now", "utcnow", "today"},
    "time": {"time", "time_ns"},
}


def readings(source: str) -> list[int]:
    """The lines on which a source text reads the machine's clock."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        owner = node.func.value
        name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
        if node.func.attr in FORBIDDEN.get(name, ()) and not (name == "timezone" and node.args):
            lines.append(node.lineno)
    return lines


def sources() -> list[Path]:
    """Our own modules, migrations left out."""
    found = []
    for room in ROOMS:
        found += [
            path for path in sorted((ROOT / room).rglob("*.py")) if "migrations" not in path.parts
        ]
    return found


def test_no_module_reads_the_machines_clock():
    faults = [
        f"{path.relative_to(ROOT)}:{line} reads the machine's clock; ask core.clock.now()."
        for path in sources()
        for line in readings(path.read_text(encoding="utf-8"))
    ]
    assert faults == []
    assert len(sources()) > 50


@pytest.mark.parametrize(
    "source",
    [
        "timezone.now()",
        "datetime.now(UTC)",
        "dt.datetime.now(dt.UTC)",
        "datetime.date.today()",
        "time.time()",
        "timezone.localdate()",
    ],
)
def test_the_rule_sees_what_it_forbids(source):
    assert readings(source) == [1]


def test_the_rule_lets_conversions_and_the_clock_be():
    assert readings("clock.now()\ntimezone.localtime(value)\ndt.datetime(2026, 1, 1)") == []
