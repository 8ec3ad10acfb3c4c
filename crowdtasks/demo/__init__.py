"""The room's part of the demonstration: budgets, a poll and a survey that are open."""

from .loading import BUDGETS_PART, PART

__all__ = ["BUDGETS_PART", "PART"]
