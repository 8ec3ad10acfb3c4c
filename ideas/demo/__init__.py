"""The room's part of the demonstration: contests in call and jury, a standing box."""

from .loading import PART

__all__ = ["PART"]
