"""Form fields of the shell that Django has not: a long text, a date in three boxes."""

import datetime as dt
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class LongTextField(forms.CharField):
    """A text of several lines whose ``max_length`` counts as the page does: code points, NFC,
    a line break is one (browsers send two characters for it).

    The action cleans the text again (``core.text.clean_text``); this only keeps page and server
    of one mind about the length.
    """

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        """Return the text in NFC with plain line breaks."""
        text = super().to_python(value) or ""
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        return unicodedata.normalize("NFC", text)


class DateInput(forms.MultiWidget):
    """Year, month, day in the order of the page's language; three plain text boxes."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        widgets: dict[str, forms.Widget | type[forms.Widget]] = {
            name: forms.TextInput() for name in ("year", "month", "day")
        }
        super().__init__(widgets, attrs)

    def decompress(self, value: Any) -> list[str]:
        """A date becomes the three texts; nothing becomes three empty ones."""
        if isinstance(value, dt.date):
            return [str(value.year), str(value.month), str(value.day)]
        return ["", "", ""]


class DateField(forms.MultiValueField):
    """A calendar date written as year, month and day."""

    widget = DateInput

    def __init__(self, **kwargs: Any) -> None:
        parts = [forms.CharField(max_length=8, required=False) for _part in range(3)]
        super().__init__(parts, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[str]) -> dt.date | None:
        """Return the date; ``ValidationError`` with a sentence when there is no such day."""
        if not data_list or not any(data_list):
            return None
        try:
            year, month, day = (int(part) for part in data_list)
            return dt.date(year, month, day)
        except (ValueError, OverflowError):
            raise ValidationError(
                _("Enter a real date, such as 31 12 2026."), code="invalid"
            ) from None
