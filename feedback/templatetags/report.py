"""Charts of a report's tables, for the page and the PDF alike."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from feedback import charts
from feedback.reading import TableView

register = template.Library()


@register.filter
def drawable(table: TableView) -> bool:
    """Whether the table has a chart worth drawing."""
    return charts.drawable(table)


@register.simple_tag
def chart(table: TableView, fonts: str = "") -> SafeString:
    """The chart as SVG, with a sentence that leads to the table."""
    alternative = _("Bar chart: %(title)s. The table says the same.") % {"title": table.title.text}
    return charts.chart(table, alternative, fonts)


@register.filter
def legend(table: TableView) -> list[tuple[str, str]]:
    """What the colours stand for, where bars are stacked."""
    return charts.legend(table)


@register.filter
def has_language(files: dict[str, list[object]], language: str) -> bool:
    """Whether files in this language are there."""
    return language in files


@register.filter
def percent(share: float) -> str:
    """'47.5%', with the point of a figure in every language."""
    return f"{share:.1f}%"


@register.filter
def unlocalised(number: float | None) -> str:
    """A number for an SVG attribute or a table of shares; nothing of nothing."""
    return "" if number is None else f"{number:.1f}"
