"""Working days of Hong Kong: Monday to Friday, without general holidays (``data/``).

The file ends where the Gazette's lists do. A year that it does not hold has weekends only: each
time a working day is counted in one that is logged, and ``missing`` lets the operator be told
before it comes to that.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).with_name("data") / "general_holidays.json"
#: The Gazette publishes a year's holidays in the spring before: by this month they are to be added.
DUE_IN_MONTH = 10
_SATURDAY = 5
logger = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def _by_year() -> dict[int, dict[dt.date, str]]:
    found: dict[str, list[list[str]]] = json.loads(FILE.read_text(encoding="utf-8"))
    return {
        int(year): {dt.date.fromisoformat(day): name for day, name in days}
        for year, days in found.items()
        if year.isdigit()
    }


def years() -> frozenset[int]:
    """The years whose holidays are known."""
    return frozenset(_by_year())


def holidays(year: int) -> dict[dt.date, str]:
    """The general holidays of a year by their day; none for a year that is not known."""
    return _by_year().get(year, {})


def missing(day: dt.date) -> int | None:
    """The year that should be known by this day and is not: its own, or from autumn on the next."""
    due = [day.year, day.year + 1] if day.month >= DUE_IN_MONTH else [day.year]
    return next((year for year in due if year not in years()), None)


def is_working_day(day: dt.date) -> bool:
    """Whether offices of the Government work on this day."""
    return day.weekday() < _SATURDAY and day not in holidays(day.year)


def after(day: dt.date, number: int) -> dt.date:
    """The ``number``-th working day after ``day``, which is not counted itself."""
    found, unknown = day, set[int]()
    while number:
        found += dt.timedelta(days=1)
        number -= is_working_day(found)
        if found.year not in years():
            unknown.add(found.year)
    for year in sorted(unknown):
        logger.error("The general holidays of %s are not in %s.", year, FILE.name)
    return found
