"""Forms of administrators: a reward in three languages, codes, numbers, a refund."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _
from wagtail.images.widgets import AdminImageChooser

from accounts.models import Bureau
from core.fields import LongTextField
from core.models import MediaImage
from core.simplified import to_simplified
from core.texts import LANGUAGES
from crowdtasks.rewards.actions.catalogue import (
    COLLECT_DAYS_MAXIMUM,
    TEXTS,
    Details,
)
from crowdtasks.rewards.actions.refunds import REASON_MAXIMUM
from crowdtasks.rewards.actions.stock import UNITS_MAXIMUM
from crowdtasks.rewards.models import Reward, RewardKind
from crowdtasks.rewards.models.catalogue import PER_PERSON_MAXIMUM, POINTS_MAXIMUM

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2199, 12, 31)
_LANGUAGE = {
    "en": _("English"),
    "zh-hant": _("Traditional Chinese"),
    "zh-hans": _("Simplified Chinese"),
}
_WORDS = {
    "name": _("Name"),
    "summary": _("In a few words"),
    "terms": _("Terms"),
    "collect_at": _("Where and when to collect it"),
    "picture_alt": _("What the picture shows"),
}
_DERIVED = _("Left empty, it is made from the Traditional text.")


def field_key(name: str, language: str) -> str:
    """A text in one language as a field's name."""
    return f"{name}_{language.replace('-', '_')}"


class _Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _day(**options: Any) -> forms.DateField:
    limits = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]
    return forms.DateField(widget=_Day(), validators=limits, **options)


def _text(name: str, language: str) -> forms.CharField:
    longest, multiline = TEXTS[name]
    options: dict[str, Any] = {
        "label": f"{_WORDS[name]} ({_LANGUAGE[language]})",
        "max_length": longest,
        "required": False,
        "help_text": _DERIVED if language == "zh-hans" else "",
    }
    if multiline:
        return LongTextField(widget=forms.Textarea(attrs={"rows": 4}), **options)
    return forms.CharField(**options)


def _suppliers() -> list[tuple[str, Any]]:
    names = sorted(settings.KAIFONG["VOUCHER_SUPPLIERS"])
    return [("", _("None")), *((name, name) for name in names)]


