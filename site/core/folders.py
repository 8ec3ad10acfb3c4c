"""Folders that commands import from: CSV files read record by record, their columns found by name.

What makes a whole folder unusable raises ``BadFolder``; single bad records are for the importer to
count.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path


class BadFolder(Exception):
    """The folder cannot be imported; the sentence says what to mend, in which file."""


def records(
    path: Path, columns: tuple[str, ...], optional: tuple[str, ...] = ()
) -> Iterator[tuple[int, list[str]]]:
    """The wanted columns of each record, trimmed, with the record's number (the header is 1).

    One record at a time is in memory. A short record is padded, an ``optional`` column that the
    file has not is empty in all. Raises BadFolder for a file that is missing, is no CSV in UTF-8,
    lacks a column or cannot be read.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _wanted(path, csv.reader(file, strict=True), columns, optional)
    except FileNotFoundError:
        raise BadFolder(f"{path} is missing.") from None
    except UnicodeDecodeError as error:
        raise BadFolder(f"{path} is not UTF-8 (byte {error.start} of a part of it).") from None
    except csv.Error as error:
        raise BadFolder(f"{path} is not a CSV file: {error}.") from None
    except OSError as error:
        raise BadFolder(f"{path} cannot be read: {error.strerror}.") from None


def _wanted(
    path: Path, reader: Iterator[list[str]], columns: tuple[str, ...], optional: tuple[str, ...]
) -> Iterator[tuple[int, list[str]]]:
    header = [name.strip() for name in next(reader, [])]
    missing = [name for name in columns if name not in header]
    if missing:
        raise BadFolder(f"{path} has no column named {', '.join(missing)}.")
    wanted = (*columns, *optional)
    # A place that no record reaches stands for a column that is not there.
    places = [header.index(name) if name in header else -1 for name in wanted]
    for number, record in enumerate(reader, start=2):
        if not record:
            continue
        last = len(record)
        yield number, [record[place].strip() if 0 <= place < last else "" for place in places]
