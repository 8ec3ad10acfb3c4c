"""The room's part of the demonstration: a poll and a survey that are open."""

from .loading import PART

__all__ = ["PART"]
