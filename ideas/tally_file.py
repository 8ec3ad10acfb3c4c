"""The file of a vote, written in parts however many voted: what does not fit waits on disk."""

from __future__ import annotations

import heapq
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import islice
from tempfile import TemporaryFile
from typing import IO

#: A commitment, in bytes.
DIGEST = 32
#: So many different votes are held in memory; a city may give a million different ones.
MOST_HELD = 150_000
#: Lines written at once: about a megabyte of commitments.
LINES = 15_000
#: Bytes of a piece before it is compressed, at least.
PIECE = 1_000_000


class Commitments:
    """Digests, given back sorted; each takes its 32 bytes and nothing else."""

    def __init__(self) -> None:
        self._buckets = [bytearray() for _each in range(256)]

    def __len__(self) -> int:
        return sum(map(len, self._buckets)) // DIGEST

    def add(self, digest: bytes) -> None:
        self._buckets[digest[0]] += digest

    def __iter__(self) -> Iterator[bytes]:
        for bucket in self._buckets:
            yield from sorted(
                bytes(bucket[place : place + DIGEST]) for place in range(0, len(bucket), DIGEST)
            )


class Votes:
    """Written forms with how often each came, given back sorted.

    Different ones beyond ``most`` are sorted and put on disk, and merged when they are read.
    """

    def __init__(self, most: int = MOST_HELD) -> None:
        self._most = most
        self._held: Counter[str] = Counter()
        self._runs: list[IO[str]] = []

    def add(self, texts: Iterable[str]) -> None:
        self._held.update(texts)
        if len(self._held) > self._most:
            run = TemporaryFile("w+", encoding="ascii", newline="\n")  # noqa: SIM115 - read later
            run.writelines(f"{text}\t{number}\n" for text, number in sorted(self._held.items()))
            self._runs.append(run)
            self._held.clear()

    def __iter__(self) -> Iterator[tuple[str, int]]:
        held = sorted(self._held.items())
        if not self._runs:
            yield from held
            return
        before, number = "", 0
        for text, more in heapq.merge(*map(_read, self._runs), held):
            if text == before:
                number += more
                continue
            if number:
                yield before, number
            before, number = text, more
        if number:
            yield before, number

    def close(self) -> None:
        """Give the disk back."""
        for run in self._runs:
            run.close()


def _read(run: IO[str]) -> Iterator[tuple[str, int]]:
    run.seek(0)
    for line in run:
        text, _tab, number = line.partition("\t")
        yield text, int(number)


class TallyFile:
    """Lines into compressed pieces on disk, with the digest of all that went before."""

    def __init__(self) -> None:
        self.size = 0
        self._sha = sha256()
        self._waiting = bytearray()
        self._disk = TemporaryFile()  # noqa: SIM115 - closed by ``close``
        self._lengths: list[int] = []

    def write(self, lines: Iterable[str]) -> None:
        """Add lines, each without its newline."""
        rest = iter(lines)
        while batch := list(islice(rest, LINES)):
            content = ("\n".join(batch) + "\n").encode()
            self._sha.update(content)
            self._waiting += content
            self.size += len(content)
            if len(self._waiting) >= PIECE:
                self._put()

    def _put(self) -> None:
        piece = zlib.compress(bytes(self._waiting), 1)
        self._disk.write(piece)
        self._lengths.append(len(piece))
        self._waiting.clear()

    def digest(self) -> str:
        """SHA-256, in hexadecimal, of the lines so far."""
        return self._sha.hexdigest()

    def pieces(self) -> Iterator[bytes]:
        """All pieces, the last one closed."""
        if self._waiting:
            self._put()
        self._disk.seek(0)
        for length in self._lengths:
            yield self._disk.read(length)

    def close(self) -> None:
        """Give the disk back."""
        self._disk.close()
