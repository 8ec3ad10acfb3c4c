from .contest import Category, Contest, Criterion, RulesVersion
from .idea import (
    LOTS,
    Idea,
    IdeaDraft,
    IdeaStatus,
    IdeaTag,
    IdeaVersion,
    TaggedIdea,
)
from .pages import ContestIndexPage, ContestPage, ContestSectionPage

__all__ = [
    "LOTS",
    "Category",
    "Contest",
    "ContestIndexPage",
    "ContestPage",
    "ContestSectionPage",
    "Criterion",
    "Idea",
    "IdeaDraft",
    "IdeaStatus",
    "IdeaTag",
    "IdeaVersion",
    "RulesVersion",
    "TaggedIdea",
]
