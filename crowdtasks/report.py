"""A campaign in a report: how far responses came, how places filled, how long it took, its cost.

What was answered stands in the section of the questions, over all responses whatever was decided.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crowdtasks import integrity
from crowdtasks.actions.campaign import KIND
from crowdtasks.funnel import STEPS, Funnel, funnel_of
from crowdtasks.models import Claim
from crowdtasks.report_parts import section, steps_table, time_and_points
from crowdtasks.states import FINISHED
from feedback.sections import Column, SectionData, Table, words
from feedback.sections import register as add
from participation.models import Engagement


def applies(engagement: Engagement) -> bool:
    """Whether it is a poll or a survey that was published."""
    return engagement.kind == KIND and hasattr(engagement, "campaign")


def _marked(engagement: Engagement) -> Table:
    """How many were looked at for which reason; one response may have several."""
    found: dict[str, int] = dict.fromkeys(integrity.OF_TASKS, 0)
    rows = Claim.objects.filter(campaign=engagement.pk, state__in=FINISHED).exclude(flags=[])
    counted = rows.order_by().values_list("flags").annotate(number=Count("pk"))
    for flags, number in counted:
        for flag in flags:
            found[flag] = found.get(flag, 0) + number
    return Table(
        key="looked-at",
        title=_("Why responses were looked at"),
        columns=[
            Column("reason", pgettext_lazy("of a task", "Reason"), "words"),
            Column("number", pgettext_lazy("report", "Number")),
        ],
        rows=[[words(integrity.FLAGS[key]), found[key]] for key in integrity.OF_TASKS],
    )


def _lines(funnel: Funnel) -> list[dict[str, str]]:
    lines: list[dict[str, str]] = []
    if funnel.places is not None:
        lines.append(
            words(
                _("Of %(places)d places %(taken)d are held or used."),
                places=funnel.places,
                taken=funnel.taken,
            )
        )
    lines += time_and_points(funnel)
    return lines


def _data(engagement: Engagement, now: dt.datetime) -> SectionData:
    """The numbers of this instant; a few queries whatever their size."""
    funnel = funnel_of(engagement, now)
    figures: dict[str, Any] = {
        **{key: getattr(funnel, key) for key in STEPS},
        "places": funnel.places,
        "taken": funnel.taken,
        "median_seconds": funnel.seconds,
        "points_set_aside": funnel.set_aside,
        "points_earned": funnel.given,
        "points_per_accepted": funnel.cost,
    }
    reached = steps_table(
        funnel,
        STEPS,
        title=_("How far responses came"),
        note=_("Unfinished responses are counted as begun while their drafts are kept."),
    )
    return SectionData(figures=figures, lines=_lines(funnel), tables=[reached, _marked(engagement)])


SECTION = section("task", _("The poll or survey in numbers"), 15, _data, applies=applies)


def register() -> None:
    """Called from ``ready()``."""
    add(SECTION)
