"""What the reports of campaigns and of rounds say alike: how far, how long, for how many points."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.sections import Cell, Column, Section, SectionData, Step, Table, share, words
from participation.models import Engagement

Make = Callable[[Engagement, dt.datetime], SectionData]


class Counted(Protocol):
    """The numbers of a campaign or a round that both have."""

    @property
    def started(self) -> int: ...
    @property
    def minutes(self) -> float | None: ...
    @property
    def set_aside(self) -> int: ...
    @property
    def given(self) -> int: ...


def steps_table(
    funnel: Counted, steps: Mapping[str, str | Promise], *, title: Promise, note: Promise
) -> Table:
    """How far they came, step by step; each step is a number of the funnel."""
    rows: list[list[Cell]] = [
        [words(name), getattr(funnel, key), share(getattr(funnel, key), funnel.started)]
        for key, name in steps.items()
    ]
    return Table(
        key="steps",
        title=title,
        columns=[
            Column("step", pgettext_lazy("of a task", "Step"), "words"),
            Column("number", pgettext_lazy("report", "Number")),
            Column("share", _("Share of those begun (%)"), "share"),
        ],
        rows=rows,
        chart=("number",),
        note=note,
    )


def time_and_points(funnel: Counted) -> list[dict[str, str]]:
    """A line for each of the two that there is."""
    lines = []
    if funnel.minutes is not None:
        lines.append(words(_("Half took %(minutes)s minutes or less."), minutes=funnel.minutes))
    if funnel.set_aside:
        lines.append(
            words(
                _("Of %(aside)d points set aside %(given)d were earned."),
                aside=funnel.set_aside,
                given=funnel.given,
            )
        )
    return lines


def section(
    key: str,
    title: Promise,
    order: int,
    make: Make,
    *,
    applies: Callable[[Engagement], bool],
    sealed: bool = False,
) -> Section:
    """A section that says the same at any instant and in a frozen report."""

    def live(engagement: Engagement, now: dt.datetime) -> SectionData | None:
        return make(engagement, now) if applies(engagement) else None

    def build(engagement: Engagement, as_of: dt.datetime, step: Step) -> SectionData:
        found = make(engagement, as_of)
        step(1.0)
        return found

    return Section(
        key=key, title=title, order=order, build=build, live=live, sealed=sealed, applies=applies
    )
