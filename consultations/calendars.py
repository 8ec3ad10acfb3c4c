"""Days on which few people answer: Lunar New Year, Christmas, August (ux 3.5).

Lunar New Year's days are a table, because the lunar calendar is; a test fails when it runs out.
"""

from __future__ import annotations

import datetime as dt

#: First day of the lunar year.
LUNAR_NEW_YEAR = {
    2025: dt.date(2025, 1, 29),
    2026: dt.date(2026, 2, 17),
    2027: dt.date(2027, 2, 6),
    2028: dt.date(2028, 1, 26),
    2029: dt.date(2029, 2, 13),
    2030: dt.date(2030, 2, 3),
    2031: dt.date(2031, 1, 23),
    2032: dt.date(2032, 2, 11),
    2033: dt.date(2033, 1, 31),
    2034: dt.date(2034, 2, 19),
    2035: dt.date(2035, 2, 8),
    2036: dt.date(2036, 1, 28),
    2037: dt.date(2037, 2, 15),
    2038: dt.date(2038, 2, 4),
    2039: dt.date(2039, 1, 24),
    2040: dt.date(2040, 2, 12),
}
#: From three days before to the fifteenth day, when people are back.
LUNAR_BEFORE, LUNAR_AFTER = 3, 14


def is_quiet(day: dt.date) -> bool:
    """Whether many people are away on this day."""
    if day.month == 8:
        return True
    if (day.month, day.day) >= (12, 22) or (day.month, day.day) <= (1, 2):
        return True
    new_year = LUNAR_NEW_YEAR.get(day.year)
    return new_year is not None and -LUNAR_BEFORE <= (day - new_year).days <= LUNAR_AFTER


def share_in_quiet_times(first: dt.date, last: dt.date) -> float:
    """The share of the days from ``first`` to ``last`` (both counted) that are quiet."""
    days = (last - first).days + 1
    if days <= 0 or days > 4000:
        return 0.0
    return sum(is_quiet(first + dt.timedelta(days=offset)) for offset in range(days)) / days
