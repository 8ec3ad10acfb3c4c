"""The map of opinion groups as numbers for an SVG: nothing of it needs styles or scripts.

Each group has its own shape besides its colour, so that neither alone tells them apart.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH = 720
_HIGHEST, _LOWEST, _EDGE = 480, 280, 44
_LARGEST_DOT, _SMALLEST_DOT = 22.0, 6.0
#: An ellipse is drawn at least this wide, so that its letter stands in it.
_LEAST_RADIUS = 30.0
LETTERS = "ABCDE"
#: Half the height of a letter and some air.
_LETTER = 26.0


@dataclass(frozen=True)
class Ellipse:
    """A group's spread; ``turn`` is an SVG transform."""

    x: float
    y: float
    rx: float
    ry: float
    turn: str


@dataclass(frozen=True)
class Drawn:
    """One group: ``shapes`` are paths, one a dot, the largest first; ``letter_y`` is where its
    letter stands, above the dot where there is only one."""

    letter: str
    letter_y: float
    place: int
    ellipse: Ellipse
    shapes: list[str]


@dataclass(frozen=True)
class Map:
    """A picture ``WIDTH`` wide and ``height`` high."""

    height: int
    groups: list[Drawn]


def _n(value: float) -> str:
    """A number as short as it may be: SVG reads no more of it."""
    return f"{value:z.1f}".rstrip("0").rstrip(".")


def _polygon(corners: int, turn: float, size: float) -> Callable[[float, float, float], str]:
    def draw(x: float, y: float, r: float) -> str:
        points = [
            (
                x + size * r * math.cos(turn + 2 * math.pi * each / corners),
                y + size * r * math.sin(turn + 2 * math.pi * each / corners),
            )
            for each in range(corners)
        ]
        return "M" + "L".join(f"{_n(px)} {_n(py)}" for px, py in points) + "Z"

    return draw


def _circle(x: float, y: float, r: float) -> str:
    return (
        f"M{_n(x - r)} {_n(y)}a{_n(r)} {_n(r)} 0 1 0 {_n(2 * r)} 0"
        f"a{_n(r)} {_n(r)} 0 1 0 {_n(-2 * r)} 0Z"
    )


#: In the groups' order; sizes chosen so that equal numbers look equally large.
_SHAPES: Sequence[Callable[[float, float, float], str]] = (
    _circle,
    _polygon(4, math.pi / 4, 1.25),
    _polygon(3, -math.pi / 2, 1.5),
    _polygon(4, 0, 1.35),
    _polygon(6, 0, 1.1),
)


def key_shape(place: int) -> str:
    """The group's shape for a key, in a box of 24 by 24."""
    return _SHAPES[place](12, 12, 8)


def draw(groups: Sequence[dict[str, Any]]) -> Map:
    """The map of groups as ``OpinionGrouping.data`` holds them, at most five, at least one."""
    outlines = [each["outline"] for each in groups]
    left, right, low, high = _extent(outlines)
    width, height = max(right - left, 1e-6), max(high - low, 1e-6)
    scale = min((WIDTH - 2 * _EDGE) / width, (_HIGHEST - 2 * _EDGE) / height)
    tall = round(min(_HIGHEST, max(_LOWEST, height * scale + 2 * _EDGE)))
    across, down = (WIDTH - width * scale) / 2, (tall - height * scale) / 2

    def at(x: float, y: float) -> tuple[float, float]:
        return across + (x - left) * scale, down + (high - y) * scale

    most = max(dot["people"] for outline in outlines for dot in outline["dots"])
    drawn = []
    for place, outline in enumerate(outlines):
        x, y = at(outline["x"], outline["y"])
        ellipse = Ellipse(
            round(x, 1),
            round(y, 1),
            round(max(_LEAST_RADIUS, outline["long"] * scale), 1),
            round(max(_LEAST_RADIUS, outline["short"] * scale), 1),
            f"rotate({_n(-outline['angle'])} {_n(x)} {_n(y)})",
        )
        shapes = [
            _SHAPES[place](*at(dot["x"], dot["y"]), _radius(dot["people"], most))
            for dot in outline["dots"]
        ]
        lone = outline["dots"][0] if len(outline["dots"]) == 1 else None
        letter_y = y - (_radius(lone["people"], most) + _LETTER if lone else 0)
        drawn.append(Drawn(LETTERS[place], round(letter_y, 1), place, ellipse, shapes))
    return Map(tall, drawn)


def _radius(people: int, most: int) -> float:
    """The area follows the number of people."""
    return max(_SMALLEST_DOT, _LARGEST_DOT * math.sqrt(people / most))


def _extent(outlines: Sequence[dict[str, Any]]) -> tuple[float, float, float, float]:
    """Left, right, low and high of all ellipses and dots."""
    xs, ys = [], []
    for outline in outlines:
        turn = math.radians(outline["angle"])
        wide = math.hypot(outline["long"] * math.cos(turn), outline["short"] * math.sin(turn))
        high = math.hypot(outline["long"] * math.sin(turn), outline["short"] * math.cos(turn))
        xs += [outline["x"] - wide, outline["x"] + wide, *(dot["x"] for dot in outline["dots"])]
        ys += [outline["y"] - high, outline["y"] + high, *(dot["y"] for dot in outline["dots"])]
    return min(xs), max(xs), min(ys), max(ys)
