"""Which view answers for which page of the tree; connected when the app is ready."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from wagtail import hooks

from consultations.models import BureauSectionPage, ConsultationIndexPage, ConsultationPage
from consultations.views.home import home
from consultations.views.paper import paper
from consultations.views.register import index, section
from core import serving
from core.models import HomePage


def connect() -> None:
    """Register the views of the room's pages and of the home page."""
    serving.register(ConsultationIndexPage, index)
    serving.register(BureauSectionPage, section)
    serving.register(ConsultationPage, paper)
    hooks.register("before_serve_page", serve_home)


def serve_home(
    page: Any, request: HttpRequest, args: list[Any], kwargs: dict[str, Any]
) -> HttpResponse | None:
    """The home page shows what consultations there are, which the ground knows nothing of."""
    return home(request, page.specific) if isinstance(page.specific, HomePage) else None
