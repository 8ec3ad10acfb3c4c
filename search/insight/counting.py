"""Counting in the cache: how many different visitors ask a question, and open a hit of it, today.

The cache holds keyed digests and numbers. A digest's key is the day's own and made by chance; it is
nowhere else and gone a little after midnight, so nobody can be followed from one day to the next.
Of a visitor the network address goes into a digest together with the question: the same one asking
again is not counted again, and nobody can be asked what else they looked for. The words of a
question are written down by the fifth visitor who asks it, and by no one before.

Counting is in nobody's way: it asks no database, and where the cache is away nothing is counted.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import logging
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urldefrag, urlsplit

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, QueryDict

from core import clock, dates, limits
from core.disclosure import LEAST, too_few
from core.languages import language_of_path
from search.filters import Filters, read_filters
from search.insight.personal import countable
from search.showing import Card

logger = logging.getLogger(__name__)

#: Questions and opened hits of one visitor that count on one day, each kind.
MOST_A_VISITOR = 60
#: Rows that one day may make, so that nobody fills the table.
MOST_A_DAY = 5000
#: How long after midnight a day's numbers may still be gathered.
AFTER = dt.timedelta(hours=2)
#: How long somebody may read a page of hits before opening one.
READING = 3600


def day_of(now: dt.datetime) -> dt.date:
    """The day it is in Hong Kong."""
    return now.astimezone(dates.ZONE).date()


@dataclass(frozen=True, slots=True)
class Question:
    """What is counted: a question in one language, ``hit`` where it is one of its hits opened.

    Without ``folded`` and ``words`` it is all of the day.
    """

    language: str
    folded: str
    words: str
    hit: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Different visitors; 0 for fewer than may be told of."""

    asked: int = 0
    near: int = 0
    nothing: int = 0
    opened: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """One day's part of the cache."""

    day: dt.date
    salt: str
    seconds: int

    @classmethod
    def of(cls, day: dt.date, now: dt.datetime) -> Day | None:
        """The day's part, made where it is not there.

        None when the day is over, or the cache keeps nothing.
        """
        end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), dates.ZONE) + AFTER
        seconds = int((end - now).total_seconds())
        if seconds <= 0:
            return None
        name = f"insight:salt:{day}"
        salt = cache.get(name)
        if salt is None:
            cache.add(name, secrets.token_hex(32), seconds)
            salt = cache.get(name)
        return None if salt is None else cls(day, salt, seconds)

    def key(self, *parts: object) -> str:
        """The name of something in the cache that tells nobody without the salt what it is."""
        named = "\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")
        return "insight:" + hmac.new(self.salt.encode(), named, hashlib.sha256).hexdigest()

    def slot(self, number: int) -> str:
        """Where the number-th thing stands that enough visitors did."""
        return self.key("slot", number)

    def first(self, visitor: str, *parts: object) -> bool:
        """Whether this visitor does it for the first time today, and has not done too much."""
        if not cache.add(self.key("seen", visitor, *parts), 1, self.seconds):
            return False
        return self.up("visitor", visitor, parts[0]) <= MOST_A_VISITOR

    def up(self, *parts: object) -> int:
        """One more; how many that makes."""
        key = self.key("count", *parts)
        # Two tries: it may expire between the two calls.
        for _attempt in range(2):
            if cache.add(key, 1, self.seconds):
                return 1
            try:
                return int(cache.incr(key))
            except ValueError:
                continue
        return 1

    def counts(self, question: Question) -> Counts:
        """How many did it; 0 for fewer than may be told of."""
        named = {
            name: self.key("count", name, question.language, question.folded, *(question.hit or ()))
            for name in (("opened",) if question.hit else ("asked", "near", "nothing"))
        }
        found = cache.get_many(named.values())
        told = {name: int(found.get(key, 0)) for name, key in named.items()}
        return Counts(**{name: 0 if too_few(count) else count for name, count in told.items()})

    def register(self, count: int, what: Question) -> None:
        """Let the gathering job know of it once enough have done it, and now and then again."""
        times, rest = divmod(count, LEAST)
        # At five, ten, twenty, forty: what everybody asks does not take the day's places.
        if rest or times < 1 or times & (times - 1):
            return
        number = self.up("slots")
        if number <= MOST_A_DAY:
            cache.set(self.slot(number), what, self.seconds)


