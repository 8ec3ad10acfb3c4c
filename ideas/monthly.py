"""The monthly answer of a standing ideas box: what became public in one month is answered by the
last day of the next, by Hong Kong's calendar (ADR 46).

Ideas of elsewhere owe nobody an answer here, nor do those that another leads.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import get_language, ngettext

from core.dates import format_date
from ideas.models import Idea
from ideas.screening_list import answered
from participation.models import Channel, Engagement
from participation.models.pages import moment
from participation.stages import today


@dataclass(frozen=True)
class Owed:
    """What a box owes on a day: ``due`` ideas by ``due_on``, ``late`` ones since ``was_due_on``.

    Those due became public last month, those late before it; a month with neither is not owed.
    """

    due: int
    due_on: dt.date
    late: int
    was_due_on: dt.date

    @property
    def sentences(self) -> list[str]:
        """Each part in the reader's language, what is late first."""
        language = get_language() or "en"
        said = []
        if self.late:
            said.append(
                ngettext(
                    "%(count)d idea was to be answered by %(day)s.",
                    "%(count)d ideas were to be answered by %(day)s.",
                    self.late,
                )
                % {"count": self.late, "day": format_date(self.was_due_on, language)}
            )
        if self.due:
            said.append(
                ngettext(
                    "%(count)d idea is to be answered by %(day)s.",
                    "%(count)d ideas are to be answered by %(day)s.",
                    self.due,
                )
                % {"count": self.due, "day": format_date(self.due_on, language)}
            )
        return said


def owed_by(boxes: Iterable[Engagement], now: dt.datetime) -> dict[int, Owed]:
    """What each of these boxes owes, by primary key; those that owe nothing are left out.

    One query, however many boxes.
    """
    this_month = today(now).replace(day=1)
    last_month = (this_month - dt.timedelta(days=1)).replace(day=1)
    next_month = (this_month + dt.timedelta(days=31)).replace(day=1)
    rows = (
        Idea.objects.filter(
            engagement__in=[box.pk for box in boxes],
            merged_into=None,
            contribution__state="published",
            contribution__published_at__lt=moment(this_month, None),
        )
        .exclude(contribution__channel=Channel.IMPORT)
        .filter(~answered())
        .order_by()
        .values_list("engagement")
        .annotate(
            waiting=Count("pk"),
            late=Count("pk", filter=Q(contribution__published_at__lt=moment(last_month, None))),
        )
    )
    day = dt.timedelta(days=1)
    return {
        box: Owed(waiting - late, next_month - day, late, this_month - day)
        for box, waiting, late in rows
    }


def open_boxes(now: dt.datetime) -> list[Engagement]:
    """Every public standing box that has opened."""
    rows = Engagement.objects.public().filter(opens_at__lte=now, contest__standing=True)
    return list(rows.select_related("owner").order_by("pk"))
