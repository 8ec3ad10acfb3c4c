"""How the columns of rse-survey-2018 become questions of the engine.

A column is ``code[part]._.text [sub-question]``. Columns of one code that hold only Yes and No are
the options of one question 'several', with 'none of these' for who was shown it and chose nothing.
Each line of a grid is a scale of its own: its steps are the leading numbers of its answers, or
their places in the list the survey kept. The rest are numbers, one choice (options from the data,
since lists are missing for many) or text. Byte-order marks are stripped on both sides. The date
begun is when a response was received, and no question.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from questionnaires.definition import Definition, OptionDef, QuestionDef, SectionDef

NONE = "none"
MOST_STEPS = 12
MOST_CHOICES = 40
_STEP = re.compile(r"^(\d+)(?= \(| - |$)")
_NUMBER = re.compile(r"^-?\d+(\.\d+)?$")


def clean(cell: str) -> str:
    """A cell without byte-order marks and spaces around it."""
    return cell.replace("\ufeff", "").strip()


@dataclass
class Mapped:
    """One question and its columns; ``keys`` leads from a cell's text to an option or a step."""

    definition: QuestionDef
    columns: list[int]
    keys: dict[str, str] = field(default_factory=dict)

    def answer(self, row: list[str]) -> Any:
        """The JSON value of a row of the file; None where nothing was answered."""
        cells = [row[column] for column in self.columns]
        kind = self.definition.kind
        if not any(cells):
            return None
        if kind == "several":
            chosen = [
                f"c{at}" for at, cell in zip(self.columns, cells, strict=True) if cell == "Yes"
            ]
            return {"options": chosen or [NONE]}
        if kind == "one":
            return {"option": self.keys[cells[0]]}
        if kind == "scale":
            return int(self.keys[cells[0]])
        if kind == "number":
            return f"{Decimal(cells[0]).normalize():f}"
        return cells[0]


@dataclass
class Survey:
    """The file, read and mapped."""

    rows: list[list[str]]
    questions: list[Mapped]

    def definition(self) -> Definition:
        part = SectionDef("all", {"en": "All"}, {}, tuple(one.definition for one in self.questions))
        return Definition(sections=(part,))

    def answers(self) -> Iterator[tuple[str, dt.datetime, dict[str, Any]]]:
        """Each response: its number, when it was begun, and its answers by key."""
        for row in self.rows:
            begun = dt.datetime.fromisoformat(row[1]).replace(tzinfo=dt.UTC)
            given = {one.definition.key: one.answer(row) for one in self.questions}
            yield row[0], begun, {key: value for key, value in given.items() if value is not None}


def read(folder: Path) -> Survey:
    """Read the file and decide the kind of each column."""
    with (folder / "public_data.csv").open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.reader(file))
    head, rows = table[0], [[clean(cell) for cell in row] for row in table[1:]]
    lists = [
        [clean(line) for line in path.read_text(encoding="utf-8-sig").splitlines() if clean(line)]
        for path in sorted((folder / "answers").glob("*.csv"))
    ]
    groups: dict[str, list[int]] = {}
    for column, name in enumerate(head):
        if column > 1:
            groups.setdefault(name.split("._.")[0].split("[")[0], []).append(column)
    questions: list[Mapped] = []
    for columns in groups.values():
        yes_no = [at for at in columns if len(columns) > 1 and _values(rows, at) <= {"Yes", "No"}]
        if yes_no:
            questions.append(_several(head, yes_no, len(questions)))
        for column in columns:
            if column not in yes_no:
                questions.append(_single(head[column], column, rows, lists, len(questions)))
    return Survey(rows, questions)


def _values(rows: list[list[str]], column: int) -> set[str]:
    return {row[column] for row in rows} - {""}


def _question(place: int, kind: str, title: str, **fields: Any) -> QuestionDef:
    return QuestionDef(
        key=f"q{place}",
        anchor=f"q{place}",
        number=place + 1,
        kind=kind,
        title={"en": title or "?"},
        **fields,
    )


def _several(head: list[str], columns: list[int], place: int) -> Mapped:
    title = head[columns[0]].split("._.")[-1].split(" [")[0]
    options = [OptionDef(f"c{at}", {"en": head[at].split(" [")[-1][:-1]}) for at in columns]
    options.append(OptionDef(NONE, {"en": "None of these"}, alone=True))
    return Mapped(_question(place, "several", title, options=tuple(options)), columns)


def _single(
    name: str, column: int, rows: list[list[str]], lists: list[list[str]], place: int
) -> Mapped:
    values = _values(rows, column)
    title = name.rsplit("._.", maxsplit=1)[-1]
    if "[" in name.split("._.", maxsplit=1)[0]:
        steps = _steps(values, lists)
        if steps:
            numbers = [int(step) for step in steps.values()]
            labels = {step: {"en": text} for text, step in steps.items()}
            settings = {"least": min(numbers), "most": max(numbers), "labels": labels}
            return Mapped(_question(place, "scale", title, settings=settings), [column], steps)
    if values and all(_NUMBER.match(value) for value in values):
        return Mapped(_question(place, "number", title, settings={"places": 6}), [column])
    if len(values) <= MOST_CHOICES:
        keys = {value: f"o{at}" for at, value in enumerate(sorted(values))}
        options = tuple(OptionDef(key, {"en": value}) for value, key in keys.items())
        return Mapped(_question(place, "one", title, options=options), [column], keys)
    return Mapped(_question(place, "long", title), [column])


def _steps(values: set[str], lists: list[list[str]]) -> dict[str, str]:
    """The step of each answer of a grid's line; empty for answers that have no order."""
    found = {value: _STEP.match(value) for value in values}
    if values and len(values) <= MOST_STEPS and all(found.values()):
        return {value: match.group(1) for value, match in found.items() if match}
    for known in lists:
        if values <= set(known) and 2 < len(known) <= MOST_STEPS:
            return {value: str(known.index(value) + 1) for value in values}
    return {}
