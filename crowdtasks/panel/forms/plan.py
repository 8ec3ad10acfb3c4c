"""Forms of the desk: whom to invite, the draw. They hold what was typed; the actions judge it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crowdtasks.panel import rules
from crowdtasks.panel.cells import cells_by, words_of
from crowdtasks.panel.facets import ASSISTIVE, DISTRICTS, LANGUAGES

_NUMBER = {"invalid": _("Write a whole number from 1, or leave it empty.")}


class _Small(forms.MultipleChoiceField):
    """Boxes to tick, close together."""

    small = True


class _Count(forms.IntegerField):
    """A number in a table of them: that it may stay empty need not be said at each."""

    unmarked = True


class PlanForm(forms.Form):
    """A number for each cell, their total, from whom to draw, and the days to answer."""

    use_required_attribute = False

    def __init__(self, *args: Any, by: str, counts: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        for cell in cells_by(by):
            self.fields[cell] = _number(words_of(cell), required=False, hint=counts[cell])
        self.fields["total"] = _number(
            _("Total"), hint=_("The sum of the lines above: it guards against a slip.")
        )
        self.fields["answer_days"] = _number(_("Days to answer"))
        for name, label, words in (
            ("districts", _("Only from these districts"), DISTRICTS),
            ("languages", _("Only who speaks one of these"), LANGUAGES),
            ("assistive", _("Only who uses one of these"), ASSISTIVE),
        ):
            self.fields[name] = _Small(
                label=label,
                choices=list(words.items()),
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    @property
    def cells(self) -> list[forms.BoundField]:
        """The lines of the quota."""
        return [self[cell] for cell in cells_by(self.by)]

    @property
    def quota(self) -> dict[str, int | None]:
        """What was typed for each cell."""
        return {cell: self.cleaned_data[cell] for cell in cells_by(self.by)}

    @property
    def narrowed(self) -> dict[str, list[str]]:
        """From whom alone to draw."""
        names = ("districts", "languages", "assistive")
        return {name: list(self.cleaned_data[name]) for name in names}


def _number(label: Any, *, required: bool = True, hint: Any = "") -> forms.IntegerField:
    return _Count(
        label=label,
        required=required,
        help_text=hint,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-5"}),
        error_messages=_NUMBER,
    )


class DrawForm(forms.Form):
    """A seed that was made elsewhere, or none."""

    seed = forms.CharField(
        label=_("Seed"),
        required=False,
        max_length=rules.SEED_LENGTH,
        help_text=_("Leave it empty to have one made. Fill it in if it was drawn in public."),
    )