class RewardForm(forms.Form):
    """Everything about a reward but its stock."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=RewardKind.choices, widget=forms.RadioSelect, initial="voucher"
    )
    bureau = forms.ModelChoiceField(
        label=_("Offered by"),
        queryset=Bureau.objects.filter(in_use=True),
        help_text=_("Its officers hand out prizes at their counter."),
    )
    points = forms.IntegerField(label=_("Cost in points"), min_value=1, max_value=POINTS_MAXIMUM)
    per_person = forms.IntegerField(
        label=_("At most for one person"),
        min_value=1,
        max_value=PER_PERSON_MAXIMUM,
        required=False,
        initial=1,
        help_text=_("Empty: as many as one has points for."),
    )
    first_day = _day(label=_("First day"))
    last_day = _day(
        label=_("Last day"),
        required=False,
        help_text=_("To the end of this day, 11:59 pm. Empty: until it is taken out."),
    )
    picture = forms.ModelChoiceField(
        label=_("Picture"),
        queryset=MediaImage.objects.all(),
        required=False,
        widget=AdminImageChooser,
    )
    supplier = forms.ChoiceField(
        label=_("Outside supplier"),
        required=False,
        choices=_suppliers,
        help_text=_("For vouchers: whose codes are asked for one by one. None: own codes."),
    )
    product = forms.CharField(label=_("What the supplier calls it"), max_length=80, required=False)
    collect_days = forms.IntegerField(
        label=_("Days a prize is kept"),
        min_value=1,
        max_value=COLLECT_DAYS_MAXIMUM,
        initial=30,
    )
    returns_uncollected = forms.BooleanField(
        label=_("Return the points of a prize that is not collected in time"),
        required=False,
        initial=True,
    )
    low_at = forms.IntegerField(
        label=_("Tell administrators when no more than this are left"),
        min_value=0,
        max_value=1_000_000,
        initial=10,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in TEXTS:
            for language in LANGUAGES:
                self.fields[field_key(name, language)] = _text(name, language)
        self.order_fields(
            [
                *("kind", "bureau"),
                *(field_key("name", language) for language in LANGUAGES),
                *(field_key("summary", language) for language in LANGUAGES),
                *("points", "per_person", "first_day", "last_day"),
                *(field_key("terms", language) for language in LANGUAGES),
                "picture",
            ]
        )

    def details(self) -> Details:
        """What was typed, for the action."""
        typed = self.cleaned_data
        last = typed["last_day"]
        return Details(
            **{
                name: typed[name]
                for name in (
                    *("bureau", "kind", "points", "per_person", "picture", "supplier"),
                    *("product", "collect_days", "returns_uncollected", "low_at"),
                )
            },
            opens_at=midnight(typed["first_day"]),
            closes_at=midnight(last + dt.timedelta(days=1)) if last else None,
            texts={
                name: {language: typed[field_key(name, language)] for language in LANGUAGES}
                for name in TEXTS
            },
        )


def midnight(day: dt.date) -> dt.datetime:
    """When a day begins in Hong Kong."""
    return dt.datetime.combine(day, dt.time(), HONG_KONG)


def initial_of(row: Reward) -> dict[str, Any]:
    """A reward as its form shows it."""
    names = ("kind", "bureau", "points", "per_person", "picture", "supplier", "product")
    kept = ("collect_days", "returns_uncollected", "low_at")
    found: dict[str, Any] = {name: getattr(row, name) for name in (*names, *kept)}
    found["first_day"] = row.opens_at.astimezone(HONG_KONG).date()
    if row.closes_at is not None:
        last = row.closes_at.astimezone(HONG_KONG) - dt.timedelta(microseconds=1)
        found["last_day"] = last.date()
    for name in TEXTS:
        for language in LANGUAGES:
            found[field_key(name, language)] = _shown(getattr(row, name), language)
    return found


def _shown(texts: dict[str, str], language: str) -> str:
    """A text as its box shows it: what was made from the Traditional one goes on following it."""
    text = texts.get(language, "")
    follows = language == "zh-hans" and text == to_simplified(texts.get("zh-hant", ""))
    return "" if follows else text


def label_of(key: str) -> str:
    """The label of a text's field, by the field's name; "" for another field."""
    for name in TEXTS:
        for language in LANGUAGES:
            if field_key(name, language) == key:
                return f"{_WORDS[name]} ({_LANGUAGE[language]})"
    return ""


class CodesForm(forms.Form):
    """A file of voucher codes."""

    file = forms.FileField(
        label=_("File of codes (CSV)"),
        help_text=_(
            "One code a line, in the first column; up to 2 MB and 20,000 lines. The file is read "
            "and not kept."
        ),
    )
    leave_faulty = forms.BooleanField(
        label=_("Bring in the sound lines and leave the others"), required=False
    )
    guarded = forms.BooleanField(
        label=_(
            "The supplier accepts a code only from its own list and limits how often one may try. "
            "Codes that could be guessed are taken too; that you said so is kept with the batch."
        ),
        required=False,
    )


class UnitsForm(forms.Form):
    """How many things come into stock."""

    number = forms.IntegerField(label=_("How many more"), min_value=1, max_value=UNITS_MAXIMUM)


class FindForm(forms.Form):
    """The number that stands on the citizen's page of a redemption."""

    number = forms.CharField(
        label=_("Number of the redemption"),
        max_length=40,
        help_text=_("Twelve letters and digits. It is no code: nobody can use it at a shop."),
    )


class RefundForm(forms.Form):
    """Why points are returned."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_MAXIMUM,
        help_text=_("The citizen reads it."),
    )
