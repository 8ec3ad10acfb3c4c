"""Tags as people type them: cut, cleaned, and one tag for all its spellings."""

from __future__ import annotations

import re

from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.exceptions import Invalid
from core.text import clean_text, fold

MOST = 8
LONGEST = 30
#: What people put between tags, in whatever script.
_BETWEEN = re.compile(r"[,，、;；\n]+")


def key_of(name: str) -> str:
    """The folded form by which two spellings are one tag; '' for what holds no letter or digit.

    An emoji alone is no word that a list could be sorted or searched by.
    """
    return slugify(fold(name), allow_unicode=True)[:100]


def split_tags(typed: str, *, field: str = "tags") -> list[str]:
    """The tags of one line, in their order, each spelling once.

    Raises ``Invalid`` for more than ``MOST``, for one longer than ``LONGEST`` code points, and for
    one in which there is no letter or digit.
    """
    if len(typed) > (LONGEST + 2) * MOST * 4:
        raise Invalid(_("Write fewer or shorter tags."), field=field, code="too_long")
    found: dict[str, str] = {}
    for part in _BETWEEN.split(typed):
        name = part.strip().lstrip("#＃").strip()
        if not name:
            continue
        name = clean_text(name, max_length=LONGEST, field=field, multiline=False)
        key = key_of(name)
        if not key:
            raise Invalid(
                _("A tag needs a letter or a digit: “%(tag)s” has none.") % {"tag": name},
                field=field,
                code="no_word",
            )
        found.setdefault(key, name)
    if len(found) > MOST:
        raise Invalid(
            _("Use at most %(limit)d tags.") % {"limit": MOST}, field=field, code="too_many"
        )
    return list(found.values())
