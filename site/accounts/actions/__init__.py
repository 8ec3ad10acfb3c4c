"""Every write about people goes through here."""

from .account import (
    change_settings,
    choose_display_name,
    clear_display_name,
    open_account,
    reserved_names,
)
from .bureaux import seed_bureaux, slug_of
from .roles import (
    end_expired_roles,
    grant_role,
    reinstate_account,
    revoke_role,
    suspend_account,
)

__all__ = [
    "change_settings",
    "choose_display_name",
    "clear_display_name",
    "end_expired_roles",
    "grant_role",
    "open_account",
    "reinstate_account",
    "reserved_names",
    "revoke_role",
    "seed_bureaux",
    "slug_of",
    "suspend_account",
]
