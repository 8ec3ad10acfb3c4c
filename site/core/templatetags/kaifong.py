"""Template words of the shell: dates, texts by language, addresses that keep their query.

Load with ``{% load kaifong %}``. Each filter uses the page's active language.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.core.paginator import Paginator
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext

from core import clock, dates, texts

register = template.Library()


def _language() -> str:
    return get_language() or "en"


@register.filter
def hk_date(value: date | datetime | None) -> str:
    """31 December 2026 / 2026年12月31日."""
    return dates.format_date(value, _language()) if value else ""


@register.filter
def hk_time(value: datetime | None) -> str:
    """11:59 pm / 晚上11時59分."""
    return dates.format_time(value, _language()) if value else ""


@register.filter
def hk_datetime(value: datetime | None) -> str:
    """31 December 2026, 11:59 pm / 2026年12月31日晚上11時59分."""
    return dates.format_datetime(value, _language()) if value else ""


@register.filter
def hk_deadline(value: datetime | None) -> str:
    """The last open minute of an exclusive close, as a sentence part."""
    return dates.format_deadline(value, _language()) if value else ""


@register.filter
def last_minute(value: datetime | None) -> datetime | None:
    """The last open minute itself, for splitting a deadline into date and time."""
    return dates.last_minute(value) if value else None


@register.filter
def hk_range(start: date | datetime | None, end: date | datetime | None) -> str:
    """``{{ opens_at|hk_range:closes_at }}``: 2 Nov to 31 Dec 2026."""
    return dates.format_range(start, end, _language()) if start and end else ""


@register.filter
def days_left(value: datetime | None) -> str:
    """40 days left; hours under 72 hours; the clock is the database's."""
    return dates.left_until(value, clock.now()) if value else ""


@register.filter
def days_late(value: date | datetime | None) -> int:
    """How many days have passed since a date or moment that was promised."""
    if not value:
        return 0
    due = dates.local(value)
    today = clock.now().astimezone(dates.ZONE).date()
    return dates.days_late(due.date() if isinstance(due, datetime) else due, today)


_TIME_KINDS: dict[str, Callable[[Any, str], str]] = {
    "date": dates.format_date,
    "day_date": dates.format_day_date,
    "time": dates.format_time,
    "datetime": dates.format_datetime,
}


@register.simple_tag
def time_tag(value: date | datetime | None, kind: str = "datetime") -> str:
    """``{% time_tag moment "date" %}``: a ``<time>`` element with the +08:00 moment.

    ``kind``: date, day_date, time, datetime, or deadline (an exclusive close). In Chinese a line
    may break between day and hour, and nowhere else (the style keeps the rest together).
    """
    if value is None:
        return ""
    if kind == "deadline" and value == dates.FOREVER:
        return dates.format_deadline(dates.FOREVER, _language())
    if kind == "deadline" and isinstance(value, datetime):
        value, kind = dates.last_minute(value), "datetime"
    if kind == "datetime" and not isinstance(value, datetime):
        kind = "date"
    language = _language()
    shown = _TIME_KINDS[kind](value, language)
    if kind == "datetime" and language.startswith("zh") and isinstance(value, datetime):
        day, hour = dates.format_date(value, language), dates.format_time(value, language)
        shown = format_html("{}<wbr>{}", day, hour)
    moment = dates.local(value)
    machine = (
        moment.isoformat(timespec="seconds") if isinstance(moment, datetime) else moment.isoformat()
    )
    return format_html('<time datetime="{}">{}</time>', machine, shown)


def _picked(value: Any) -> texts.Text:
    if isinstance(value, texts.Text):
        return value
    if isinstance(value, Mapping):
        return texts.pick(dict(value), _language())
    return texts.Text(str(value or ""), _language())


@register.filter
def pick(value: Any) -> str:
    """The text alone, in the page's language or the nearest one that exists.

    Trap: where the language may differ from the page's, use ``{% text value %}`` or add
    ``{{ value|lang_attr }}`` to the element, or a screen reader reads it with the wrong voice.
    """
    return _picked(value).text


