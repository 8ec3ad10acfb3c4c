"""Forms of ideas. They hold what was typed; the actions judge it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from core.fields import LongTextField
from core.file_fields import FilesField
from core.texts import pick
from ideas.actions.ideas import PLACE_LIMIT, TEXT_LIMIT, TITLE_LIMIT
from ideas.asked import is_private
from ideas.models import Category
from ideas.places import POINT_LIMIT
from ideas.tags import LONGEST, MOST, split_tags
from participation.facets import DISTRICTS
from questionnaires.definition import Definition
from questionnaires.forms import PartForm, entries
from questionnaires.kinds.base import field_name

KEY_MAXIMUM = 40
ONLY_BUREAU = _("Only the bureau and the idea's authors read this.")


def _title() -> LongTextField:
    field = LongTextField(
        label=_("Title of your idea"),
        max_length=TITLE_LIMIT,
        strip=False,
        help_text=_("In a few words, so that others find it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Give your idea a title.")},
    )
    field.label_class = "govuk-label--m"  # type: ignore[attr-defined]
    return field


def _text() -> LongTextField:
    field = LongTextField(
        label=_("What would you do?"),
        max_length=TEXT_LIMIT,
        strip=False,
        help_text=_("What should happen, for whom, and what it would change."),
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": _("Write what you would do.")},
    )
    field.label_class = "govuk-label--m"  # type: ignore[attr-defined]
    return field


class IdeaForm(forms.Form):
    """Title and what one would do. Everything else is added afterwards."""

    title = _title()
    text = _text()


class CheckForm(forms.Form):
    """What is still missing before the idea is handed in: the name, if anything."""

    display_name = forms.CharField(
        label=_("Your display name"),
        max_length=200,
        help_text=_(
            "Shown with what you publish, here and later. It need not be your real name; never use "
            "your e-mail address."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "spellcheck": "false"}),
        error_messages={"required": _("Choose a name that is shown with your idea.")},
    )

    def __init__(self, *args: Any, ask_name: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not ask_name:
            del self.fields["display_name"]


class EditIdeaForm(PartForm):
    """A new version, with all that can be added until the call closes.

    The contest's own questions come after what every idea has, the files last.
    """

    FIRST = ("title", "text", "category", "tags", "district", "place", "point")

    title = _title()
    text = _text()
    category = forms.ChoiceField(label=_("Category"), required=False)
    tags = forms.CharField(
        label=_("Tags"),
        required=False,
        max_length=MOST * (LONGEST + 4),
        help_text=_("Words that others may look for, with commas between them. At most 8."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    district = forms.ChoiceField(
        label=_("District"),
        required=False,
        choices=[("", _("All of Hong Kong, or none in particular")), *DISTRICTS],
    )
    place = forms.CharField(
        label=_("Place, in words"),
        required=False,
        max_length=PLACE_LIMIT * 2,
        help_text=_("A street, an estate, a bus stop. Never somebody's home."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    point = forms.CharField(
        label=_("Point on the map"),
        required=False,
        max_length=POINT_LIMIT,
        help_text=_(
            "Latitude and longitude as a map app copies them, such as 22.27940, 114.16390. Hong "
            "Kong only, never somebody's home."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    files = FilesField(  # type: ignore[assignment]
        label=_("Pictures and documents"), required=False
    )
    version = forms.IntegerField(min_value=1, max_value=1_000_000, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        categories: Iterable[Category] = (),
        definition: Definition,
        answers: Mapping[str, Any],
        **kwargs: Any,
    ) -> None:
        self.definition, self.answers = definition, answers
        super().__init__(*args, questions=definition.questions(), answers=answers, **kwargs)
        for question in self.questions:
            if is_private(question):
                field = self.fields[field_name(question)]
                field.help_text = format_html(
                    "{}{}{}", field.help_text, " " if field.help_text else "", ONLY_BUREAU
                )
        found = [(row.key, pick(row.name).text) for row in categories]
        field = self.fields["category"]
        if found:
            field.choices = [("", _("None of these")), *found]  # type: ignore[attr-defined]
        else:
            del self.fields["category"]

    def first(self) -> list[forms.BoundField]:
        """What every idea has, for the template."""
        return [self[name] for name in self.FIRST if name in self.fields]

    def entries(self) -> list[dict[str, Any]]:
        """The contest's questions, for the template. After a refusal they stay as they were."""
        if not self.questions:
            return []
        found = entries(self, self.definition.sections[0], self.definition, self.answers)
        if self.is_bound and hasattr(self.data, "getlist"):
            seen = set(self.data.getlist("seen"))
            for entry in found:
                entry["hidden"] = entry["hidden"] and entry["name"] not in seen
        return found

    def given(self) -> dict[str, Any]:
        """The answers that were given, by the question's key."""
        return {key: value for key, value in self.values().items() if value is not None}

    def tag_list(self) -> list[str]:
        """The tags as typed, cut. Raises ``Invalid`` (field 'tags')."""
        return split_tags(self.cleaned_data["tags"])


class ConfirmForm(forms.Form):
    """A button and nothing else."""
