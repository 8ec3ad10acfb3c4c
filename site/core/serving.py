"""How a page model is served without knowing the views above it.

An edge registers ``view(request, page, mode)`` for a page class from ``wagtail_hooks``; ``mode``
is empty for the public and one of the page's preview modes in a preview. Without one the page's
plain template is rendered.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

View = Callable[[HttpRequest, Any, str], HttpResponse]
_views: dict[type, View] = {}


def register(page_class: type, view: View) -> None:
    """Let ``view`` answer for pages of this class; a second view is a mistake and raises."""
    if _views.get(page_class, view) is not view:
        raise ValueError(f"{page_class.__name__} is already served.")
    _views[page_class] = view


class ServedPage:
    """Mixin for page models, before ``Page``."""

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        view = _views.get(type(self))
        if view is not None:
            return view(request, self, "")
        return super().serve(request, *args, **kwargs)  # type: ignore[misc]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        view = _views.get(type(self))
        if view is not None:
            return view(request, self, mode_name or "open")
        context = {
            **self.get_context(request),  # type: ignore[attr-defined]
            "preview_mode": mode_name or "open",
        }
        template = self.get_template(request)  # type: ignore[attr-defined]
        return TemplateResponse(request, template, context)
