"""Judged cases brought as a file: documents, queries, and what each query should find.

``{"documents": [{"id", "title", "body", "language"}], "queries": [{"q", "expect": [ids] or
"first": id}]}``, JSON in UTF-8. Ids are strings or whole numbers; ``1`` and ``"1"`` are the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: Title and body together. Chapters, not papers, are documents; PostgreSQL's vectors end at 1 MB.
LONGEST_DOCUMENT = 100_000


class BadFile(Exception):
    """The file cannot be used; the sentence says which part of it, and what is wrong."""


@dataclass(frozen=True, slots=True)
class Document:
    id: str
    title: str
    body: str
    language: str


@dataclass(frozen=True, slots=True)
class Case:
    """A query with the set it should find, the hit that should come first, or both."""

    q: str
    expect: frozenset[str] | None
    first: str | None


@dataclass(frozen=True, slots=True)
class Judged:
    documents: list[Document]
    cases: list[Case]


def read_judged(path: Path) -> Judged:
    """All of the file, checked. Raises ``BadFile``."""
    return judged_from(_loaded(path))


def judged_from(data: object) -> Judged:
    """The same from what the JSON says. Raises ``BadFile``."""
    if not isinstance(data, dict):
        raise BadFile('The file must be one JSON object with "documents" and "queries".')
    documents = [_document(row, where) for row, where in _rows(data, "documents")]
    known: set[str] = set()
    for document in documents:
        if document.id in known:
            raise BadFile(f"Two documents have the id {_shown(document.id)}.")
        known.add(document.id)
    cases = [_case(row, where, known) for row, where in _rows(data, "queries")]
    if not cases:
        raise BadFile('"queries" is empty: there is nothing to judge.')
    return Judged(documents, cases)


def _loaded(path: Path) -> object:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BadFile(f"{path} is missing.") from None
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise BadFile(f"{path} is not UTF-8.") from None
    except ValueError:
        raise BadFile(f"{_shown(str(path))} is no file's name.") from None
    try:
        return json.loads(text)
    except RecursionError:
        raise BadFile(f"{path} is nested too deep.") from None
    except ValueError as error:
        # Also numbers of thousands of digits.
        raise BadFile(f"{path} is not JSON: {error}.") from None


def _rows(data: dict[str, Any], name: str) -> Iterator[tuple[dict[str, Any], str]]:
    if name not in data:
        raise BadFile(f'The file has no "{name}".')
    if not isinstance(data[name], list):
        raise BadFile(f'"{name}" must be a list.')
    for at, row in enumerate(data[name], start=1):
        where = f'Number {at} of "{name}"'
        if not isinstance(row, dict):
            raise BadFile(f"{where} must be an object.")
        yield row, where


def _document(row: dict[str, Any], where: str) -> Document:
    title, body, language = (_text(row, field, where) for field in ("title", "body", "language"))
    if len(title) + len(body) > LONGEST_DOCUMENT:
        raise BadFile(
            f"{where} is longer than {LONGEST_DOCUMENT:,} characters. Cut it into chapters."
        )
    if "id" not in row:
        raise BadFile(f'{where} has no "id".')
    return Document(_id(row["id"], f'"id" of {where[0].lower()}{where[1:]}'), title, body, language)


def _case(row: dict[str, Any], where: str, known: set[str]) -> Case:
    q = _text(row, "q", where)
    if "expect" not in row and "first" not in row:
        raise BadFile(f'{where} has neither "expect" nor "first".')
    inside = f"of {where[0].lower()}{where[1:]}"
    expect: frozenset[str] | None = None
    first: str | None = None
    if "expect" in row:
        if not isinstance(row["expect"], list):
            raise BadFile(f'"expect" {inside} must be a list of ids.')
        expect = frozenset(_id(each, f'An id in "expect" {inside}') for each in row["expect"])
    if "first" in row:
        first = _id(row["first"], f'"first" {inside}')
    for wanted in sorted((expect or frozenset()) | ({first} if first is not None else set())):
        if wanted not in known:
            raise BadFile(f"{where} names {_shown(wanted)}, which is no document's id.")
    return Case(q, expect, first)


def _text(row: dict[str, Any], field: str, where: str) -> str:
    if field not in row:
        raise BadFile(f'{where} has no "{field}".')
    value = row[field]
    if not isinstance(value, str):
        raise BadFile(f'"{field}" of {where[0].lower()}{where[1:]} must be text.')
    return value


def _id(value: object, what: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise BadFile(f"{what} must be text or a whole number.")
    return str(value)


def _shown(value: str) -> str:
    """Short and of one line, whatever is in it."""
    return json.dumps(value if len(value) <= 60 else value[:60] + "…")
