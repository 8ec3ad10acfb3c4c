"""Findings in a report: how many, how bad, at which steps, what became of them, what was mended."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crowdtasks.findings.models import Finding, Severity, Triage
from crowdtasks.findings.reading import Figures, figures_of, of_engagement
from feedback.sections import Cell, Column, Section, SectionData, Step, Table, told, words
from feedback.sections import register as add
from participation.models import Engagement

_NUMBER = Column("number", pgettext_lazy("report", "Number"))


def applies(engagement: Engagement) -> bool:
    """Whether findings are reported there."""
    return engagement.kind in {"round", "product"}


def _by_state(engagement: Engagement) -> Table:
    """Each state against each severity; what was merged counts once."""
    found: dict[tuple[str, str], int] = {}
    rows = of_engagement(engagement).counted().leading().order_by()
    for state, severity, number in rows.values_list("state", "severity").annotate(
        number=Count("pk")
    ):
        found[state, severity] = number
    return Table(
        key="findings-state",
        title=_("What became of the findings"),
        columns=[
            Column("state", pgettext_lazy("report", "State"), "words"),
            *(Column(key, label) for key, label in Severity.choices),
        ],
        rows=[
            [words(label), *(found.get((key, one), 0) for one in Severity.values)]
            for key, label in Triage.choices
        ],
        chart=tuple(Severity.values),
    )


def _by_step(engagement: Engagement) -> Table:
    rows = (
        of_engagement(engagement)
        .counted()
        .leading()
        .order_by()
        .values_list("step", "step__title", "step__order")
        .annotate(number=Count("pk"))
    )
    found: dict[int | None, tuple[Any, int, int]] = {}
    for step, title, order, number in rows:
        found[step] = (title, order or 0, number)
    listed = sorted(found.items(), key=lambda one: (one[0] is None, one[1][1], one[0] or 0))
    return Table(
        key="findings-step",
        title=_("At which steps something was found"),
        columns=[Column("step", _("Step"), "words"), _NUMBER],
        rows=[
            [dict(title) if title else words(_("At no step")), number]
            for _step, (title, _order, number) in listed
        ],
    )


def _mended(figures: Figures) -> Table:
    return Table(
        key="findings-mended",
        title=_("What was mended in which build"),
        columns=[Column("build", _("Build"), "id"), _NUMBER],
        rows=[[version, number] for version, number in figures.mended],
    )


def _texts(engagement: Engagement) -> Table:
    """What the bureau may read, in full in the files."""
    rows = of_engagement(engagement).read().leading().whole().order_by("received_at", "pk")

    def cells(one: Finding) -> list[Cell]:
        return [
            one.contribution.public_id,
            words(Severity(one.severity).label),
            words(Triage(one.state).label),
            one.mended_version,
            told(one.happened, one.contribution.language),
        ]

    return Table(
        key="findings",
        title=pgettext_lazy("entries", "Findings"),
        columns=[
            Column("id", _("Number in the register"), "id"),
            Column("severity", _("How bad it was"), "words"),
            Column("state", pgettext_lazy("report", "State"), "words"),
            Column("build", _("Mended in build"), "id"),
            Column("text", _("What happened"), "text"),
        ],
        rows=(cells(one) for one in rows.iterator(chunk_size=1000)),
        long=True,
    )


def _data(engagement: Engagement, figures: Figures) -> SectionData:
    return SectionData(
        figures={
            "findings_reported": figures.reported,
            "findings_distinct": figures.distinct,
            **{f"findings_{key}": figures.by_state.get(key, 0) for key in Triage.values},
        },
        lines=[
            words(
                _("%(reported)d findings were reported, %(distinct)d of them different ones."),
                reported=figures.reported,
                distinct=figures.distinct,
            )
        ],
        tables=[_by_state(engagement), _by_step(engagement), _mended(figures)],
    )


def live(engagement: Engagement, now: dt.datetime) -> SectionData | None:
    """The numbers of this instant; None where there are none."""
    if not applies(engagement):
        return None
    figures = figures_of(engagement)
    return _data(engagement, figures) if figures.reported else None


def build(engagement: Engagement, as_of: dt.datetime, step: Step) -> SectionData:
    """The same for a frozen report, with the texts."""
    found = _data(engagement, figures_of(engagement))
    found.tables.append(_texts(engagement))
    step(1.0)
    return found


def register() -> None:
    """Called from ``ready()``."""
    add(
        Section(
            key="findings",
            title=pgettext_lazy("entries", "Findings"),
            order=25,
            build=build,
            live=live,
            applies=applies,
        )
    )
