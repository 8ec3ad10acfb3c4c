"""The editor's form of a campaign: what publishing would refuse is refused here already."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.exceptions import Invalid
from crowdtasks.asked import faults_of
from crowdtasks.face import check
from participation.forms_of_faces import FaceForm
from questionnaires.blocks import QuestionsWidget
from questionnaires.editing import block_errors

_JUDGED = (
    "opens_on",
    "opens_time",
    "closes_on",
    "closes_time",
    "response_due",
    "kind",
    "answer_level",
    "places",
    "claim_minutes",
    "reward",
    "hold_days",
    "review_rule",
    "sample_percent",
    "results_after_own",
)


class CampaignForm(FaceForm):
    """The form of a ``CampaignPage``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (field := self.fields.get("questions")) is not None:
            field.widget = QuestionsWidget(field.block)

    def clean(self) -> dict[str, Any]:
        """Questions and rules as the desk judges them; the field at fault says so."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.has_unreal_days(cleaned):
            return cleaned
        page = self.instance
        for name in _JUDGED:
            if name in cleaned:
                setattr(page, name, cleaned[name])
        if page.opens_at and page.closes_at and page.closes_at <= page.opens_at:
            self.add_error("closes_on", _("The last day must not be before the opening."))
            return cleaned
        if page.locale_id is None:
            return cleaned
        if "questions" in cleaned:
            page.questions = cleaned["questions"]
            if found := faults_of(page, unfinished=False):
                self.add_error("questions", block_errors(page.questions, found))
                return cleaned
        try:
            check(page, page.engagement)
        except Invalid as error:
            self.add_error(error.field if error.field in self.fields else None, str(error))
        return cleaned
