"""Every write about people goes through here."""

from .account import open_account

__all__ = ["open_account"]
