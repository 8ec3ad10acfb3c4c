"""What something is filed under and how long it has been there: facets beside the states.

Topics and districts are slugs of the apps above, which name them in three languages
(``registry.register_labels``). A row keeps them between spaces, so that one is found in it by the
same look-up on each database.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Published within so many days, by the values of the facet.
SPANS = {
    "week": dt.timedelta(days=7),
    "month": dt.timedelta(days=30),
    "year": dt.timedelta(days=365),
}
OLDER = "older"
LABELS: dict[str, str | Promise] = {
    "week": _("In the last 7 days"),
    "month": _("In the last 30 days"),
    "year": _("In the last 12 months"),
    OLDER: _("Earlier"),
}


def filed(slugs: Iterable[str]) -> str:
    """Slugs as a row keeps them."""
    found = sorted({slug for slug in slugs if slug and " " not in slug})
    return f" {' '.join(found)} " if found else ""


class Dates:
    """The values of the date facet at one instant."""

    def __init__(self, now: dt.datetime) -> None:
        names = sorted(SPANS, key=lambda name: SPANS[name], reverse=True)
        #: From the longest ago on: what is as late as one of them is in its span.
        self._begins = [now - SPANS[name] for name in names]
        self._values = [(OLDER,), *(tuple(names[:at]) for at in range(1, len(names) + 1))]

    def of(self, at: dt.datetime) -> tuple[str, ...]:
        """All values that something published then has."""
        return self._values[bisect_right(self._begins, at)]


def since(value: str, now: dt.datetime) -> tuple[str, dt.datetime]:
    """A value of the date facet as a condition on the document ``d``, with its instant."""
    if value == OLDER:
        return "d.at < %s", now - SPANS["year"]
    return "d.at >= %s", now - SPANS[value]
