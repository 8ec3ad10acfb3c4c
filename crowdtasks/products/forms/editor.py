"""The editor's forms: what publishing would refuse is refused here already."""

from __future__ import annotations

from typing import Any

from core.exceptions import Invalid
from crowdtasks.products import face, face_round
from crowdtasks.products.asked import faults_of
from crowdtasks.products.models import Build
from participation.forms_of_faces import FaceForm
from questionnaires.blocks import QuestionsWidget
from questionnaires.editing import block_errors


class ProductForm(FaceForm):
    """The form of a ``ProductPage``."""

    def clean(self) -> dict[str, Any]:
        """Builds as the desk judges them; the field at fault says so."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "builds" not in cleaned:
            return cleaned
        self.instance.builds = cleaned["builds"]
        try:
            face.check(self.instance, self.instance.engagement)
        except Invalid as error:
            self.add_error(error.field if error.field in self.fields else None, str(error))
        return cleaned


class RoundForm(FaceForm):
    """The form of a ``RoundPage``; offers the builds of the bureau's public products."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (field := self.fields.get("questions")) is not None:
            field.widget = QuestionsWidget(field.block)
        if (field := self.fields.get("build")) is not None:
            field.queryset = Build.objects.offered(self.parent_page.specific.bureau)
            field.label_from_instance = _named

    def clean(self) -> dict[str, Any]:
        """Build and questions as the desk judges them; the field at fault says so."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        page = self.instance
        if page.locale_id is None:
            return cleaned
        for name in ("build", "who", "asks_sus", "reward", "reward_places", "hold_days"):
            if name in cleaned:
                setattr(page, name, cleaned[name])
        if "questions" in cleaned:
            page.questions = cleaned["questions"]
            if found := faults_of(page, unfinished=False):
                self.add_error("questions", block_errors(page.questions, found))
                return cleaned
        try:
            face_round.check(page, page.engagement)
        except Invalid as error:
            self.add_error(error.field if error.field in self.fields else None, str(error))
        return cleaned


def _named(build: Build) -> str:
    """The build as its product's officers know it."""
    return f"{build.product.engagement} – {build.version}"
