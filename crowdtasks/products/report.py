"""A round in a report: how many tried it, and how usable the build is, step by step and in all.

The numbers of the desk can be told at any time. The measures are results, sealed as results are.
What was answered stands in the section of the questions.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.texts import pick
from crowdtasks.products.actions.round import KIND
from crowdtasks.products.figures import (
    Compared,
    Figures,
    StepFigures,
    compare,
    earlier_of,
    figures_of,
    usability_difference,
)
from crowdtasks.products.funnel import STEPS, Funnel, funnel_of
from crowdtasks.products.measures import Difference, Interval
from crowdtasks.products.models import Round
from crowdtasks.report_parts import section, steps_table, time_and_points
from feedback.sections import Cell, Column, SectionData, Table, told, words
from feedback.sections import register as add
from participation.models import Engagement
from participation.policies import can_see_results

_LOW, _HIGH = _("From"), _("To")


def applies(engagement: Engagement) -> bool:
    """Whether it is a round that was published."""
    return engagement.kind == KIND and hasattr(engagement, "round")


def _round(engagement: Engagement) -> Round:
    row = Round.objects.select_related("build__product__engagement").get(engagement=engagement)
    row.engagement = engagement
    return row


# --- the numbers of the desk ----------------------------------------------------------------------


def _numbers(engagement: Engagement, now: dt.datetime) -> SectionData:
    row = _round(engagement)
    funnel = funnel_of(row, now)
    figures: dict[str, Any] = {
        "build": row.build.version,
        **{key: getattr(funnel, key) for key in STEPS},
        "rewards": funnel.places,
        "rewards_taken": funnel.taken,
        "median_seconds": funnel.seconds,
        "points_set_aside": funnel.set_aside,
        "points_earned": funnel.given,
        "points_per_try": funnel.cost,
    }
    return SectionData(figures=figures, lines=_lines(row, funnel), tables=[_reached(funnel)])


def _lines(row: Round, funnel: Funnel) -> list[dict[str, str]]:
    said = words(_("Tried was build %(version)s."), version=row.build.version)
    return [said, *time_and_points(funnel)]


def _reached(funnel: Funnel) -> Table:
    shown = STEPS if funnel.set_aside else {key: STEPS[key] for key in ("started", "finished")}
    return steps_table(
        funnel,
        shown,
        title=_("How far tries came"),
        note=_("Unfinished tries are counted as begun while their drafts are kept."),
    )


# --- the measures ---------------------------------------------------------------------------------


def _measures(engagement: Engagement, now: dt.datetime) -> SectionData:
    row = _round(engagement)
    figures = figures_of(row)
    if not figures.enough:
        return SectionData(
            figures={"tried": figures.tried},
            lines=[words(_("Too few have tried it to tell more than of persons."))],
        )
    found = SectionData(
        figures=_programs(figures),
        tables=[_success(figures), _times(figures)],
    )
    if figures.usability is not None:
        found.lines.append(_score(figures.usability))
    earlier = earlier_of(row)
    if earlier is None or not can_see_results(engagement=earlier.engagement, now=now).allowed:
        return found
    before = figures_of(earlier)
    if before.enough:
        found.tables.append(_compared(earlier, before, figures))
        if (more := usability_difference(before, figures)) is not None:
            found.lines.append(_more(more, earlier))
            found.figures["sus_difference"] = _ends(more)
    return found


def _programs(figures: Figures) -> dict[str, Any]:
    """The measures for programs, by the number of the step."""
    return {
        "tried": figures.tried,
        "steps": [
            {
                "success": _ends(one.success),
                "seconds": _ends(one.time),
                "ease": _ends(one.ease),
            }
            for one in figures.steps
        ],
        "sus": _ends(figures.usability),
    }


def _ends(found: Interval | Difference | None) -> list[float | None] | None:
    """An estimate with the ends of its interval."""
    return None if found is None else [found.value, found.low, found.high]


def _score(found: Interval) -> dict[str, str]:
    if found.low is None or found.high is None:
        return words(_("System Usability Scale: %(score).1f of 100."), score=found.value)
    return words(
        _("System Usability Scale: %(score).1f of 100 (%(low).1f to %(high).1f)."),
        score=found.value,
        low=found.low,
        high=found.high,
    )


def _more(found: Difference, earlier: Round) -> dict[str, str]:
    return words(
        _(
            "On that scale it has %(more)+.1f points more than build %(version)s "
            "(%(low)+.1f to %(high)+.1f)."
        ),
        more=found.value,
        low=found.low,
        high=found.high,
        version=earlier.build.version,
    )


def _name(one: StepFigures | Compared) -> Cell:
    title = pick(one.step.title)
    return told(title.text, title.language)


def _per_cent(found: Interval | None) -> list[Cell]:
    if found is None:
        return [None, None, None]
    ends = (found.value, found.low, found.high)
    return [None if one is None else round(100 * one, 1) for one in ends]


def _plain(found: Interval | Difference | None, digits: int) -> list[Cell]:
    if found is None:
        return [None, None, None]
    ends = (found.value, found.low, found.high)
    return [None if one is None else round(one, digits) for one in ends]


def _success(figures: Figures) -> Table:
    return Table(
        key="success",
        title=_("Who did each step"),
        columns=[
            Column("step", pgettext_lazy("of a round", "Step"), "text"),
            Column("tried", pgettext_lazy("report", "Number")),
            Column("did", _("Did it (%)"), "share"),
            Column("low", _LOW, "share"),
            Column("high", _HIGH, "share"),
            Column("trouble", _("Of these with trouble")),
        ],
        rows=[
            [_name(one), len(one.seen.went), *_per_cent(one.success), one.seen.with_trouble]
            for one in figures.steps
        ],
        note=_(
            "From and to: the interval that holds the true value in 95 of 100 such rounds "
            "(Agresti and Coull 1998)."
        ),
    )


def _times(figures: Figures) -> Table:
    return Table(
        key="times",
        title=_("How long each step took, and how easy it was"),
        columns=[
            Column("step", pgettext_lazy("of a round", "Step"), "text"),
            Column("seconds", _("Typical time (seconds)")),
            Column("low", _LOW),
            Column("high", _HIGH),
            Column("ease", _("Ease, 1 to 7")),
            Column("ease_low", _LOW),
            Column("ease_high", _HIGH),
        ],
        rows=[[_name(one), *_plain(one.time, 0), *_plain(one.ease, 1)] for one in figures.steps],
        note=_(
            "Typical time: the geometric mean of those who did it and were not interrupted (Sauro "
            "and Lewis 2010)."
        ),
    )


def _compared(earlier: Round, before: Figures, now: Figures) -> Table:
    def shares(found: Difference | None) -> list[Cell]:
        if found is None:
            return [None, None, None]
        return [round(100 * one, 1) for one in (found.value, found.low, found.high)]

    return Table(
        key="compared",
        title=words(_("Compared with build %(version)s"), version=earlier.build.version),
        columns=[
            Column("step", pgettext_lazy("of a round", "Step"), "text"),
            Column("did", _("Did it, percentage points")),
            Column("did_low", _LOW),
            Column("did_high", _HIGH),
            Column("time", _("Typical time, times as long")),
            Column("time_low", _LOW),
            Column("time_high", _HIGH),
            Column("ease", _("Ease, points")),
            Column("ease_low", _LOW),
            Column("ease_high", _HIGH),
        ],
        rows=[
            [_name(one), *shares(one.success), *_plain(one.time, 2), *_plain(one.ease, 1)]
            for one in compare(before, now)
        ],
        note=_("An interval that holds no difference at all (0, or 1 for times) may be chance."),
    )


SECTIONS = (
    section("round", _("The round in numbers"), 15, _numbers, applies=applies),
    section("usability", _("The round in figures"), 16, _measures, applies=applies, sealed=True),
)


def register() -> None:
    """Called from ``ready()``."""
    for one in SECTIONS:
        add(one)
