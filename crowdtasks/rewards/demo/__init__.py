"""The room's part of the demonstration: vouchers, a prize, and a voucher that was redeemed."""

from .loading import PART, SPENT_PART

__all__ = ["PART", "SPENT_PART"]
