"""Whole points: what an amount may be."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from core.exceptions import Invalid

#: The most that one entry moves. A budget of a year is a thousandth of it.
MOST_POINTS = 1_000_000_000
# ASCII digits alone: Python's int() would also take １２, ٣ and 1_000.
_WHOLE = re.compile(r"[0-9]{1,10}")


def clean_points(value: object, *, field: str = "points") -> int:
    """The amount as a whole number from 1 to ``MOST_POINTS``; digits as a form sends them too.

    Raises ``Invalid`` for everything else: nothing, a sign, a fraction, an exponent, full-width
    digits, True.
    """
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_POINTS:
        raise Invalid(
            _("Enter a whole number of points from 1 to %(most)s.") % {"most": f"{MOST_POINTS:,}"},
            field=field,
            code="points",
        )
    return value
