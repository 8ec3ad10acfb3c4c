"""Measures in words: an estimate with its interval, the same in every table."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from crowdtasks.products.measures import Difference, Interval

register = template.Library()
NOTHING = "–"


def _between(value: str, low: str | None, high: str | None) -> str:
    if low is None or high is None:
        return value
    return _("%(value)s (%(low)s to %(high)s)") % {"value": value, "low": low, "high": high}


@register.simple_tag
def share(found: Interval | None) -> str:
    """A share in per cent."""
    if found is None or found.low is None or found.high is None:
        return NOTHING
    return _between(*(f"{round(one * 100)}%" for one in (found.value, found.low, found.high)))


@register.simple_tag
def score(found: Interval | None) -> str:
    """A mean to one digit."""
    if found is None:
        return NOTHING
    ends = (None if one is None else f"{one:.1f}" for one in (found.low, found.high))
    return _between(f"{found.value:.1f}", *ends)


@register.simple_tag
def lasting(found: Interval | None) -> str:
    """A time in seconds, or in minutes and seconds."""
    if found is None:
        return NOTHING
    ends = (None if one is None else _clock(one) for one in (found.low, found.high))
    return _between(_clock(found.value), *ends)


def _clock(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


@register.simple_tag
def more(found: Difference | None, factor: int, digits: int) -> str:
    """A difference with its sign; says so where it is clear."""
    if found is None:
        return NOTHING
    shown = (f"{one * factor:+.{digits}f}" for one in (found.value, found.low, found.high))
    return _said(_between(*shown), found)


@register.simple_tag
def times(found: Difference | None) -> str:
    """A ratio; says so where it is clear."""
    if found is None:
        return NOTHING
    return _said(_between(*(f"× {one:.2f}" for one in (found.value, found.low, found.high))), found)


def _said(text: str, found: Difference) -> str:
    return _("%(difference)s, clear") % {"difference": text} if found.clear else text
