"""The language texts are in, guessed where nobody says it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from core.fold import fold

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
#: Small words that are frequent in one of these languages and rare in the others.
_SMALL_WORDS = {
    "en": "the and of to is that for with are this",
    "es": "que los las una por con para del es se",
    "fr": "les des est une pour dans qui que pas sur",
    "pt": "que não uma os para com do da em se",
    "it": "che di non per una gli del della sono con",
    "de": "der die und das nicht ist ein eine zu mit",
    "nl": "de het een van en niet dat voor zijn met",
}


def chinese_of(text: str) -> str:
    """zh-hant or zh-hans where a third is in Han characters, else ''.

    Simplified is what folding Traditional to Simplified changes (nearly) nothing of.
    """
    han = "".join(_HAN.findall(text))
    if len(han) * 3 < len("".join(text.split())) or not han:
        return ""
    changed = sum(1 for one, two in zip(han, fold(han), strict=False) if one != two)
    return "zh-hant" if changed * 50 > len(han) else "zh-hans"


def language_of(texts: Iterable[str]) -> str:
    """A language code: Chinese by its characters, else by small words, else English."""
    text = "\n".join(texts)
    if found := chinese_of(text):
        return found
    words = Counter(re.findall(r"\w+", text.casefold()))
    counts = {
        code: sum(words[small] for small in known.split()) for code, known in _SMALL_WORDS.items()
    }
    return max(counts, key=lambda code: counts[code])
