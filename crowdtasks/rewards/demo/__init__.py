"""The room's part of the demonstration: a voucher, a prize, one that is nearly gone."""

from .loading import PART

__all__ = ["PART"]
