"""Officers, approvers and administrators with their fence, for tests of the desk."""

from __future__ import annotations

from accounts.actions.roles import grant_role
from accounts.models import Account, Bureau, Role
from tests.factories.core import make_tree
from tests.factories.engagements import make_account, make_bureau


def _with(role: Role, bureau: Bureau | None, email: str) -> Account:
    make_tree()
    account = make_account(email)
    grant_role(account=account, role=role, bureau=bureau, by="system")
    account.refresh_from_db()
    return account


def make_officer(bureau: Bureau | None = None, email: str = "") -> Account:
    """An officer of the body (EPD by default)."""
    return _with(Role.OFFICER, bureau or make_bureau(), email)


def make_approver(bureau: Bureau | None = None, email: str = "") -> Account:
    """An approver of the body (EPD by default)."""
    return _with(Role.APPROVER, bureau or make_bureau(), email)


def make_administrator(email: str = "") -> Account:
    """An administrator of the platform."""
    return _with(Role.ADMINISTRATOR, None, email)
