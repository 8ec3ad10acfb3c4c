"""Which view answers for which page of the tree; connected when the app is ready."""

from core import serving
from crowdtasks.products.models import (
    ProductIndexPage,
    ProductPage,
    ProductSectionPage,
    RoundPage,
)
from crowdtasks.products.views.product import product
from crowdtasks.products.views.register import index, section
from crowdtasks.products.views.round import round_page


def connect() -> None:
    """Register the views of the room's pages."""
    serving.register(ProductIndexPage, index)
    serving.register(ProductSectionPage, section)
    serving.register(ProductPage, product)
    serving.register(RoundPage, round_page)
