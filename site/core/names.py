"""Display names: nobody may pass for the government, for staff, or for another citizen.

A name is compared by its *skeleton*: width, case, script, accents and letters that look like Latin
ones no longer matter there. The official badge comes from a role only; these rules keep names from
imitating it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from django.utils.translation import gettext as _

from core.exceptions import Invalid
from core.fold import fold
from core.text import _BIDI, _INVISIBLE, NAME_MAXIMUM, clean_text

# Capitals first: folded to small letters they would look like others (Μ is M, but μ is u).
_CAPITALS = str.maketrans(
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВЕЗКМНОРСТУХЅІЈԚԜԌᎪᏟᎬᎷᎢᏢᎻᏃ",
    "ABEZHIKMNOPTYXABE3KMHOPCTYXSIJQWGACEMTPHZ",
)
# Letters of other alphabets (and digits, signs) that are taken for Latin letters.
_LOOKALIKES = str.maketrans(
    {
        # Cyrillic
        "а": "a", "в": "b", "е": "e", "ё": "e", "з": "3", "к": "k", "м": "m", "н": "h", "о": "o",
        "р": "p", "с": "c", "т": "t", "у": "y", "х": "x", "ѕ": "s", "і": "l", "ї": "l", "ј": "j",
        "ԁ": "d", "ԛ": "q", "ԝ": "w", "ѵ": "v", "г": "r", "п": "n", "ь": "b", "ԍ": "g", "һ": "h",
        "ӏ": "l",
        # Greek
        "α": "a", "β": "b", "γ": "y", "ε": "e", "ζ": "z", "η": "n", "ι": "l", "κ": "k", "μ": "u",
        "ν": "v", "ο": "o", "ρ": "p", "σ": "o", "ς": "c", "τ": "t", "υ": "u", "χ": "x", "ω": "w",
        # Armenian, Cherokee and signs that are seen most
        "օ": "o", "ս": "u", "հ": "h", "ո": "n", "ց": "g", "ɑ": "a", "ɡ": "g", "ı": "l",
        # Digits and signs for letters; i, l and 1 are one stroke.
        "0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "|": "l", "!": "l", "$": "s",
        "@": "a", "€": "e", "i": "l",
    }
)  # fmt: skip
_SEPARATORS = re.compile(r"[\s\W_]+")
_URL = re.compile(
    r"(?:https?|ftp)\s*:|//|www\.|[a-z0-9-]+\.(?:com|net|org|hk|cn|tw|io|gov|edu|info|me|co|xyz)\b",
    re.IGNORECASE,
)
_FORMULA = tuple("=+-@＝＋－＠\t")
# No word of a name may be one of these.
_WORDS = (
    "admin", "administrator", "moderator", "moderation", "official", "officer", "helpdesk",
    "webmaster", "kaifong", "government", "gov", "govhk", "hksar", "hksarg", "bureau",
    "department", "secretariat", "judiciary", "ombudsman", "police", "icac",
)  # fmt: skip
# A word of an ordinary name, but not the whole of it.
_WHOLE = (
    "staff", "system", "root", "support", "anonymous", "deleted", "null", "nobody", "everyone",
    "kaifong team", "chairman", "secretary", "director", "hk gov", "街坊", "匿名", "佚名", "職員",
)  # fmt: skip
# The name may not contain one of these (compared in folded Simplified form).
_PHRASES = (
    "chief executive", "chief secretary", "financial secretary", "secretary for",
    "director of", "commissioner of", "commissioner for", "hong kong police",
    "information services department", "home affairs department",
    "官方", "政府", "管理員", "版主", "審核員", "主持人", "客服", "系統", "街坊團隊", "行政長官",
    "司長", "局長", "署長", "處長", "專員公署", "新聞處", "秘書處", "事務署", "事務局", "發展局",
    "環境及生態局", "環境保護署", "民政", "康樂及文化事務署", "警務處", "警察", "廉政公署",
    "立法會", "區議會", "司法機構", "申訴專員", "審計署", "入境事務處", "稅務局", "海關",
    "教育局", "醫務衞生局", "運輸署", "房屋局", "房屋署", "勞工處", "衞生署",
    "規劃署", "地政總署", "渠務署", "路政署",
)  # fmt: skip
_OFFICE = re.compile(r"(?:局|署|处|总署|办公室|委员会)$")


def skeleton(text: str) -> str:
    """What the eye sees of a name: folded, look-alikes brought to Latin, no separators."""
    return _SEPARATORS.sub("", _small(text).translate(_LOOKALIKES))


def _small(text: str) -> str:
    wide = unicodedata.normalize("NFKC", text)
    return fold(wide.translate(_CAPITALS))


def _words(text: str) -> set[str]:
    folded = _small(text)
    mapped = {part.translate(_LOOKALIKES) for part in re.split(r"[\s\W_]+", folded) if part}
    spaced = {part for part in _SEPARATORS.split(folded.translate(_LOOKALIKES)) if part}
    return mapped | spaced


@lru_cache(maxsize=1)
def _reserved() -> tuple[frozenset[str], frozenset[str], tuple[str, ...]]:
    return (
        frozenset(skeleton(word) for word in _WORDS),
        frozenset(skeleton(word) for word in (*_WHOLE, *_WORDS)),
        tuple(skeleton(phrase) for phrase in _PHRASES),
    )


def imitates(text: str, reserved: Iterable[str] = ()) -> bool:
    """Whether a name would be taken for staff, a bureau or the government.

    ``reserved`` adds names in use: bureau names in the three languages, their short forms.
    """
    words, whole, phrases = _reserved()
    shape = skeleton(text)
    if shape in whole or words & _words(text) or any(phrase in shape for phrase in phrases):
        return True
    if _OFFICE.search(shape) and len(shape) > 2:
        return True
    for name in reserved:
        official = skeleton(name)
        if not official:
            continue
        # A short form (EPD) must be the whole name; a full name may not be inside one.
        if shape == official or (len(official) >= 4 and official in shape):
            return True
    return False


def clean_name(value: object, *, reserved: Iterable[str] = (), field: str = "display_name") -> str:
    """A display name as it may be stored and shown.

    Direction marks and invisible characters are taken out. Raises ``Invalid`` for what
    ``clean_text`` refuses, more than ``NAME_MAXIMUM`` characters, an address of a web page or an
    e-mail, a name that begins like a spreadsheet formula, one without a letter or digit, and one
    that imitates an official or reserved name.
    """
    if isinstance(value, str):
        # A joiner inside an emoji is part of it; elsewhere it only hides something.
        value = _BIDI.sub("", value)
        if not any(unicodedata.category(character) == "So" for character in value):
            value = _INVISIBLE.sub("", value)
    name = clean_text(value, max_length=NAME_MAXIMUM, field=field, multiline=False)
    wide = unicodedata.normalize("NFKC", name)
    if _URL.search(wide) or "@" in wide:
        raise Invalid(
            _("A name cannot hold a web or e-mail address."), field=field, code="name_address"
        )
    if name.startswith(_FORMULA) or wide.startswith(_FORMULA):
        raise Invalid(_("Begin the name with a letter."), field=field, code="name_formula")
    if not any(character.isalnum() for character in name):
        raise Invalid(_("Use at least one letter in the name."), field=field, code="name_empty")
    if imitates(name, reserved):
        raise Invalid(
            _("Choose another name: this one could be taken for an official one."),
            field=field,
            code="name_reserved",
        )
    return name
