"""What may be told about oneself after the submit: never needed, kept for figures alone."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PREFER_NOT = "prefer-not"

_DISTRICTS: dict[str, str | Promise] = {
    "central-and-western": _("Central and Western"),
    "eastern": _("Eastern"),
    "southern": _("Southern"),
    "wan-chai": _("Wan Chai"),
    "kowloon-city": _("Kowloon City"),
    "kwun-tong": _("Kwun Tong"),
    "sham-shui-po": _("Sham Shui Po"),
    "wong-tai-sin": _("Wong Tai Sin"),
    "yau-tsim-mong": _("Yau Tsim Mong"),
    "islands": _("Islands"),
    "kwai-tsing": _("Kwai Tsing"),
    "north": pgettext_lazy("district", "North"),
    "sai-kung": _("Sai Kung"),
    "sha-tin": _("Sha Tin"),
    "tai-po": _("Tai Po"),
    "tsuen-wan": _("Tsuen Wan"),
    "tuen-mun": _("Tuen Mun"),
    "yuen-long": _("Yuen Long"),
    "elsewhere": _("Outside Hong Kong"),
}
#: Key of a fact -> (what is asked, its choices). 'Prefer not to say' is added to each.
FACTS: Mapping[str, tuple[str | Promise, Mapping[str, str | Promise]]] = {
    "age": (
        _("How old are you?"),
        {
            "under-18": _("Under 18"),
            "18-24": _("18 to 24"),
            "25-34": _("25 to 34"),
            "35-44": _("35 to 44"),
            "45-54": _("45 to 54"),
            "55-64": _("55 to 64"),
            "65-over": _("65 or over"),
        },
    ),
    "gender": (
        _("What is your gender?"),
        {"female": _("Female"), "male": _("Male"), "another": _("Another")},
    ),
    "district": (_("In which district do you live?"), _DISTRICTS),
}


def choices(fact: str) -> list[tuple[str, str | Promise]]:
    """The choices of a fact, 'Prefer not to say' last."""
    return [*FACTS[fact][1].items(), (PREFER_NOT, _("Prefer not to say"))]
