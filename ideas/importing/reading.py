"""Reading a folder of ideas record by record: what cannot be used is counted by its reason.

The format is in docs/importing-ideas.md. Nothing here writes to the platform, and one record at a
time is in memory.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.exceptions import Invalid
from core.folders import BadFolder, records
from core.text import clean_text
from ideas.importing.plain import plain_text
from participation.models.pages import HONG_KONG

#: A record that is left out, by reason.
BAD_ID = "bad_id"
BAD_DATE = "bad_date"
BAD_NUMBER = "bad_number"
DUPLICATE_ID = "duplicate_id"
EMPTY_IDEA = "empty_idea"
TOO_LONG = "too_long"
UNREADABLE = "unreadable_text"
UNKNOWN_IDEA = "unknown_idea"

#: A record that is kept although something is odd about it, by reason.
ORPHAN = "orphan"
EMPTY_TEXT = "empty_text"
LONG_TITLE = "long_title"
REPEATED_TEXT = "repeated_text"

IDEA_COLUMNS = ("id", "title", "userId", "date")
IDEA_OPTIONAL = ("time", "summary", "text", "numSupports", "numComments", "status", "code", "url")
COMMENT_COLUMNS = ("id", "parentId", "proposalId", "userId", "date", "text")
COMMENT_OPTIONAL = ("time", "numPositiveVotes", "numNegativeVotes")

TITLE_LIMIT = 120
IDEA_LIMIT = 20_000
COMMENT_LIMIT = 10_000
#: Of the source's words on itself: its state, its reference, its address.
FACT_LIMIT = 200
ATTRIBUTION_LIMIT = 2000
MOST = 2_000_000_000
NOBODY = frozenset({"", "-1"})
_ID = re.compile(r"[A-Za-z0-9_.:-]{1,40}")
_TIME = re.compile(r"(?:0 days )?(\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)")
_EARLIEST = dt.datetime(1970, 1, 2, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class SourceIdea:
    """An idea as its source has it, in plain text; ``odd`` are reasons it is kept in spite of."""

    id: str
    author: str
    title: str
    text: str
    at: dt.datetime
    supports: int
    facts: dict[str, Any]
    odd: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceRemark:
    """A comment as its source has it; ``answers`` is '' where it answers nothing."""

    id: str
    idea: str
    author: str
    answers: str
    text: str
    at: dt.datetime
    agreed: int
    disagreed: int


class Unusable(Exception):
    """A record that is left out; its only argument is the reason."""


def read_ideas(folder: Path, now: dt.datetime, skipped: Counter[str]) -> Iterator[SourceIdea]:
    """The usable records of proposals.csv. Raises BadFolder."""
    if not folder.is_dir():
        raise BadFolder(f"{folder} is not a folder.")
    for _number, record in records(folder / "proposals.csv", IDEA_COLUMNS, IDEA_OPTIONAL):
        try:
            yield _idea(dict(zip((*IDEA_COLUMNS, *IDEA_OPTIONAL), record, strict=True)), now)
        except Unusable as reason:
            skipped[str(reason)] += 1


def read_comments(folder: Path, now: dt.datetime, skipped: Counter[str]) -> Iterator[SourceRemark]:
    """The usable records of comments.csv. Raises BadFolder."""
    for _number, record in records(folder / "comments.csv", COMMENT_COLUMNS, COMMENT_OPTIONAL):
        try:
            yield _comment(
                dict(zip((*COMMENT_COLUMNS, *COMMENT_OPTIONAL), record, strict=True)), now
            )
        except Unusable as reason:
            skipped[str(reason)] += 1


def read_attribution(folder: Path, given: str) -> str:
    """Whose data it is and under which licence: ``given``, else the words of README.md.

    Raises BadFolder without either: imported data is never shown without its source.
    """
    text = given
    if not text:
        try:
            text = (folder / "README.md").read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            raise BadFolder(
                f"Say in {folder / 'README.md'} or by --attribution whose data this is and under "
                "which licence: the page prints it."
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            raise BadFolder(f"{folder / 'README.md'} cannot be read: {error}.") from None
    try:
        return clean_text(text, max_length=ATTRIBUTION_LIMIT)
    except Invalid as error:
        raise BadFolder(f"The attribution cannot be printed: {error}") from None


def _idea(record: dict[str, str], now: dt.datetime) -> SourceIdea:
    title = _clean(record["title"], IDEA_LIMIT, multiline=False)
    parts = [_clean(record[name], IDEA_LIMIT) for name in ("summary", "text")]
    odd = []
    text = "\n\n".join(part for part in parts if part)
    if not title:
        # What has no title is called by how it begins.
        title = " ".join(text.split())
        if not title:
            raise Unusable(EMPTY_IDEA)
    elif not text:
        odd.append(EMPTY_TEXT)
    if len(title) > TITLE_LIMIT:
        odd.append(LONG_TITLE)
        if not text.startswith(title[:TITLE_LIMIT]):
            text = "\n\n".join(part for part in (title, text) if part)
        title = title[: TITLE_LIMIT - 1].rstrip() + "…"
    facts: dict[str, Any] = {
        name: record[name][:FACT_LIMIT] for name in ("status", "code", "url") if record[name]
    }
    if record["numComments"]:
        facts["comments"] = _count(record["numComments"])
    return SourceIdea(
        id=_id(record["id"]),
        author=_author(record["userId"]),
        title=title,
        text=text,
        at=_instant(record["date"], record["time"], now),
        supports=_count(record["numSupports"]),
        facts=facts,
        odd=tuple(odd),
    )


def _comment(record: dict[str, str], now: dt.datetime) -> SourceRemark:
    parent = record["parentId"]
    return SourceRemark(
        id=_id(record["id"]),
        idea=_id(record["proposalId"]),
        author=_author(record["userId"]),
        answers="" if parent in NOBODY else _id(parent),
        text=_clean(record["text"], COMMENT_LIMIT),
        at=_instant(record["date"], record["time"], now),
        agreed=_count(record["numPositiveVotes"]),
        disagreed=_count(record["numNegativeVotes"]),
    )


def _id(text: str) -> str:
    if not _ID.fullmatch(text):
        raise Unusable(BAD_ID)
    return text


def _author(text: str) -> str:
    return "" if text in NOBODY else _id(text)


def _count(text: str) -> int:
    """A whole number that is not negative; nothing is nought."""
    if not text:
        return 0
    if not (text.isascii() and text.isdigit()) or len(text) > 10 or int(text) > MOST:
        raise Unusable(BAD_NUMBER)
    return int(text)


def _instant(date: str, time: str, now: dt.datetime) -> dt.datetime:
    """The instant of a date and a time of day, which without a zone are shown as written."""
    found = _TIME.fullmatch(time) if time else None
    if time and found is None:
        raise Unusable(BAD_DATE)
    try:
        at = dt.datetime.fromisoformat(f"{date}T{found[1]}" if found else date)
        at = at if at.tzinfo else at.replace(tzinfo=HONG_KONG)
        at = at.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise Unusable(BAD_DATE) from None
    if not _EARLIEST <= at <= now:
        raise Unusable(BAD_DATE)
    return at


def _clean(text: str, limit: int, *, multiline: bool = True) -> str:
    """Plain text as the register keeps it, without what cannot be shown; '' for nothing."""
    if len(text) > limit * 4:
        raise Unusable(TOO_LONG)
    shown = "".join(one for one in plain_text(text) if _can_be_shown(one))
    try:
        return clean_text(shown, max_length=limit, multiline=multiline, required=False)
    except Invalid as error:
        raise Unusable(TOO_LONG if error.code == "too_long" else UNREADABLE) from None


def _can_be_shown(character: str) -> bool:
    """No control character, half of a pair or place that Unicode keeps free for ever."""
    if character in "\n\r\t":
        return True
    point = ord(character)
    if 0xFDD0 <= point <= 0xFDEF or point & 0xFFFE == 0xFFFE:
        return False
    return unicodedata.category(character) not in {"Cc", "Cs"}
