"""A step of a scale, a number, a date, a statement agreed to."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.dates import format_date
from core.exceptions import Invalid
from core.fields import DateField as ShellDateField
from core.texts import Text, pick
from questionnaires.definition import QuestionDef
from questionnaires.kinds.base import (
    Anything,
    Kind,
    is_blank,
    marked,
    refuse,
    shown_field,
    whole_number,
)
from questionnaires.kinds.choices import UNKNOWN, OneField

if TYPE_CHECKING:
    from questionnaires.models import Answer

#: The answer's column holds 24 digits, 6 of them after the point.
INTEGER_DIGITS = 18
PLACES_MAXIMUM = 6
#: More steps are no scale any more; ask for a number.
STEPS_MAXIMUM = 11
SENT_MAXIMUM = 60
# After NFKC, so that full-width digits are digits. Thousands are grouped by commas or spaces,
# all of them or none; a comma never stands for the point.
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:(?:,\d{3})+|(?: \d{3})+)(?:\.\d*)?", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_DIGITS = re.compile(r"\d{1,4}", re.ASCII)
_MINUS = str.maketrans({"\u2212": "-", "\u2012": "-", "\u2013": "-", "\u066c": ","})
FIRST_YEAR, LAST_YEAR = 1800, 2200


class DateField(Anything, ShellDateField):
    """Three boxes. What is typed stays typed until the kind has judged it."""


class NumberField(Anything, forms.CharField):
    """One box for digits."""


class ConsentField(Anything, forms.BooleanField):
    """One box to tick."""


def _sent(raw: Any) -> str | None:
    """What was typed as plain text, width and dashes folded; None for what is no short text."""
    if not isinstance(raw, str) or len(raw) > SENT_MAXIMUM:
        return None
    return " ".join(unicodedata.normalize("NFKC", raw).translate(_MINUS).split())


def _number_text(number: Decimal) -> str:
    """Digits alone: no exponent, no zeros that say nothing, no minus before a zero."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def decimal_of(raw: Any) -> Decimal | None:
    """The number that was typed or sent, or None. Never infinite, never NaN, never an exponent."""
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int | Decimal | float):
        raw = f"{Decimal(str(raw)):f}" if _is_short(raw) else ""
    text = _sent(raw)
    if not text or not (_PLAIN.fullmatch(text) or _GROUPED.fullmatch(text)):
        return None
    number = Decimal(text.replace(",", "").replace(" ", ""))
    if number.adjusted() >= INTEGER_DIGITS and number:
        return None
    return number


def _is_short(number: int | float | Decimal) -> bool:
    if isinstance(number, Decimal) and not number.is_finite():
        return False
    if isinstance(number, float) and not math.isfinite(number):
        return False
    # Compared, not printed: the digits of a huge whole number are costly to write.
    return -(10**INTEGER_DIGITS) < number < 10**INTEGER_DIGITS


def date_of(raw: Any) -> dt.date | None:
    """The day that was sent as ISO text or as year, month and day; None when there is no such."""
    if isinstance(raw, list | tuple):
        parts = [_sent(each) for each in raw]
        if len(parts) != 3 or not all(part and _DIGITS.fullmatch(part) for part in parts):
            return None
        year, month, day = (int(part) for part in parts if part)
        if len(str(parts[0])) != 4:
            return None
    else:
        found = _ISO.fullmatch(_sent(raw) or "")
        if found is None:
            return None
        year, month, day = (int(part) for part in found.groups())
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


