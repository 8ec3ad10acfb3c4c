"""Tables of texts: each text by itself, and the distinct ones with how many sent each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from feedback.alike import Alike, Found
from feedback.sections import Cell, Column, Table, Words, told, words

NOT_READABLE = _("Waits for a moderator, or was withheld")


def summary_line(found: Found) -> dict[str, str]:
    """'408 received, 60 distinct, largest template 349.'"""

    def line() -> str:
        return ngettext(
            "%(received)d received, %(distinct)d distinct, largest template %(largest)d.",
            "%(received)d received, %(distinct)d distinct, largest template %(largest)d.",
            found.received,
        ) % {
            "received": found.received,
            "distinct": found.distinct,
            "largest": found.largest,
        }

    return words(line)


def summary_table(key: str, found: Found) -> Table:
    """The same as a table, with how many wordings differ by a letter at least."""
    return Table(
        key=key,
        title=_("Distinct texts"),
        columns=[
            Column("received", _("Texts received")),
            Column("worded", _("Worded differently")),
            Column("distinct", _("Distinct, alike ones taken together")),
            Column("largest", _("Largest group of alike texts")),
        ],
        rows=[[found.received, found.worded, found.distinct, found.largest]],
        note=_(
            "Withdrawn texts are left out. Script, case, spaces and punctuation are not told "
            "apart; texts of 40 characters or more are alike when they are at least 90% the same."
        ),
    )


def figures(found: Found) -> dict[str, int]:
    """For programs."""
    return {
        "received": found.received,
        "worded": found.worded,
        "distinct": found.distinct,
        "largest": found.largest,
    }


def distinct_table(
    key: str,
    title: str | Promise | Words,
    found: Found,
    fetch: Callable[[Sequence[int]], dict[int, tuple[str, str]]],
) -> Table:
    """The groups, largest first; ``fetch`` gives (text, language) for the numbers of ``Alike``."""

    hidden = words(NOT_READABLE)

    def rows() -> Iterator[list[Cell]]:
        for start in range(0, len(found.groups), 500):
            some = found.groups[start : start + 500]
            shown = fetch([one.readable for one in some if one.readable is not None])
            for group in some:
                text: Cell = hidden
                if group.readable in shown:
                    text = told(*shown[group.readable])
                yield [group.number, group.count, group.wordings, text]

    return Table(
        key=key,
        title=title,
        columns=[
            Column("group", pgettext_lazy("report", "Group"), "id"),
            Column("count", pgettext_lazy("report", "Texts")),
            Column("wordings", _("Wordings")),
            Column("text", pgettext_lazy("report", "Text"), "text"),
        ],
        rows=rows(),
        long=True,
    )


def gather(texts: Iterable[tuple[int, str, bool]]) -> Found:
    """Group (number, folded text, readable) as they come."""
    alike = Alike()
    for ref, folded, readable in texts:
        alike.add(folded, ref, readable=readable)
    return alike.group()
