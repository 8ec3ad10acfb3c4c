"""The page that shows every component with real content."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Every component, in the page's language."""
    return render(request, "core/components.html", {})
