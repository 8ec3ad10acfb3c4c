"""Dates, times and numbers as Hong Kong writes them, in three languages.

The table is ux.md 3.2. Everything is shown in Asia/Hong_Kong whatever zone a value carries.
Pure functions: mails, pages and exports use the same ones.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

ZONE = ZoneInfo("Asia/Hong_Kong")
MINUTE = timedelta(minutes=1)
#: The close of what has none (a standing box): an instant like any other for the database and all
#: comparisons, and no date for people.
FOREVER = datetime(2199, 12, 31, 16, tzinfo=UTC)
_ENDLESS = {"en": "no closing date", "zh-hant": "不設截止日期", "zh-hans": "不设截止日期"}

# Not strftime: its names follow the server's locale.
_MONTHS = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]
_DAYS_EN = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_DAYS_ZH = "一二三四五六日"
# First hour of each part of the day, Chinese; the last one that is not after the hour applies.
_PARTS_ZH = ((0, "凌晨"), (6, "早上"), (12, "中午"), (13, "下午"), (18, "晚上"))
_NOON = 12


def _is_chinese(language: str) -> bool:
    return language.lower().startswith("zh")


def local(value: date | datetime) -> date | datetime:
    """Return the moment on Hong Kong's clock; a plain date stays as it is.

    A naive datetime is a programming error here: ``ValueError``.
    """
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone cannot be shown.")
        return value.astimezone(ZONE)
    return value


def last_minute(closes_at: datetime) -> datetime:
    """Return the last minute in which something is still open; ``closes_at`` is exclusive."""
    return closes_at - MINUTE


def format_date(value: date | datetime, language: str) -> str:
    """31 December 2026 / 2026年12月31日."""
    day = local(value)
    if _is_chinese(language):
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def format_day_date(value: date | datetime, language: str) -> str:
    """Thursday, 31 December 2026 / 2026年12月31日（星期四）."""
    day = local(value)
    if _is_chinese(language):
        return f"{format_date(day, language)}（星期{_DAYS_ZH[day.weekday()]}）"
    return f"{_DAYS_EN[day.weekday()]}, {format_date(day, language)}"


def format_time(value: datetime, language: str) -> str:
    """11:59 pm / 晚上11時59分. Noon and midnight are named in English: "12 pm" misleads."""
    moment = local(value)
    if not isinstance(moment, datetime):
        raise ValueError("A date has no time of day.")
    hour, minute = moment.hour, moment.minute
    if not _is_chinese(language):
        if minute == 0 and hour in {0, _NOON}:
            return "12:00 noon" if hour else "12:00 midnight"
        return f"{hour % _NOON or _NOON}:{minute:02d} {'am' if hour < _NOON else 'pm'}"
    part = [name for start, name in _PARTS_ZH if start <= hour][-1]
    shown = hour if hour <= _NOON else hour - _NOON
    hour_word, minute_word = ("时", "分") if language.lower() == "zh-hans" else ("時", "分")
    minutes = f"{minute:02d}{minute_word}" if minute else ""
    return f"{part}{shown}{hour_word}{minutes}"


def format_datetime(value: datetime, language: str) -> str:
    """31 December 2026, 11:59 pm / 2026年12月31日晚上11時59分."""
    between = "" if _is_chinese(language) else ", "
    return f"{format_date(value, language)}{between}{format_time(value, language)}"


def format_deadline(closes_at: datetime, language: str) -> str:
    """Name the last open minute: a close at 1 January 00:00 reads 31 December, 11:59 pm."""
    if closes_at == FOREVER:
        return _ENDLESS.get(language.lower(), _ENDLESS["en"])
    return format_datetime(last_minute(closes_at), language)


def format_range(start: date | datetime, end: date | datetime, language: str) -> str:
    """2 Nov to 31 Dec 2026 / 2026年11月2日至12月31日; what both ends share is said once.

    Trap: a datetime ``end`` is an exclusive close, so its last open day is named; a date is itself.
    """
    if end == FOREVER:
        day = format_date(start, language)
        return f"{day}起" if _is_chinese(language) else f"from {day}"
    if isinstance(end, datetime):
        end = last_minute(end)
    first, last = local(start), local(end)
    same_year = first.year == last.year
    same_month = same_year and first.month == last.month
    if (first.year, first.month, first.day) == (last.year, last.month, last.day):
        return format_date(first, language)
    if _is_chinese(language):
        tail = f"{last.day}日"
        if not same_month:
            tail = f"{last.month}月{tail}"
        if not same_year:
            tail = f"{last.year}年{tail}"
        return f"{format_date(first, language)}至{tail}"
    head = f"{first.day}"
    if not same_month:
        head = f"{head} {_MONTHS[first.month - 1][:3]}"
    if not same_year:
        head = f"{head} {first.year}"
    return f"{head} to {last.day} {_MONTHS[last.month - 1][:3]} {last.year}"


def left_until(closes_at: datetime, now: datetime) -> str:
    """Say in the active language how long is left: days, hours under 72 hours (UX-P17).

    Whole units only, rounded down, so that a page never promises time that is not there.
    """
    if closes_at == FOREVER:
        return _("No closing date")
    seconds = (closes_at - now).total_seconds()
    hours = int(seconds // 3600)
    if seconds <= 0:
        return _("Closed")
    if hours < 1:
        return _("Less than 1 hour left")
    if hours < 72:
        return ngettext("%(count)s hour left", "%(count)s hours left", hours) % {"count": hours}
    days = hours // 24
    return ngettext("%(count)s day left", "%(count)s days left", days) % {"count": days}


def days_late(due: date, today: date) -> int:
    """Return how many days after ``due`` today is; 0 while it is not late."""
    return max(0, (today - due).days)


def format_money(amount: int | float | str) -> str:
    """HK$120, HK$1,234.50: cents only where there are any."""
    value = round(float(amount), 2)
    return f"HK${value:,.0f}" if value == int(value) else f"HK${value:,.2f}"


def format_phone(number: str) -> str:
    """Eight Hong Kong digits in two groups of four; anything else is left as it is."""
    digits = "".join(c for c in str(number) if c.isdigit())
    if len(digits) == 11 and digits.startswith("852"):
        return f"+852 {digits[3:7]} {digits[7:]}"
    return f"{digits[:4]} {digits[4:]}" if len(digits) == 8 else str(number)
