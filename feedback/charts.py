"""Charts as SVG made here: bars drawn from a table's own rows, in attributes alone (no style).

A chart adds nothing to its table, which always stands beside it; it has one sentence for those who
cannot see it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from feedback.reading import Shown, TableView

WIDTH = 440
BAR = 18
LINE = 48
MOST_BARS = 30
#: Each at least 3 to 1 against white and told apart by lightness; in order of the columns.
COLOURS = ("#0a5c6b", "#d4a72c", "#8a8f98")
#: Room for a label, in halves of a Chinese character.
_LABEL = 54


def drawable(table: TableView) -> bool:
    """Whether a chart would say anything: some bar is longer than none."""
    return bool(table.chart) and any(_value(row[at]) for row in table.rows for at in table.chart)


def chart(table: TableView, alternative: str, fonts: str = "") -> SafeString:
    """The chart of a table's first rows; bars of the chart's columns are stacked."""
    rows = table.rows[:MOST_BARS]
    longest = max(sum(_value(row[at]) for at in table.chart) for row in rows) or 1
    labels = _labels(table)
    parts = []
    for place, row in enumerate(rows):
        top = place * LINE
        label = " ".join(row[labels].text.split())
        parts.append(
            format_html(
                '<text x="0" y="{}" font-size="15" fill="#0b0c0c">{}</text>',
                top + 15,
                _short(label),
            )
        )
        parts.append(_bars(table, row, top + 20, longest))
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" width="{}" height="{}" '
        'role="img" aria-label="{}" font-family="{}" class="hk-chart__svg">'
        # The PDF takes the words of a figure from here.
        "<title>{}</title>{}</svg>",
        WIDTH,
        max(1, len(rows)) * LINE,
        WIDTH,
        max(1, len(rows)) * LINE,
        alternative,
        fonts or "sans-serif",
        alternative,
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def legend(table: TableView) -> list[tuple[str, str]]:
    """Colour and name of each column that is stacked; nothing for plain bars."""
    if len(table.chart) < 2:
        return []
    return [
        (COLOURS[place % len(COLOURS)], table.columns[at][1])
        for place, at in enumerate(table.chart)
    ]


def _labels(table: TableView) -> int:
    """Which column names the bars: the first that holds words."""
    kinds = [column[2] for column in table.columns]
    for wanted in ("text", "words", "id", "time"):
        if wanted in kinds:
            return kinds.index(wanted)
    return 0


def _short(label: str) -> str:
    """As much of a label as stands over a bar; Chinese characters take twice the room."""
    room = _LABEL
    for place, letter in enumerate(label):
        room -= 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if room < 0:
            return f"{label[:place]}…"
    return label


def _value(cell: Shown) -> float:
    return float(cell.value or 0)


def _bars(table: TableView, row: Sequence[Shown], top: int, longest: float) -> SafeString:
    room = WIDTH - 90
    left = 0.0
    parts = [mark_safe("")]
    for place, at in enumerate(table.chart):
        width = room * _value(row[at]) / longest
        if width:
            parts.append(
                format_html(
                    '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>',
                    round(left, 1),
                    top,
                    round(width, 1),
                    BAR,
                    COLOURS[place % len(COLOURS)],
                )
            )
        left += width
    said = " / ".join(row[at].text for at in table.chart)
    parts.append(
        format_html(
            '<text x="{}" y="{}" font-size="15" fill="#0b0c0c">{}</text>',
            round(left + 6, 1),
            top + 14,
            said,
        )
    )
    return format_html_join("", "{}", ((part,) for part in parts))
