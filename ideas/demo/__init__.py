"""The room's part of the demonstration: a contest in its call and a standing ideas box."""

from .loading import PART

__all__ = ["PART"]
