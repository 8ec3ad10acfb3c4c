from .pages import ProductIndexPage, ProductPage, ProductSectionPage, RoundPage
from .product import Build, Product
from .round import Attempt, Round, Step, StepResult, Went

__all__ = [
    "Attempt",
    "Build",
    "Product",
    "ProductIndexPage",
    "ProductPage",
    "ProductSectionPage",
    "Round",
    "RoundPage",
    "Step",
    "StepResult",
    "Went",
]
