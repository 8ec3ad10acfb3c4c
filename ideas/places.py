"""Where an idea is: a point within Hong Kong, typed as any map shows it."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from core.exceptions import Invalid

#: The bounds of Hong Kong, its waters included, in degrees (WGS 84), a little rounded outwards.
SOUTH, NORTH = Decimal("22.13"), Decimal("22.59")
WEST, EAST = Decimal("113.81"), Decimal("114.52")
#: About a metre.
PLACES = 5
POINT_LIMIT = 60
_NUMBER = r"([0-9]{1,3}(?:\.[0-9]{1,15})?)"
_POINT = re.compile(rf"{_NUMBER}\s*°?\s*[Nn]?\s*[,;、\s]\s*{_NUMBER}\s*°?\s*[Ee]?")


class Point(NamedTuple):
    """A place on earth, in degrees north and east, of ``PLACES`` decimals."""

    latitude: Decimal
    longitude: Decimal

    def __str__(self) -> str:
        return f"{self.latitude:.{PLACES}f}, {self.longitude:.{PLACES}f}"


def read_point(typed: str, *, field: str = "point") -> Point | None:
    """The point that two numbers name, None for no text.

    Latitude first, as maps copy it, or longitude first: here no number can be both. Full-width
    digits and commas are read too. Raises ``Invalid`` for anything else, and outside Hong Kong.
    """
    text = unicodedata.normalize("NFKC", typed[: POINT_LIMIT * 2]).strip().strip("()")
    if not text:
        return None
    found = _POINT.fullmatch(text)
    if found is None:
        raise Invalid(
            _("Write two numbers with a comma between them, such as 22.27940, 114.16390."),
            field=field,
            code="no_point",
        )
    one, two = (round(Decimal(part), PLACES) for part in found.groups())
    for point in (Point(one, two), Point(two, one)):
        if SOUTH <= point.latitude <= NORTH and WEST <= point.longitude <= EAST:
            return point
    raise Invalid(
        _(
            "This point is not in Hong Kong: its latitude is 22.13 to 22.59, its longitude 113.81 "
            "to 114.52."
        ),
        field=field,
        code="outside",
    )
