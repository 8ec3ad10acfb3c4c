"""A seeded stratified sample, as anybody can make it again from seed, quota and frame.

Everybody in the frame has a key made for this draw alone. The keys are put in the order of
SHA-256(seed, line break, key), written in hexadecimal: an order that follows from the seed and from
nothing else, however the frame is sorted. Then each is seated in turn, in a cell they belong to.
Who belongs to several cells (two devices) may be moved to another of theirs to make room, never out
of the sample: so as many places are filled as can be filled at all. Where nobody belongs to two
cells this is a simple random sample of each.

Sources: stratified sampling, Cochran, Sampling Techniques, 3rd ed. 1977, chapter 5; that seating in
turn with moves fills as many places as possible, Edmonds and Fulkerson 1965 (transversal matroids).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

METHOD = "stratified-sha256-1"


@dataclass(frozen=True, slots=True)
class Framed:
    """One of the frame: a key, and the cells that whoever it stands for belongs to."""

    key: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One of the sample: its cell, and its place in the order of the draw, from 1."""

    key: str
    cell: str
    place: int


def key_of(draw: str, volunteer: str) -> str:
    """The key of a volunteer in one draw: in another draw they have another one."""
    return hashlib.sha256(f"{draw}\n{volunteer}".encode()).hexdigest()[:32]


def in_order(seed: str, frame: Iterable[Framed]) -> list[Framed]:
    """The frame in the order of the draw."""

    def rank(one: Framed) -> tuple[str, str]:
        return hashlib.sha256(f"{seed}\n{one.key}".encode()).hexdigest(), one.key

    return sorted(frame, key=rank)


def digest_of(frame: Iterable[Framed]) -> str:
    """SHA-256 of the frame: a line each, key and cells, sorted."""
    lines = sorted(f"{one.key} {','.join(sorted(one.cells))}" for one in frame)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def draw(seed: str, quota: Mapping[str, int], frame: Iterable[Framed]) -> list[Drawn]:
    """The sample in the order of the draw; smaller than the quota where it cannot be filled."""
    seating = _Seating(quota)
    places: dict[str, int] = {}
    for place, one in enumerate(in_order(seed, frame), start=1):
        if seating.full:
            break
        if seating.seat(one):
            places[one.key] = place
    found = [
        Drawn(one.key, cell, places[one.key])
        for cell, seated in seating.seated.items()
        for one in seated
    ]
    return sorted(found, key=lambda one: one.place)


@dataclass
class _Seating:
    """Who sits in which cell so far."""

    quota: Mapping[str, int]
    seated: dict[str, list[Framed]] = field(init=False)
    #: Cells in which one more can be seated, each with the move that makes room: who goes from
    #: there to which cell. None where there is room.
    _ways: dict[str, tuple[Framed, str] | None] = field(init=False)

    def __post_init__(self) -> None:
        self.seated = {cell: [] for cell in sorted(self.quota)}
        self._look()

    @property
    def full(self) -> bool:
        """Whether nobody else can be seated."""
        return not self._ways

    def seat(self, one: Framed) -> bool:
        """Seat one more; whether there was a way."""
        open_cells = [cell for cell in sorted(one.cells) if cell in self._ways]
        if not open_cells:
            return False
        cell = next((each for each in open_cells if self._ways[each] is None), open_cells[0])
        coming = one
        while (way := self._ways[cell]) is not None:
            going, to = way
            self.seated[cell].remove(going)
            self.seated[cell].append(coming)
            coming, cell = going, to
        self.seated[cell].append(coming)
        self._look()
        return True

    def _look(self) -> None:
        """Which cells have room, or can be given some by moves: nearest ways first."""
        ways: dict[str, tuple[Framed, str] | None] = {
            cell: None for cell, seated in self.seated.items() if len(seated) < self.quota[cell]
        }
        found = bool(ways)
        while found:
            further = {}
            for cell in (each for each in self.seated if each not in ways):
                for one in self.seated[cell]:
                    to = next((each for each in sorted(one.cells) if each in ways), None)
                    if to is not None:
                        further[cell] = (one, to)
                        break
            ways.update(further)
            found = bool(further)
        self._ways = ways
