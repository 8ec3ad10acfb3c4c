"""Amounts of points as a statement writes them."""

from django import template

register = template.Library()


@register.filter
def signed(value: int) -> str:
    """+1,200 or −30, with a real minus, which screen readers say."""
    sign = "−" if value < 0 else "+"
    return f"{sign}{abs(value):,}"
