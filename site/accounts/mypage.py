"""My page is put together by the rooms: receipts, follows, notices, each a template of its own.

A room registers in ``AppConfig.ready()``; sections stand in the order of ``order``, then of their
templates' names.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

Context = Callable[[HttpRequest], dict[str, Any] | None]


@dataclass(frozen=True)
class Section:
    """One part of my page. ``context`` gives what the template needs; None leaves it out."""

    template: str
    context: Context
    order: int = 100


_sections: dict[str, Section] = {}


def register_section(template: str, context: Context, *, order: int = 100) -> None:
    """Add a part; the same template again replaces it."""
    _sections[template] = Section(template, context, order)


def unregister_section(template: str) -> None:
    """Take a part away again (tests)."""
    _sections.pop(template, None)


def sections_for(request: HttpRequest) -> list[dict[str, Any]]:
    """The parts for this reader, each as ``{"template": …, "context": …}``, in order."""
    parts = []
    for section in sorted(_sections.values(), key=lambda part: (part.order, part.template)):
        context = section.context(request)
        if context is not None:
            parts.append({"template": section.template, "context": context})
    return parts