class Scale(Kind):
    """One step of some, with words at steps where the editor gave them."""

    name = "scale"
    report_as = "scale"
    seconds = 10

    @property
    def tests(self) -> tuple[str, ...]:
        return ("at-least", "at-most", "is-any", "is-none", "answered", "not-answered")

    def steps(self, question: QuestionDef) -> range:
        """The steps, from least to most; never more than a page can show."""
        least = whole_number(question.settings, "least", 1) or 0
        most = whole_number(question.settings, "most", 5) or 0
        return range(least, min(most, least + STEPS_MAXIMUM - 1) + 1)

    def label(self, step: int, question: QuestionDef, language: str) -> Text:
        """A step in words: its number, and the label where there is one."""
        labels = question.settings.get("labels") or {}
        text = pick(labels.get(str(step)) or {}, language)
        return Text(f"{step} – {text.text}" if text.text else str(step), text.language)

    def form_field(
        self, question: QuestionDef, language: str, before: Any = None
    ) -> forms.Field | None:
        pairs = [
            (str(step), marked(self.label(step, question, language), language))
            for step in self.steps(question)
        ]
        return shown_field(OneField(choices=pairs, widget=forms.RadioSelect), question, language)

    def initial(self, value: Any) -> tuple[Any, str]:
        return str(value), ""

    def parse(self, raw: Any, question: QuestionDef) -> Any:
        if is_blank(raw):
            return None
        number = decimal_of(raw)
        if number is None or number != number.to_integral_value():
            raise refuse(question, UNKNOWN, "unknown_step")
        return int(number)

    def problems(self, value: Any, question: QuestionDef, before: Any = None) -> list[Invalid]:
        if value in self.steps(question):
            return []
        return [refuse(question, UNKNOWN, "unknown_step")]

    def store(self, answer: Answer, value: Any) -> list[str]:
        answer.number = Decimal(value)
        return []

    def read(self, answer: Answer) -> Any:
        return None if answer.number is None else int(answer.number)

    def describe(self, value: Any, question: QuestionDef, language: str) -> list[Text]:
        return [self.label(value, question, language)]

    def buckets(self, value: Any) -> list[str]:
        return [str(value)]

    def measure(self, value: Any) -> Decimal | dt.date | None:
        return Decimal(value)

    def bound(self, text: str) -> Decimal | dt.date | None:
        return decimal_of(text)

    def problems_of(self, question: QuestionDef) -> list[str]:
        least = whole_number(question.settings, "least", 1) or 0
        most = whole_number(question.settings, "most", 5) or 0
        fits = 1 <= most - least <= STEPS_MAXIMUM - 1
        return [] if fits else ["steps-of-scale"]


class Number(Kind):
    """A number, kept as it was typed but for width and grouping. ``"1234.5"``."""

    name = "number"
    report_as = "number"
    seconds = 15

    @property
    def tests(self) -> tuple[str, ...]:
        return ("at-least", "at-most", "answered", "not-answered")

    def places(self, question: QuestionDef) -> int:
        """How many digits may stand after the point."""
        wanted = whole_number(question.settings, "places", 0) or 0
        return max(0, min(wanted, PLACES_MAXIMUM))

    def form_field(
        self, question: QuestionDef, language: str, before: Any = None
    ) -> forms.Field | None:
        attrs = {
            "inputmode": "decimal" if self.places(question) else "numeric",
            "autocomplete": "off",
            "spellcheck": "false",
            "class": "govuk-input--width-10",
        }
        field = shown_field(
            NumberField(max_length=SENT_MAXIMUM, widget=forms.TextInput(attrs=attrs)),
            question,
            language,
        )
        unit = pick(question.settings.get("unit") or {}, language)
        if unit and not field.help_text:
            field.help_text = gettext("In %(unit)s.") % {"unit": unit.text}
        return field

    def parse(self, raw: Any, question: QuestionDef) -> Any:
        if is_blank(raw):
            return None
        number = decimal_of(raw)
        if number is None:
            raise refuse(question, _("Enter a number in digits, such as 1200."), "not_a_number")
        text = _number_text(number)
        if len(text.partition(".")[2]) > self.places(question):
            places = self.places(question)
            sentence = (
                _("Enter a number with at most %(places)s digits after the point.")
                % {"places": places}
                if places
                else _("Enter a whole number.")
            )
            raise refuse(question, sentence, "too_many_places")
        return text

    def problems(self, value: Any, question: QuestionDef, before: Any = None) -> list[Invalid]:
        number = Decimal(value)
        least, most = (decimal_of(question.settings.get(name)) for name in ("least", "most"))
        if least is not None and number < least:
            return [
                refuse(
                    question,
                    _("Enter a number of %(least)s or more.") % {"least": _number_text(least)},
                    "too_small",
                )
            ]
        if most is not None and number > most:
            return [
                refuse(
                    question,
                    _("Enter a number of %(most)s or less.") % {"most": _number_text(most)},
                    "too_large",
                )
            ]
        return []

    def store(self, answer: Answer, value: Any) -> list[str]:
        answer.number = Decimal(value)
        return []

    def read(self, answer: Answer) -> Any:
        return None if answer.number is None else _number_text(answer.number)

    def describe(self, value: Any, question: QuestionDef, language: str) -> list[Text]:
        unit = pick(question.settings.get("unit") or {}, language)
        return [Text(f"{value} {unit.text}" if unit else value, unit.language)]

    def buckets(self, value: Any) -> list[str]:
        return [value]

    def measure(self, value: Any) -> Decimal | dt.date | None:
        return Decimal(value)

    def bound(self, text: str) -> Decimal | dt.date | None:
        return decimal_of(text)

    def problems_of(self, question: QuestionDef) -> list[str]:
        bounds = []
        for name in ("least", "most"):
            given = question.settings.get(name)
            if given not in (None, ""):
                bounds.append(decimal_of(given))
        if None in bounds:
            return ["bounds"]
        return ["bounds"] if len(bounds) == 2 and bounds[0] > bounds[1] else []  # type: ignore[operator]


