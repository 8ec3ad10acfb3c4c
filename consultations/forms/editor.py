"""The editor's form of a paper: what publishing would refuse is refused here already."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from consultations.actions.paper import check_paper, check_rules
from consultations.forms.desk import FIRST_DAY, LAST_DAY
from consultations.questions import definition_of_page, frozen_definition
from core.exceptions import Invalid
from participation.forms_of_faces import PartneredForm
from participation.models import Engagement
from questionnaires.blocks import QuestionsWidget
from questionnaires.editing import block_errors, faults


class PaperForm(PartneredForm):
    """The form of a ``ConsultationPage``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (field := self.fields.get("questions")) is not None:
            field.widget = QuestionsWidget(field.block)

    def clean(self) -> dict[str, Any]:
        """Dates and statements as ``check_paper`` judges them; the field at fault says so."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        page = self.instance
        for name in (
            "opens_on",
            "opens_time",
            "closes_on",
            "closes_time",
            "response_due",
            "slug",
            "statements",
            "questions",
            "questions_intro",
            "organisations_may_answer",
            "ask_about_you",
            "comment_level",
            "answer_level",
            "vote_level",
            "moderation_policy",
            "results_from",
            "grace_minutes",
            "partners",
        ):
            if name in cleaned:
                setattr(page, name, cleaned[name])
        for name in ("opens_on", "closes_on", "response_due"):
            if (day := cleaned.get(name)) and not FIRST_DAY <= day <= LAST_DAY:
                self.add_error(name, _("Enter a real date, such as 31 12 2026."))
                return cleaned
        if page.locale_id is None:
            return cleaned
        engagement = page.engagement
        if "questions" in cleaned and self._questions_at_fault(engagement):
            return cleaned
        try:
            check_paper(page, engagement)
            check_rules(page, engagement)
        except Invalid as error:
            self.add_error(error.field if error.field in self.fields else None, str(error))
        return cleaned

    def _questions_at_fault(self, engagement: Engagement | None) -> bool:
        """Show what is wrong with the questions at their blocks; unfinished ones may be saved."""
        page = self.instance
        found = faults(definition_of_page(page), frozen_definition(engagement), unfinished=False)
        if found:
            self.add_error("questions", block_errors(page.questions, found))
        return bool(found)
