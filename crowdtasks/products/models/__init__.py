from .award import Award, AwardAppeal, AwardReview, AwardState
from .pages import ProductIndexPage, ProductPage, ProductSectionPage, RoundPage
from .product import Build, Product
from .round import Attempt, Round, Step, StepResult, Went, WhoTries

__all__ = [
    "Attempt",
    "Award",
    "AwardAppeal",
    "AwardReview",
    "AwardState",
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
    "WhoTries",
]
