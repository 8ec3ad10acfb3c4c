"""Turns bound fields of Django forms into the library's fields.

Load with ``{% load govuk %}``. Markup follows govuk-frontend's fixtures (tests/shell compares).
"""

from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

register = template.Library()

_KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.HiddenInput, "hidden"),
    (forms.MultipleHiddenInput, "hidden"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.SelectDateWidget, "date"),
    (forms.Select, "select"),
    (forms.CheckboxInput, "checkbox"),
    (forms.FileInput, "file"),
    (forms.Textarea, "textarea"),
    (forms.MultiWidget, "date"),
)
#: What Django says of an empty field whose form has no words of its own for that.
_REQUIRED = forms.Field.default_error_messages["required"]
_DATE_LABELS = {"year": _("Year"), "month": _("Month"), "day": _("Day")}
_CLASSES = {
    "input": "govuk-input",
    "textarea": "govuk-textarea",
    "select": "govuk-select",
    "file": "govuk-file-upload",
}


@register.filter
def kind(field: BoundField) -> str:
    """Which of the library's fields shows this one: input, textarea, radios, checkboxes…"""
    widget = field.field.widget
    if named := getattr(widget, "shell_kind", ""):
        return str(named)
    for widget_class, name in _KINDS:
        if isinstance(widget, widget_class):
            return name
    return "input"


def describers(field: BoundField) -> list[str]:
    """Ids of what describes the field, in the library's order: count, hint, error."""
    ids = []
    if count_limit(field):
        ids.append(f"{field.id_for_label}-info")
    if field.help_text:
        ids.append(f"{field.id_for_label}-hint")
    if field.errors:
        ids.append(f"{field.id_for_label}-error")
    return ids


@register.filter
def described_by(field: BoundField) -> str:
    """The value of ``aria-describedby`` for a group of choices."""
    base = group_id(field)
    ids = [f"{base}-hint"] if field.help_text else []
    return " ".join([*ids, *([f"{base}-error"] if field.errors else [])])


@register.filter
def group_id(field: BoundField) -> str:
    """The id that the error summary links to: the first control of a group."""
    return str(field.field.widget.attrs.get("id") or field.auto_id or field.html_name)


@register.filter
def count_limit(field: BoundField) -> int:
    """How many characters may be written, for long texts that have a limit; else 0.

    The limit is the form field's ``max_length``, so the page and the server agree.
    """
    limit = getattr(field.field, "max_length", None)
    return int(limit) if limit and kind(field) == "textarea" else 0


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The input itself with the library's classes and descriptions."""
    name = kind(field)
    css = _CLASSES.get(name, "govuk-input")
    classes = [css]
    if field.errors:
        classes.append(f"{css}--error")
    attrs: dict[str, Any] = dict(field.field.widget.attrs)
    if attrs.get("class"):
        classes.append(str(attrs["class"]))
    attrs["class"] = " ".join(classes)
    if ids := describers(field):
        attrs["aria-describedby"] = " ".join(ids)
    if name == "textarea":
        # maxlength counts UTF-16 units and cuts pasted text in silence: the counter warns,
        # the server decides.
        attrs["maxlength"] = False
        # 10 is Django's default, which nobody chose.
        attrs["rows"] = 5 if str(attrs.get("rows", 10)) == "10" else attrs["rows"]
        attrs["cols"] = False
    return field.as_widget(attrs=attrs)


@register.filter
def choices(field: BoundField) -> list[dict[str, Any]]:
    """The options of radios and checkboxes, flat: id, name, value, text, hint, checked.

    ``field.field.choice_hints`` (a dict by value) gives options a hint.
    """
    hints = getattr(field.field, "choice_hints", {})
    base = group_id(field)
    options = []
    for index, sub in enumerate(field.subwidgets):
        data = sub.data
        options.append(
            {
                "id": base if index == 0 else f"{base}-{index + 1}",
                "name": data["name"],
                "value": data["value"],
                "text": data["label"],
                "checked": data["selected"],
                "disabled": bool(data["attrs"].get("disabled")),
                "hint": hints.get(data["value"], ""),
            }
        )
    return options


@register.filter
def error_items(form: forms.BaseForm) -> list[dict[str, str]]:
    """Every error of the form with the address of its field, for the summary.

    A field with a ``summary_name`` is one of many alike (a question of many): each of its lines
    names it.
    """
    items = [{"text": str(error), "href": ""} for error in form.non_field_errors()]
    for field in form:
        # Three boxes: the first one of the page's order.
        base = date_parts(field)[0]["id"] if kind(field) == "date" else group_id(field)
        for error in field.errors.as_data():
            text = str(error.messages[0])
            named = getattr(field.field, "summary_name", "")
            if named or text == str(_REQUIRED):
                # "This field is required." six times over helps nobody: say which.
                text = format_html(
                    _("%(field)s: %(error)s") % {"field": "{field}", "error": "{error}"},
                    field=named or field.label,
                    error=text,
                )
            items.append({"text": text, "href": f"#{base}"})
    return items


@register.filter
def date_parts(field: BoundField) -> list[dict[str, str]]:
    """The three boxes of a date, day first in English, year first in Chinese."""
    widget = field.field.widget
    value = field.value()
    values = value if isinstance(value, list | tuple) else widget.decompress(value)
    base = group_id(field)
    birthday = widget.attrs.get("autocomplete") == "bday"
    parts = {
        name: {
            "id": f"{base}-{name}",
            "name": f"{field.html_name}_{name}",
            "text": str(label),
            "value": str(text or ""),
            "width": "govuk-input--width-4" if name == "year" else "govuk-input--width-2",
            "autocomplete": f"bday-{name}" if birthday else "",
        }
        for (name, label), text in zip(_DATE_LABELS.items(), values, strict=True)
    }
    order = ("year", "month", "day")
    if (get_language() or "en") == "en":
        order = ("day", "month", "year")
    return [parts[name] for name in order]
