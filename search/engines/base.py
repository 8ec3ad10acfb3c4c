"""What an engine must do: keep tokens, and say which documents hold which.

An engine only proposes. Whether a run of characters stands in a document as it was asked, and in
which order documents come, is decided above it on the documents' own text, so that every engine
gives the same hits in the same order.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, ClassVar, Self

from search.analysis import Segment, plain, prefix_of, segments
from search.ranking import Corpus, Row

#: How many rows or keys go to a database at once.
BATCH = 500


class EngineUnavailable(Exception):
    """This engine cannot be used here; the sentence says why and what to do."""


class NoServer(EngineUnavailable):
    """Its server does not run here; ``scripts/services`` starts it by the name ``service``."""

    def __init__(self, sentence: str, *, service: str) -> None:
        super().__init__(sentence)
        self.service = service


class Engine(AbstractContextManager["Engine"], ABC):
    """An index apart from any other, there from entering it to leaving it.

    How tokens are kept and looked up is each engine's own.
    """

    name: ClassVar[str]
    _documents = 0
    _length = 0

    @abstractmethod
    def __enter__(self) -> Self:
        """Make the index. Raises ``EngineUnavailable``."""

    @abstractmethod
    def all_of(self, keys: Sequence[str]) -> list[int]:
        """The numbers of the documents that hold every key, ascending (``Term.parts``)."""

    @abstractmethod
    def any_of(self, keys: Sequence[str]) -> list[int]:
        """The numbers of the documents that hold one of the keys, ascending."""

    @abstractmethod
    def _write(self, rows: list[tuple[Row, list[str]]]) -> None:
        """Keep documents, each with its tokens, which come once and in no order."""

    @abstractmethod
    def _write_frequencies(self, rows: list[tuple[str, int]]) -> None:
        """Keep how many documents hold each key; called once, after the last document."""

    @abstractmethod
    def frequencies(self, keys: Iterable[str]) -> dict[str, int]:
        """In how many documents each key is; one that is in none is left out."""

    @abstractmethod
    def rows(self, numbers: Sequence[int]) -> Iterator[Row]:
        """The documents of these numbers as they are ranked, in the numbers' order."""

    def add(self, documents: Iterable[tuple[int, str, str]]) -> None:
        """Index documents, all at once: number, title, body."""
        counted: Counter[str] = Counter()
        begun: Counter[str] = Counter()
        batch: list[tuple[Row, list[str]]] = []
        for number, title, body in documents:
            row, found = _read(number, title, body)
            self._documents += 1
            self._length += row.length
            # Which document holds a token is all that is kept: each once.
            held = set(found)
            counted.update(held)
            begun.update({token[0] for token in held})
            batch.append((row, list(held)))
            if len(batch) == BATCH:
                self._write(batch)
                batch = []
        self._write(batch)
        counted.update({prefix_of(first): number for first, number in begun.items()})
        self._write_frequencies(sorted(counted.items()))

    @property
    def corpus(self) -> Corpus:
        return Corpus(self._documents, self._length / max(self._documents, 1))


class TableEngine(Engine):
    """An engine of a database: two tables, the documents as they are ranked and the tokens' counts.

    Both are temporary.
    """

    @abstractmethod
    def _query(self, sql: str, values: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        """Rows of a statement; ``sql`` has ``%s`` where values go."""

    def frequencies(self, keys: Iterable[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        wanted = sorted(set(keys))
        for at in range(0, len(wanted), BATCH):
            part = wanted[at : at + BATCH]
            sql = f"SELECT token, documents FROM search_eval_token WHERE token IN ({_marks(part)})"  # noqa: S608 - only marks are put in
            found.update(self._query(sql, part))
        return found

    def rows(self, numbers: Sequence[int]) -> Iterator[Row]:
        for at in range(0, len(numbers), BATCH):
            part = numbers[at : at + BATCH]
            sql = (
                "SELECT number, title, body, length FROM search_eval_document "  # noqa: S608 - only marks are put in
                f"WHERE number IN ({_marks(part)}) ORDER BY number"
            )
            for row in self._query(sql, part):
                yield Row(*row)


def _marks(values: Sequence[Any]) -> str:
    return ", ".join(["%s"] * len(values))


def _read(number: int, title: str, body: str) -> tuple[Row, list[str]]:
    of_title, of_body = segments(title), segments(body)
    found = [token for segment in [*of_title, *of_body] for token in segment.tokens()]
    length = sum(_length(segment) for segment in of_body)
    return Row(number, plain(of_title), plain(of_body), length), found


def _length(segment: Segment) -> int:
    return len(segment.text) if segment.han else 1
