"""Working days of Hong Kong: Monday to Friday, without general holidays (``data/``).

The list ends where the Gazette's does. A year beyond it has weekends only, which is logged, and a
test fails before it comes to that.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).with_name("data") / "general_holidays.json"
_SATURDAY = 5
logger = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def holidays() -> dict[dt.date, str]:
    """Every general holiday in the file, by its day."""
    years: dict[str, list[list[str]]] = json.loads(FILE.read_text(encoding="utf-8"))
    return {
        dt.date.fromisoformat(day): name
        for year, days in years.items()
        if year.isdigit()
        for day, name in days
    }


def last_year() -> int:
    """The last year the file knows."""
    return max(day.year for day in holidays())


def is_working_day(day: dt.date) -> bool:
    """Whether offices of the Government work on this day."""
    return day.weekday() < _SATURDAY and day not in holidays()


def after(day: dt.date, number: int) -> dt.date:
    """The ``number``-th working day after ``day``, which is not counted itself."""
    found = day
    if day.year > last_year():
        logger.error("The general holidays of %s are not in %s.", day.year, FILE.name)
    while number:
        found += dt.timedelta(days=1)
        number -= is_working_day(found)
    return found
