"""A folder in a temporary database of its own: in an order that can be written, without doubles.

Replies may stand anywhere in their file and be answered at any depth, and a file may be larger than
memory. So records are laid down in SQLite, which keeps what does not fit in a temporary file, and
are taken out again in batches, each comment after what it answers.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ideas.importing.reading import (
    DUPLICATE_ID,
    EMPTY_TEXT,
    ORPHAN,
    REPEATED_TEXT,
    UNKNOWN_IDEA,
    SourceIdea,
    SourceRemark,
    read_comments,
    read_ideas,
)
from participation.actions.people_import import BATCH

_TABLES = """
CREATE TABLE idea (
    place INTEGER PRIMARY KEY, id TEXT UNIQUE, author TEXT, title TEXT, text TEXT, at TEXT,
    supports INTEGER, facts TEXT, thread INTEGER
);
CREATE TABLE comment (
    place INTEGER PRIMARY KEY, id TEXT UNIQUE, idea TEXT, author TEXT, answers TEXT, text TEXT,
    at TEXT, agreed INTEGER, disagreed INTEGER
);
CREATE TABLE person (place INTEGER PRIMARY KEY, id TEXT UNIQUE, key INTEGER);
CREATE TABLE reached (id TEXT PRIMARY KEY, depth INTEGER) WITHOUT ROWID;
CREATE TABLE line (place INTEGER PRIMARY KEY, id TEXT);
"""
#: What begins a thread, and what answers it, level by level; no level is a call of its own.
_REACH = """
WITH RECURSIVE found (id, idea, depth) AS (
    SELECT id, idea, 1 FROM comment AS one WHERE {beginning}
    UNION ALL
    SELECT reply.id, reply.idea, depth + 1 FROM found
    JOIN comment AS reply
        ON reply.answers = found.id AND reply.idea = found.idea
        AND reply.id NOT IN (:start, found.id)
)
INSERT INTO reached SELECT id, depth FROM found
"""
_BEGINNING = """
answers IN ('', id) OR NOT EXISTS (
    SELECT 1 FROM comment AS above WHERE above.id = one.answers AND above.idea = one.idea
)
"""


class Staged:
    """The records of a folder. Close it: its file goes with it."""

    def __init__(self, folder: Path, now: dt.datetime) -> None:
        """Read and lay down everything. Raises BadFolder."""
        self.skipped: Counter[str] = Counter()
        self.kept: Counter[str] = Counter()
        self._base = sqlite3.connect("", isolation_level=None)
        self._base.executescript(_TABLES)
        self._base.execute("BEGIN")
        for idea in read_ideas(folder, now, self.skipped):
            self._lay_idea(idea)
        for comment in read_comments(folder, now, self.skipped):
            self._lay_comment(comment)
        self._settle()

    def close(self) -> None:
        """Drop the records."""
        self._base.close()

    def _lay_idea(self, idea: SourceIdea) -> None:
        row = (
            idea.id,
            idea.author,
            idea.title,
            idea.text,
            idea.at.isoformat(),
            idea.supports,
            json.dumps(idea.facts),
        )
        laid = self._base.execute(
            "INSERT OR IGNORE INTO idea (id, author, title, text, at, supports, facts) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            row,
        )
        if laid.rowcount:
            self.kept.update(idea.odd)
        else:
            self.skipped[DUPLICATE_ID] += 1

    def _lay_comment(self, one: SourceRemark) -> None:
        row = (
            one.id,
            one.idea,
            one.author,
            one.answers,
            one.text,
            one.at.isoformat(),
            one.agreed,
            one.disagreed,
        )
        if not self._base.execute("SELECT 1 FROM idea WHERE id = ?", (one.idea,)).fetchone():
            self.skipped[UNKNOWN_IDEA] += 1
            return
        laid = self._base.execute(
            "INSERT OR IGNORE INTO comment (id, idea, author, answers, text, at, agreed, disagreed)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            row,
        )
        if not laid.rowcount:
            self.skipped[DUPLICATE_ID] += 1

    def _settle(self) -> None:
        """Find each comment's place after what it answers; count what is odd."""
        run = self._base.execute
        run("CREATE INDEX comment_answers ON comment (answers)")
        run(_REACH.format(beginning=_BEGINNING), {"start": ""})
        self._break_circles()
        run(
            "INSERT INTO line (id) SELECT reached.id FROM reached JOIN comment USING (id) "
            "ORDER BY reached.depth, comment.place"
        )
        run(
            "INSERT OR IGNORE INTO person (id) "
            "SELECT author FROM idea WHERE author != '' UNION ALL "
            "SELECT author FROM comment WHERE author != ''"
        )
        for reason, query in (
            (
                ORPHAN,
                "SELECT count(*) FROM reached JOIN comment USING (id) "
                "WHERE depth = 1 AND answers != ''",
            ),
            (EMPTY_TEXT, "SELECT count(*) FROM comment WHERE text = ''"),
            (REPEATED_TEXT, "SELECT count(*) - count(DISTINCT text) FROM comment"),
        ):
            if number := self._number(query):
                self.kept[reason] += number

    def _break_circles(self) -> None:
        """Comments that answer one another in a circle: the first in the file begins a thread."""
        at = 0
        while True:
            row = self._base.execute(
                "SELECT place, id FROM comment AS one WHERE place > ? "
                "AND NOT EXISTS (SELECT 1 FROM reached WHERE reached.id = one.id) "
                "ORDER BY place LIMIT 1",
                (at,),
            ).fetchone()
            if row is None:
                return
            at, start = row
            self._base.execute(_REACH.format(beginning="id = :start"), {"start": start})

    def _number(self, query: str) -> int:
        return int(self._base.execute(query).fetchone()[0] or 0)

    # --- what it holds ---------------------------------------------------------------------------

    @property
    def ideas(self) -> int:
        return self._number("SELECT count(*) FROM idea")

    @property
    def comments(self) -> int:
        return self._number("SELECT count(*) FROM comment")

    @property
    def supports(self) -> int:
        return self._number("SELECT sum(supports) FROM idea")

    def span(self) -> tuple[dt.datetime, dt.datetime]:
        """The first and the last instant; ValueError where there is no idea."""
        first, last = self._base.execute(
            "SELECT min(at), max(at) FROM (SELECT at FROM idea UNION ALL SELECT at FROM comment)"
        ).fetchone()
        if first is None:
            raise ValueError("Nothing was staged.")
        return dt.datetime.fromisoformat(first), dt.datetime.fromisoformat(last)

    def sample(self, number: int = 200) -> list[str]:
        """Texts to guess the language from."""
        rows = self._base.execute("SELECT title || ' ' || text FROM idea LIMIT ?", (number,))
        return [row[0] for row in rows]

    # --- taking it out in batches ----------------------------------------------------------------

    def people(self) -> Iterator[list[str]]:
        """The authors' ids, those of ideas first."""
        for rows in self._batches("SELECT place, id FROM person"):
            yield [row[1] for row in rows]

    def note_people(self, keys: dict[str, int]) -> None:
        """Keep each author's key in the platform for the batches that follow."""
        self._base.executemany(
            "UPDATE person SET key = ? WHERE id = ?", [(key, name) for name, key in keys.items()]
        )

    def idea_batches(self) -> Iterator[list[tuple[SourceIdea, int | None]]]:
        """Ideas in the order of their file, each with its author's key."""
        query = (
            "SELECT idea.place, idea.id, author, title, text, at, supports, facts, key "
            "FROM idea LEFT JOIN person ON person.id = author"
        )
        for rows in self._batches(query, "idea.place"):
            yield [
                (
                    SourceIdea(
                        id=row[1],
                        author=row[2],
                        title=row[3],
                        text=row[4],
                        at=dt.datetime.fromisoformat(row[5]),
                        supports=row[6],
                        facts=json.loads(row[7]),
                        odd=(),
                    ),
                    row[8],
                )
                for row in rows
            ]

    def note_threads(self, keys: dict[str, int]) -> None:
        """Keep the key of each idea's thread for its comments."""
        self._base.executemany(
            "UPDATE idea SET thread = ? WHERE id = ?", [(key, name) for name, key in keys.items()]
        )

    def comment_batches(self) -> Iterator[list[tuple[SourceRemark, int | None, int]]]:
        """Comments, each after what it answers, with the keys of its author and thread."""
        query = (
            "SELECT line.place, comment.id, comment.idea, comment.author, answers, comment.text, "
            "comment.at, agreed, disagreed, key, thread "
            "FROM line JOIN comment ON comment.id = line.id "
            "JOIN idea ON idea.id = comment.idea LEFT JOIN person ON person.id = comment.author"
        )
        for rows in self._batches(query, "line.place"):
            yield [
                (
                    SourceRemark(
                        id=row[1],
                        idea=row[2],
                        author=row[3],
                        answers=row[4],
                        text=row[5],
                        at=dt.datetime.fromisoformat(row[6]),
                        agreed=row[7],
                        disagreed=row[8],
                    ),
                    row[9],
                    row[10],
                )
                for row in rows
            ]

    def _batches(self, query: str, place: str = "place") -> Iterator[list[tuple]]:
        """The rows of a query by their place, a batch at a time."""
        at = 0
        while rows := self._base.execute(
            f"{query} WHERE {place} > ? ORDER BY {place} LIMIT ?", (at, BATCH)
        ).fetchall():
            at = rows[-1][0]
            yield rows
