"""Reading an exported Polis conversation: everything is checked before anything is written.

A folder holds ``comments.csv`` and ``votes.csv`` and usually ``summary.csv``. Columns are found by
the names in the header. Bodies may be empty and may hold line breaks, so records are counted by a
CSV parser. Votes are not in time order; the epoch in milliseconds is the time, not the printed
date. 1 is agree, -1 disagree, 0 pass.
"""

import csv
import datetime as dt
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from core.folders import BadFolder, records

#: A record that is not a statement or a vote, by reason.
BAD_NUMBER = "bad_number"
UNKNOWN_COMMENT = "unknown_comment"
DUPLICATE_COMMENT = "duplicate_comment"

COMMENT_COLUMNS = ("timestamp", "comment-id", "author-id", "moderated", "comment-body")
VOTE_COLUMNS = ("timestamp", "comment-id", "voter-id", "vote")
BODY_LIMIT = 10_000
ID_LIMIT = 40
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_LATEST = int(dt.datetime(2100, 1, 1, tzinfo=dt.UTC).timestamp() * 1000)
_VOTES = {"1": 1, "0": 0, "-1": -1}
_MODERATED = {"1": 1, "0": 0, "-1": -1}


@dataclass(frozen=True, slots=True)
class SourceStatement:
    """One comment of the conversation; ``moderated`` is -1 rejected, 0 not seen, 1 accepted."""

    import_id: str
    author: str
    text: str
    moderated: int
    at: dt.datetime


@dataclass
class Conversation:
    """What a folder holds, ready to be written; votes are kept as columns of small numbers."""

    topic: str
    url: str
    statements: list[SourceStatement]
    voters: list[str] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    #: For each vote: milliseconds, statement index, voter index, choice.
    times: array = field(default_factory=lambda: array("q"))
    of_statement: array = field(default_factory=lambda: array("l"))
    by_voter: array = field(default_factory=lambda: array("l"))
    choices: array = field(default_factory=lambda: array("b"))

    @property
    def participants(self) -> list[str]:
        """Distinct voters, then the authors who never voted."""
        known = set(self.voters)
        authors = dict.fromkeys(each.author for each in self.statements)
        return [*self.voters, *(author for author in authors if author not in known)]

    def in_time_order(self) -> Iterator[tuple[int, int, int, dt.datetime]]:
        """(statement index, voter index, choice, instant) by (timestamp, file order)."""
        # The sort is stable, so rows of one instant stay as they are in the file.
        for row in sorted(range(len(self.times)), key=self.times.__getitem__):
            yield (
                self.of_statement[row],
                self.by_voter[row],
                self.choices[row],
                instant(self.times[row]),
            )


def instant(milliseconds: int) -> dt.datetime:
    """The instant of an epoch in milliseconds, exactly."""
    return _EPOCH + dt.timedelta(milliseconds=milliseconds)


def read_folder(folder: Path) -> Conversation:
    """Read and check a conversation. Raises BadFolder; single bad records are counted instead."""
    if not folder.is_dir():
        raise BadFolder(f"{folder} is not a folder.")
    topic, url = _summary(folder / "summary.csv")
    conversation = Conversation(topic=topic, url=url, statements=[])
    _read_comments(folder / "comments.csv", conversation)
    _read_votes(folder / "votes.csv", conversation)
    if not conversation.statements:
        raise BadFolder(f"{folder / 'comments.csv'} holds no comment that can be imported.")
    if not conversation.times:
        raise BadFolder(f"{folder / 'votes.csv'} holds no vote that can be imported.")
    return conversation


def _milliseconds(text: str) -> int | None:
    """An epoch in milliseconds between 1970 and 2100, or None."""
    if not (text.isascii() and text.isdigit()) or len(text) > 15:
        return None
    value = int(text)
    return value if 0 < value < _LATEST else None


def _is_id(text: str) -> bool:
    return bool(text) and len(text) <= ID_LIMIT and text.isascii() and text.isdigit()


def _read_comments(path: Path, conversation: Conversation) -> None:
    seen: set[str] = set()
    found = []
    for number, (time, comment, author, moderated, body) in records(path, COMMENT_COLUMNS):
        at, state = _milliseconds(time), _MODERATED.get(moderated)
        if at is None or state is None or not _is_id(comment) or not _is_id(author):
            conversation.skipped[BAD_NUMBER] += 1
            continue
        if comment in seen:
            conversation.skipped[DUPLICATE_COMMENT] += 1
            continue
        if "\x00" in body or len(body) > BODY_LIMIT:
            raise BadFolder(f"{path}: the body of record {number} cannot be kept as it is.")
        seen.add(comment)
        found.append(SourceStatement(comment, author, body, state, instant(at)))
    found.sort(key=lambda each: int(each.import_id))
    conversation.statements = found


def _read_votes(path: Path, conversation: Conversation) -> None:
    statements = {each.import_id: index for index, each in enumerate(conversation.statements)}
    voters: dict[str, int] = {}
    for _number, (time, comment, voter, vote) in records(path, VOTE_COLUMNS):
        at, choice = _milliseconds(time), _VOTES.get(vote)
        if at is None or choice is None or not _is_id(voter):
            conversation.skipped[BAD_NUMBER] += 1
            continue
        statement = statements.get(comment)
        if statement is None:
            conversation.skipped[UNKNOWN_COMMENT] += 1
            continue
        conversation.times.append(at)
        conversation.of_statement.append(statement)
        conversation.by_voter.append(voters.setdefault(voter, len(voters)))
        conversation.choices.append(choice)
    conversation.voters = list(voters)


def _summary(path: Path) -> tuple[str, str]:
    """Topic and address of the conversation; both empty where there is no summary."""
    if not path.exists():
        return "", ""
    found: dict[str, str] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for record in csv.reader(file, strict=True):
                if len(record) >= 2:
                    found.setdefault(record[0].strip(), record[1].strip())
    except UnicodeDecodeError:
        raise BadFolder(f"{path} is not UTF-8.") from None
    except (csv.Error, OSError) as error:
        raise BadFolder(f"{path} cannot be read: {error}.") from None
    return found.get("topic", ""), found.get("url", "")
