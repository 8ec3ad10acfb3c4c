"""What a volunteer may say of themselves, in words: two things to begin, three more if they like.

Districts and ages are those of the questions *about you*, so that figures can be set side by side.
Nobody under 18 is asked to volunteer: nobody who could agree for them is known here.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from questionnaires.about_you import FACTS

Words = Mapping[str, str | Promise]

AGES: Words = {key: words for key, words in FACTS["age"][1].items() if key != "under-18"}
DEVICES: Words = {
    "android": _("Android phone"),
    "iphone": _("iPhone"),
    "tablet": _("Tablet"),
    "computer": _("Computer"),
}
DISTRICTS: Words = {key: words for key, words in FACTS["district"][1].items() if key != "elsewhere"}
LANGUAGES: Words = {
    "cantonese": pgettext_lazy("spoken language", "Cantonese"),
    "putonghua": pgettext_lazy("spoken language", "Putonghua"),
    "english": pgettext_lazy("spoken language", "English"),
    "hindi": pgettext_lazy("spoken language", "Hindi"),
    "nepali": pgettext_lazy("spoken language", "Nepali"),
    "urdu": pgettext_lazy("spoken language", "Urdu"),
    "tagalog": pgettext_lazy("spoken language", "Tagalog"),
    "indonesian": pgettext_lazy("spoken language", "Indonesian"),
    "thai": pgettext_lazy("spoken language", "Thai"),
}
ASSISTIVE: Words = {
    "screen-reader": _("A screen reader or Braille display"),
    "magnifier": _("A magnifier or very large letters"),
    "voice": _("Control by voice"),
    "switches": _("A switch, or the keyboard alone"),
    "captions": _("Captions or sign language"),
}
