"""The editor's form of a contest: what publishing would refuse is refused here already."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from core import clock
from core.exceptions import Invalid
from ideas.asked import faults_of
from ideas.face import check
from participation.forms_of_faces import PartneredForm
from questionnaires.blocks import QuestionsWidget
from questionnaires.editing import block_errors

_JUDGED = (
    "opens_on",
    "opens_time",
    "closes_on",
    "closes_time",
    "vote_opens_on",
    "vote_closes_on",
    "vote_kind",
    "vote_most",
    "vote_budget",
    "jury_closes_on",
    "response_due",
    "standing",
)
#: Years in which no contest is: the ends of the calendar overflow time zones.
_FIRST, _LAST = 1990, 2190


class ContestForm(PartneredForm):
    """The form of a ``ContestPage``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (field := self.fields.get("questions")) is not None:
            field.widget = QuestionsWidget(field.block)

    def clean(self) -> dict[str, Any]:
        """Dates as the desk judges them; the field at fault says so."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        page = self.instance
        for name in _JUDGED:
            day = cleaned.get(name)
            if isinstance(day, dt.date) and not _FIRST <= day.year <= _LAST:
                self.add_error(name, _("Enter a real date, such as 31 12 2026."))
                return cleaned
            if name in cleaned:
                setattr(page, name, day)
        if page.opens_at and page.closes_at and page.closes_at <= page.opens_at:
            self.add_error("closes_on", _("The last day must not be before the opening."))
            return cleaned
        if page.locale_id is None:
            return cleaned
        if "questions" in cleaned:
            page.questions = cleaned["questions"]
            if found := faults_of(page, clock.now(), unfinished=False):
                self.add_error("questions", block_errors(page.questions, found))
                return cleaned
        try:
            check(page, page.engagement)
        except Invalid as error:
            self.add_error(error.field if error.field in self.fields else None, str(error))
        return cleaned
