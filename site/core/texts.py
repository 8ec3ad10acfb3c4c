"""Texts by language: one JSON dict holds a text in the three languages of the platform.

``pick`` never invents: it says in which language the text it returns is, so that the page can set
``lang`` when that differs from the reader's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language

LANGUAGES = ("en", "zh-hant", "zh-hans")
HTML_LANGUAGES = {"en": "en", "zh-hant": "zh-Hant-HK", "zh-hans": "zh-Hans"}
_CODE = re.compile(r"[a-z]{2,3}(-[a-zA-Z0-9]{2,8})*")
# Simplified is drafted from Traditional, so each stands in for the other before English does.
_FALLBACKS = {
    "en": ("en", "zh-hant", "zh-hans"),
    "zh-hant": ("zh-hant", "zh-hans", "en"),
    "zh-hans": ("zh-hans", "zh-hant", "en"),
}


@dataclass(frozen=True, slots=True)
class Text:
    """A text and the language it is in (one of ``LANGUAGES``)."""

    text: str
    language: str

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)

    @property
    def html_lang(self) -> str:
        """The value for ``lang=``."""
        return html_lang(self.language)


def known_language(code: str | None) -> str:
    """One of ``LANGUAGES`` for any code Django or a browser may hand over; English if unknown."""
    lowered = (code or "").lower().replace("_", "-")
    if lowered in LANGUAGES:
        return lowered
    if lowered.startswith("zh"):
        simplified = ("zh-hans", "zh-cn", "zh-sg", "zh-my")
        return "zh-hans" if lowered.startswith(simplified) else "zh-hant"
    return "en"


def html_lang(code: str | None) -> str:
    """The value of ``lang=`` for a language code: en, zh-Hant-HK or zh-Hans.

    Texts brought in from elsewhere may be in any language; its code stands as it is.
    """
    if code and code[:2] not in {"en", "zh"} and _CODE.fullmatch(code):
        return code
    return HTML_LANGUAGES[known_language(code)]


def pick(texts: Mapping[str, str] | None, language: str | None = None) -> Text:
    """The text in ``language`` (the active one by default), else in the next best language.

    Nothing at all gives an empty ``Text`` in the language asked for.
    """
    wanted = known_language(language or get_language())
    for code in _FALLBACKS[wanted]:
        text = (texts or {}).get(code)
        if text:
            return Text(text, code)
    return Text("", wanted)
