"""Middleware of the ground."""

from core.clock import ClockMiddleware

__all__ = ["ClockMiddleware"]
