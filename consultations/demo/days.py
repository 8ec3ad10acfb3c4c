"""The demonstration's calendar: days count from the day it is loaded, in Hong Kong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from core import clock, jobs
from participation.models.pages import HONG_KONG

#: Nothing is done later than this before the moment of loading.
MARGIN = dt.timedelta(minutes=5)


class Days:
    """Moments around the moment of loading. Made before the clock is moved."""

    def __init__(self) -> None:
        self.now = clock.now()
        self.today = self.now.astimezone(HONG_KONG).date()

    def date(self, offset: int) -> dt.date:
        """The day ``offset`` days from today."""
        return self.today + dt.timedelta(days=offset)

    def at(self, offset: int, hour: int = 10, minute: int = 0) -> dt.datetime:
        """That day at a time in Hong Kong, never later than just before now."""
        moment = dt.datetime.combine(self.date(offset), dt.time(hour, minute), tzinfo=HONG_KONG)
        return min(moment, self.now - MARGIN)


@contextmanager
def on(moment: dt.datetime) -> Iterator[None]:
    """Do the block at that moment, and then the work it asked for, so that mails have its date."""
    with clock.freeze(moment):
        yield
        jobs.drain(keep=False)


class Span:
    """The part of a paper's open time that has passed, to spread what people do over it."""

    def __init__(self, start: dt.datetime, end: dt.datetime, random: Random) -> None:
        self.start, self.end, self.random = start, end, random

    def spread(self, count: int) -> list[dt.datetime]:
        """``count`` moments in order, evenly with a little chance, in waking hours."""
        length = self.end - self.start
        shares = ((place + self.random.uniform(0.1, 0.9)) / count for place in range(count))
        return sorted(self.waking(self.start + length * share) for share in shares)

    def after(self, moment: dt.datetime, *, least: int, most: int) -> dt.datetime:
        """Some minutes later, still inside."""
        later = moment + dt.timedelta(minutes=self.random.randint(least, most))
        return min(later, self.end)

    def waking(self, moment: dt.datetime) -> dt.datetime:
        """The moment, moved out of the night where the span allows it."""
        local = moment.astimezone(HONG_KONG)
        if local.hour < 7:
            local = local.replace(hour=7 + local.hour % 5 * 3)
        return max(self.start, min(local, self.end))
