"""Where migrations know ``ServedPage`` from; it lives in the ground."""

from core.serving import ServedPage

__all__ = ["ServedPage"]