@register.filter
def lang_attr(value: Any) -> SafeString:
    """`` lang="zh-Hant-HK"`` when the text's language is not the page's, else nothing.

    ``value``: texts by language, a Text, or a language code.
    """
    code = value if isinstance(value, str) else _picked(value).language
    if not code or code == _language():
        return SafeString("")
    return format_html(' lang="{}"', texts.html_lang(code))


@register.simple_tag
def text(value: Any) -> str:
    """The text, wrapped in ``<span lang>`` when its language is not the page's."""
    picked = _picked(value)
    if picked.language == _language():
        return format_html("{}", picked.text)
    return format_html('<span lang="{}">{}</span>', texts.html_lang(picked.language), picked.text)


@register.filter
def html_lang(code: str) -> str:
    """en, zh-Hant-HK, zh-Hans for Django's codes."""
    return texts.html_lang(code)


@register.filter
def money(amount: int | float | str) -> str:
    """HK$120."""
    return dates.format_money(amount)


@register.filter
def phone(number: str) -> str:
    """2835 2500."""
    return dates.format_phone(number)


@register.filter
def any_has(rows: list[dict[str, Any]], key: str) -> bool:
    """Whether any row has this value."""
    return any(row.get(key) for row in rows)


@register.filter
def number(value: int) -> str:
    """1,284."""
    return f"{int(value):,}"


@register.filter
def share(part: int, whole: int) -> int:
    """Whole per cent of ``part`` in ``whole``; 0 of nothing is 0."""
    return round(100 * int(part) / int(whole)) if whole else 0


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: Any) -> str:
    """``?…`` of this page with some values changed; an empty value takes the name away.

    Used by pagination and facets, so that a page of results keeps its filters.
    """
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"


# A zero-width space typed by an editor between words of a Chinese title becomes <wbr>.
_BREAK_AFTER = "：；，、。！？）》」—"
_BREAK_BEFORE = "（《「"
_WBR = "<wbr>"


@register.simple_tag
def title(value: Any, words: Any = None) -> SafeString:
    """A title with ``<wbr>`` between its words: ``{% title card.title card.words %}``.

    ``words`` maps titles to themselves with marks between words (``Engagement.title_words``); a
    title that is not in it breaks as ``title_breaks`` says. Set ``lang_attr`` on the element.
    """
    plain = _picked(value).text
    marked = words.get(plain, plain) if isinstance(words, Mapping) else plain
    # Kept words of another text would show that text.
    return title_breaks(marked if marked.replace("\u200b", "") == plain else plain)


@register.filter
def title_breaks(value: Any) -> SafeString:
    """A title with ``<wbr>`` where a Chinese line may break (ux.md 1.8, trap 1).

    Breaks are allowed at zero-width spaces and beside punctuation, and never before a mark that
    may not begin a line.
    """
    parts: list[str] = []
    for char in str(value):
        if char == "\u200b":
            _break(parts)
            continue
        if char in _BREAK_BEFORE:
            _break(parts)
        if char in _BREAK_AFTER and parts and parts[-1] == _WBR:
            parts.pop()
        parts.append(format_html("{}", char))
        if char in _BREAK_AFTER:
            _break(parts)
    if parts and parts[-1] == _WBR:
        parts.pop()
    return mark_safe("".join(parts))


def _break(parts: list[str]) -> None:
    """One place to break, where something stands before and none is there yet."""
    if parts and parts[-1] != _WBR:
        parts.append(_WBR)


@register.filter
def elided(paginator: Paginator, number: int) -> list[int]:
    """Page numbers around ``number``, first and last; 0 stands for a gap."""
    pages = paginator.get_elided_page_range(number, on_each_side=1, on_ends=1)
    return [page if isinstance(page, int) else 0 for page in pages]


@register.simple_tag
def colon() -> str:
    """Between a name and what follows it; Chinese sets its own, and no space."""
    return pgettext("between a name and what follows", ": ")


@register.simple_tag
def gap() -> str:
    """Between two sentences; Chinese sets nothing there, its full stop is wide enough."""
    return "" if _language().startswith("zh") else " "


@register.filter
def tenths(value: float) -> str:
    """A number to one place; what rounds to nought has no sign."""
    return f"{value:z.1f}"


@register.filter
def bracketed(words: object) -> str:
    """Words after a name, in the language's brackets: " (n)" or "（n）"."""
    return pgettext("after a name", " (%(words)s)") % {"words": words}