def note_asked(
    request: HttpRequest,
    filters: Filters,
    *,
    language: str,
    whole: bool,
    cards: Iterable[Card],
    now: dt.datetime,
) -> None:
    """A page of hits was made for this request. Raises nothing."""
    if "prefetch" in request.headers.get("Sec-Purpose", "") or request.method != "GET":
        return
    try:
        shown = list(cards)
        day = Day.of(day_of(now), now)
        if day is None:
            return
        _remember(day, filters, language, shown)
        if not filters.narrowing and filters.page == 1:
            outcome = "nothing" if not shown else "" if whole else "near"
            _ask(day, limits.address(request), filters.text, language, outcome)
    except Exception:
        logger.exception("A question could not be counted.")


def _ask(day: Day, visitor: str, text: str, language: str, outcome: str) -> None:
    kept = countable(text)
    # What may not be kept still counts in the day's sum, of which it tells nothing.
    asked = kept[0] if kept else text
    if not day.first(visitor, "asked", language, asked):
        return
    for folded, words in [("", ""), *([kept] if kept else [])]:
        count = day.up("asked", language, folded)
        if outcome:
            day.up(outcome, language, folded)
        day.register(count, Question(language, folded, words))


def _remember(day: Day, filters: Filters, language: str, cards: list[Card]) -> None:
    """What a page of hits leads to, for as long as somebody may read it."""
    if cards and countable(filters.text):
        shown: dict[str, tuple[str, int]] = {}
        for card in cards:
            # A comment and its replies are one page: the best of them was led to.
            shown.setdefault(urldefrag(card.shown.url).url, card.of)
        cache.set(_page_key(filters, language), (day.day, shown), READING)


def _page_key(filters: Filters, language: str) -> str:
    named = f"{language}\x1f{filters.query(page=filters.page)}".encode()
    digest = hmac.new(settings.SECRET_KEY.encode(), named, hashlib.sha256).hexdigest()
    return f"insight:page:{digest}"


def note_opened(request: HttpRequest, before: str) -> None:
    """Somebody came to this address from ``before``, a page of ours. Raises nothing.

    Counted where that was a page of hits and this is one of them, as search itself noted when it
    made the page: nothing that anybody sends can name another place.
    """
    try:
        came = urlsplit(before)
        language = language_of_path(came.path)
        if came.netloc != request.get_host() or came.path != f"/{language}/search/":
            return
        filters = read_filters(QueryDict(came.query))
        found = cache.get(_page_key(filters, str(language)))
        hit = found[1].get(request.get_full_path()) if found else None
        if hit is not None:
            _open(found[0], limits.address(request), str(language), filters.text, hit)
    except Exception:
        logger.exception("An opened hit could not be counted.")


def _open(of: dt.date, visitor: str, language: str, text: str, hit: tuple[str, int]) -> None:
    kept, day = countable(text), Day.of(of, clock.now())
    if kept is None or day is None or not day.first(visitor, "opened", language, kept[0], *hit):
        return
    count = day.up("opened", language, kept[0], *hit)
    day.register(count, Question(language, *kept, hit=hit))


def gathered(now: dt.datetime) -> Iterator[tuple[dt.date, Question, Counts]]:
    """What enough visitors did today and yesterday, with how many they are by now."""
    today = day_of(now)
    for date in (today - dt.timedelta(days=1), today):
        day = Day.of(date, now) if cache.get(f"insight:salt:{date}") else None
        if day is None:
            continue
        slots = min(int(cache.get(day.key("count", "slots")) or 0), MOST_A_DAY)
        registered = cache.get_many([day.slot(number) for number in range(1, slots + 1)])
        for question in dict.fromkeys(registered.values()):
            yield date, question, day.counts(question)
