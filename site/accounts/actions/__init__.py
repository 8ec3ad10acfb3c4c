"""Every write about people goes through here."""

from .account import (
    change_settings,
    choose_display_name,
    clear_display_name,
    open_account,
    reserved_names,
)
from .bureaux import seed_bureaux, slug_of
from .closing import close_account
from .codes import sweep_codes
from .email_change import change_email, request_email_change
from .invitations import accept_invitation, invite, revoke_invitation, sweep_invitations
from .roles import (
    end_expired_roles,
    grant_role,
    reinstate_account,
    revoke_role,
    suspend_account,
)
from .signin import (
    confirm_code,
    note_sign_out,
    request_code,
    set_password,
    sign_in_by_password,
)
from .verification import merge_persons, verify_person

__all__ = [
    "accept_invitation",
    "change_email",
    "change_settings",
    "choose_display_name",
    "clear_display_name",
    "close_account",
    "confirm_code",
    "end_expired_roles",
    "grant_role",
    "invite",
    "merge_persons",
    "note_sign_out",
    "open_account",
    "reinstate_account",
    "request_code",
    "request_email_change",
    "reserved_names",
    "revoke_invitation",
    "revoke_role",
    "seed_bureaux",
    "set_password",
    "sign_in_by_password",
    "slug_of",
    "suspend_account",
    "sweep_codes",
    "sweep_invitations",
    "verify_person",
]