class Date(Kind):
    """A calendar day. ``"2026-12-31"``."""

    name = "date"
    report_as = "date"
    seconds = 15

    @property
    def tests(self) -> tuple[str, ...]:
        return ("at-least", "at-most", "answered", "not-answered")

    def form_field(
        self, question: QuestionDef, language: str, before: Any = None
    ) -> forms.Field | None:
        return shown_field(DateField(), question, language)

    def initial(self, value: Any) -> tuple[Any, str]:
        return date_of(value), ""

    def parse(self, raw: Any, question: QuestionDef) -> Any:
        if isinstance(raw, list | tuple) and not any(
            each.strip() if isinstance(each, str) else each for each in raw
        ):
            return None
        if is_blank(raw):
            return None
        day = date_of(raw)
        if day is None:
            raise refuse(question, _("Enter a real date, such as 31 12 2026."), "not_a_date")
        return day.isoformat()

    def problems(self, value: Any, question: QuestionDef, before: Any = None) -> list[Invalid]:
        day = dt.date.fromisoformat(value)
        least = date_of(question.settings.get("least"))
        most = date_of(question.settings.get("most"))
        if least is not None and day < least:
            return [self._early(question, least)]
        if most is not None and day > most:
            return [self._late(question, most)]
        if least is None and day.year < FIRST_YEAR:
            return [self._early(question, dt.date(FIRST_YEAR, 1, 1))]
        if most is None and day.year > LAST_YEAR:
            return [self._late(question, dt.date(LAST_YEAR, 12, 31))]
        return []

    def _early(self, question: QuestionDef, day: dt.date) -> Invalid:
        sentence = gettext("Enter a date on or after %(day)s.")
        return refuse(question, sentence % {"day": _day(day)}, "too_early")

    def _late(self, question: QuestionDef, day: dt.date) -> Invalid:
        sentence = gettext("Enter a date on or before %(day)s.")
        return refuse(question, sentence % {"day": _day(day)}, "too_late")

    def store(self, answer: Answer, value: Any) -> list[str]:
        answer.date = dt.date.fromisoformat(value)
        return []

    def read(self, answer: Answer) -> Any:
        return None if answer.date is None else answer.date.isoformat()

    def describe(self, value: Any, question: QuestionDef, language: str) -> list[Text]:
        return [Text(format_date(dt.date.fromisoformat(value), language), language)]

    def buckets(self, value: Any) -> list[str]:
        return [value]

    def measure(self, value: Any) -> Decimal | dt.date | None:
        return dt.date.fromisoformat(value)

    def bound(self, text: str) -> Decimal | dt.date | None:
        return date_of(text)

    def problems_of(self, question: QuestionDef) -> list[str]:
        days = [
            date_of(question.settings[name])
            for name in ("least", "most")
            if question.settings.get(name) not in (None, "")
        ]
        if None in days:
            return ["bounds"]
        return ["bounds"] if len(days) == 2 and days[0] > days[1] else []  # type: ignore[operator]


def _day(day: dt.date) -> str:
    from django.utils.translation import get_language

    return format_date(day, get_language() or "en")


class Consent(Kind):
    """A statement that is agreed to by a tick; not ticked is no answer."""

    name = "consent"
    report_as = "choices"
    seconds = 10

    def form_field(
        self, question: QuestionDef, language: str, before: Any = None
    ) -> forms.Field | None:
        field = ConsentField(widget=forms.CheckboxInput())
        return shown_field(field, question, language)

    def initial(self, value: Any) -> tuple[Any, str]:
        return bool(value), ""

    def parse(self, raw: Any, question: QuestionDef) -> Any:
        if is_blank(raw) or raw is False or (isinstance(raw, str) and raw.lower() == "false"):
            return None
        if raw is True or (isinstance(raw, str) and raw.lower() in {"on", "true", "1"}):
            return True
        raise refuse(question, _("Tick the box, or leave it."), "not_consent")

    def store(self, answer: Answer, value: Any) -> list[str]:
        answer.number = Decimal(1)
        return []

    def read(self, answer: Answer) -> Any:
        return True if answer.number else None

    def describe(self, value: Any, question: QuestionDef, language: str) -> list[Text]:
        return [Text(gettext("I agree"), language)]

    def buckets(self, value: Any) -> list[str]:
        return ["agreed"]
