"""Text as citizens type it: what is kept, what is refused.

Kept is NFC, exactly what was typed otherwise. NFKC and everything that loses something is used on
a copy only, for matching. Lengths are counted in code points, as the forms tell people.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.exceptions import Invalid
from core.fold import fold

__all__ = [
    "canonical_email",
    "clean_name",
    "clean_text",
    "count",
    "fold",
    "is_blank",
]

# Cc except tab and newline; the C1 block; line and paragraph separators become newlines.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_NEWLINES = re.compile("\r\n|\r|\u2028|\u2029|\x85")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Characters that show nothing: zero-width, joiners, fillers, variation selectors, tags.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_MANY_NEWLINES = re.compile(r"\n{4,}")
_SPACES = re.compile(r"\s+")
MARKS_MAXIMUM = 4
NAME_MAXIMUM = 40


def count(text: str) -> int:
    """The length people are told: code points of the cleaned form, a line break counts as one."""
    return len(unicodedata.normalize("NFC", _NEWLINES.sub("\n", text)))


def is_blank(text: str) -> bool:
    """Whether nothing of the text would be seen."""
    return not _INVISIBLE.sub("", text).strip()


def _has_noncharacter(text: str) -> bool:
    return any(
        0xFDD0 <= (point := ord(character)) <= 0xFDEF or point & 0xFFFE == 0xFFFE
        for character in text
    )


def _has_zalgo(text: str) -> bool:
    marks = 0
    for character in unicodedata.normalize("NFD", text):
        if unicodedata.category(character) in ("Mn", "Me") and not _INVISIBLE.match(character):
            marks += 1
            if marks > MARKS_MAXIMUM:
                return True
        else:
            marks = 0
    return False


def clean_text(
    value: object,
    *,
    max_length: int,
    field: str = "",
    multiline: bool = True,
    required: bool = True,
) -> str:
    """The text as it may be stored: NFC, ``\\n`` line breaks, trimmed. Never shortened.

    Raises ``Invalid`` (with ``field``) for what is not text, for NUL and control characters, lone
    surrogates, noncharacters, more than four combining marks on one letter, more than
    ``max_length`` code points, and, where ``required``, for text in which nothing can be seen.
    """
    if value is None:
        value = ""
    if not isinstance(value, str):
        raise Invalid(_("Enter text."), field=field, code="not_text")
    if len(value) > max_length * 4 + 1000:
        # Before any work is done on it: a body of megabytes costs nothing.
        raise _too_long(max_length, field)
    text = _NEWLINES.sub("\n", value)
    if _SURROGATE.search(text) or _CONTROL.search(text) or _has_noncharacter(text):
        raise Invalid(
            _("Remove the characters that cannot be shown."), field=field, code="control_characters"
        )
    text = unicodedata.normalize("NFC", text)
    if _has_zalgo(text):
        raise Invalid(
            _("Remove the letters with many marks above or below."), field=field, code="marks"
        )
    if multiline:
        lines = [line.rstrip() for line in text.split("\n")]
        text = _MANY_NEWLINES.sub("\n\n\n", "\n".join(lines))
    else:
        text = _SPACES.sub(" ", text)
    text = text.strip()
    if is_blank(text):
        if required:
            raise Invalid(_("Enter text here."), field=field, code="required")
        return ""
    if len(text) > max_length:
        raise _too_long(max_length, field)
    return text


def _too_long(max_length: int, field: str) -> Invalid:
    return Invalid(
        ngettext(
            "Write at most %(limit)d character.", "Write at most %(limit)d characters.", max_length
        )
        % {"limit": max_length},
        field=field,
        code="too_long",
        data={"limit": max_length},
    )


def clean_name(value: object, *, reserved: Iterable[str] = (), field: str = "display_name") -> str:
    """A display name as it may be shown; see ``core.names`` for what is refused."""
    from core.names import clean_name as clean

    return clean(value, reserved=reserved, field=field)


def canonical_email(value: object, *, field: str = "email") -> str:
    """The one form of an e-mail address for a person's key; see ``core.emails``."""
    from core.emails import canonical_email as canonical

    return canonical(value, field=field)
