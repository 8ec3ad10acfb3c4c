"""Which view answers for which page of the tree; connected when the app is ready."""

from core import serving
from ideas.models import ContestIndexPage, ContestPage, ContestSectionPage
from ideas.views.contest import contest
from ideas.views.register import index, section


def connect() -> None:
    """Register the views of the room's pages."""
    serving.register(ContestIndexPage, index)
    serving.register(ContestSectionPage, section)
    serving.register(ContestPage, contest)
