"""The register that reconciles: received is the sum of its five states, in every table.

An official reply is the bureau's own and not received. Everything here comes from one query, so
the tables agree with each other even while people write.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db.models import Count, F
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.texts import LANGUAGES
from feedback.sections import (
    Column,
    Section,
    SectionData,
    Step,
    Table,
    share,
    words,
)
from feedback.sections import (
    register as add,
)
from participation import kinds
from participation.models import (
    Contribution,
    ContributionState,
    Engagement,
)

#: The five states as the sum names them, then their words.
STATES: dict[str, str | Promise] = {
    ContributionState.PUBLISHED.value: pgettext_lazy("report", "Published"),
    ContributionState.HELD.value: _("Held for a moderator"),
    ContributionState.WITHHELD.value: _("Withheld by a moderator"),
    ContributionState.WITHDRAWN.value: _("Withdrawn by the author"),
    ContributionState.CONFIDENTIAL.value: _("To the bureau only"),
}
RECEIVED = pgettext_lazy("report", "Received")
_CHANNELS: dict[str, str | Promise] = {
    "web": pgettext_lazy("report", "Web"),
    "email": _("E-mail"),
    "paper": pgettext_lazy("report", "Paper"),
    "booth": pgettext_lazy("report", "Booth"),
    "phone": pgettext_lazy("report", "Phone"),
    "event": pgettext_lazy("report", "Event"),
    "api": _("Other programs (API)"),
    "import": pgettext_lazy("report", "Import"),
}
_LANGUAGES: dict[str, str | Promise] = {
    "en": _("English"),
    "zh-hant": _("Traditional Chinese"),
    "zh-hans": _("Simplified Chinese"),
}
_LEVELS: dict[int, str | Promise] = {
    0: _("Anyone, not confirmed"),
    1: _("E-mail confirmed"),
    2: _("Phone confirmed"),
    3: _("Verified person"),
}
_CAPACITIES: dict[str, str | Promise] = {
    "individual": pgettext_lazy("report", "As an individual"),
    "organisation": pgettext_lazy("report", "For an organisation"),
    "": _("Not asked (not a response)"),
}
Names = dict[Any, str | Promise]
#: One group of entries: kind, state, channel, language, level, capacity, and how many.
Row = tuple[str, str, str, str, int, str, int]


def read(engagement: Engagement) -> list[Row]:
    """The register counted by all that the tables tell apart; one query."""
    rows = (
        Contribution.objects.filter(engagement=engagement)
        .by_citizens()
        .order_by()
        .annotate(
            known=Coalesce(F("response__level"), F("person__level"), 0),
            capacity=F("response__capacity"),
        )
        .values_list("kind", "state", "channel", "language", "known", "capacity")
        .annotate(number=Count("pk"))
    )
    return [
        (kind, state, channel, language, int(level), capacity or "", number)
        for kind, state, channel, language, level, capacity, number in rows
    ]


def figures(rows: list[Row]) -> dict[str, int]:
    """The six figures: received is published + held + withheld + withdrawn + confidential."""
    found: Counter[str] = Counter()
    for row in rows:
        found[row[1]] += row[-1]
    return {
        "received": sum(found[state] for state in STATES),
        **{state: found[state] for state in STATES},
    }


def figures_of(engagement: Engagement) -> dict[str, int]:
    """The six figures of an engagement as they are now; they are never sealed."""
    return figures(read(engagement))


def data_of(rows: list[Row]) -> SectionData:
    """The section from its counts."""
    sums = figures(rows)
    labels: dict[str, str | Promise] = {"received": RECEIVED, **STATES}
    total = Table(
        key="register",
        title=_("The register"),
        columns=[
            Column("state", pgettext_lazy("report", "State"), "words"),
            Column("number", pgettext_lazy("report", "Number")),
            Column("share", _("Share (%)"), "share"),
        ],
        rows=[
            [words(labels[key]), number, share(number, sums["received"])]
            for key, number in sums.items()
        ],
        chart=("number",),
        note=_(
            "Received = published + held + withheld + withdrawn + to the bureau only. "
            "Official replies are the bureau's own and not counted; votes are not entries."
        ),
    )
    tables = [total]
    for key, title, column, at, names in _BREAKDOWNS:
        if rows:
            tables.append(_breakdown(rows, key, title, column=column, at=at, names=names()))
    return SectionData(figures=dict(sums), tables=tables)


def _breakdown(
    rows: list[Row],
    key: str,
    title: str | Promise,
    *,
    column: str | Promise,
    at: int,
    names: Names,
) -> Table:
    """One line for each value that occurs, known ones first and in their own order."""
    counted: dict[Any, Counter[str]] = {}
    for row in rows:
        counted.setdefault(row[at], Counter())[row[1]] += row[-1]
    order = [value for value in names if value in counted]
    order += sorted((value for value in counted if value not in names), key=str)
    return Table(
        key=f"register-{key}",
        title=title,
        columns=[
            Column(key, column, "words"),
            Column("received", RECEIVED),
            *(Column(state, label) for state, label in STATES.items()),
        ],
        rows=[
            [
                words(names[value]) if value in names else dict.fromkeys(LANGUAGES, str(value)),
                sum(counted[value].values()),
                *(counted[value][state] for state in STATES),
            ]
            for value in order
        ],
    )


def _kind_titles() -> Names:
    """Those of every room that is there, in the order of the register."""
    return {name: kinds.titles(name) for name in kinds.names()}


#: A table's key, title, first column's title, the place in a ``Row``, and its values by name.
_BREAKDOWNS: tuple[tuple[str, str | Promise, str | Promise, int, Callable[[], Names]], ...] = (
    ("kind", _("By what was sent"), _("What was sent"), 0, _kind_titles),
    ("channel", _("By channel"), _("Channel"), 2, lambda: _CHANNELS),
    (
        "language",
        _("By language"),
        pgettext_lazy("of an entry", "Language"),
        3,
        lambda: _LANGUAGES,
    ),
    (
        "level",
        _("By how well the person is known"),
        pgettext_lazy("report", "Level"),
        4,
        lambda: _LEVELS,
    ),
    (
        "capacity",
        _("Individuals and organisations"),
        pgettext_lazy("report", "Answered"),
        5,
        lambda: _CAPACITIES,
    ),
)


def build(engagement: Engagement, as_of: dt.datetime, step: Step) -> SectionData:
    """The whole section; the live page's is the same."""
    return data_of(read(engagement))


def live(engagement: Engagement, as_of: dt.datetime) -> SectionData:
    """The same, while open."""
    return data_of(read(engagement))


def register() -> None:
    """First in every report, and never sealed."""
    add(Section(key="register", title=_("What was received"), order=10, build=build, live=live))
