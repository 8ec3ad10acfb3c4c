"""Who is there when the permission table is tried: one account for each role."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.test import Client

from accounts.actions import suspend_account
from accounts.models import Account, Bureau, Role
from tests.factories.accounts import make_account, make_bureau, make_staff

BACKEND = "accounts.backends.AccountBackend"
ROLES = (
    "anonymous",
    "citizen",
    "citizen2",
    "officer",
    "officer2",
    "approver",
    "moderator",
    "juror",
    "administrator",
    "suspended",
)


@dataclass
class World:
    """Accounts by role (officer and approver of EPD, officer2 of LCSD), and what rows keep.

    ``suspended`` was an officer of EPD whose session had begun before. ``sessions`` are one of each
    account, begun once for all turns. ``things`` is for rows: what ``prepare`` or ``kwargs`` made
    and ``check`` looks at.
    """

    accounts: dict[str, Account]
    epd: Bureau
    lcsd: Bureau
    sessions: dict[str, str]
    things: dict[str, Any] = field(default_factory=dict)

    def client(self, role: str, **options: Any) -> Client:
        """A browser in which the role is signed in, or nobody."""
        client = Client(**options)
        if role != "anonymous":
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
        return client

    def account(self, role: str) -> Account:
        """The account of a role, as the database has it now."""
        return Account.objects.select_related("person").get(pk=self.accounts[role].pk)


def make_world() -> World:
    """Make everybody by the actions."""
    epd, lcsd = make_bureau("EPD"), make_bureau("LCSD")
    accounts = {
        "citizen": make_account("citizen@table.example"),
        "citizen2": make_account("citizen2@table.example"),
        "officer": make_staff(Role.OFFICER, epd, "officer@table.example"),
        "officer2": make_staff(Role.OFFICER, lcsd, "officer2@table.example"),
        "approver": make_staff(Role.APPROVER, epd, "approver@table.example"),
        "moderator": make_staff(Role.MODERATOR, None, "moderator@table.example"),
        "juror": make_staff(Role.JUROR, None, "juror@table.example"),
        "administrator": make_staff(Role.ADMINISTRATOR, None, "admin@table.example"),
        "suspended": make_staff(Role.OFFICER, epd, "suspended@table.example"),
    }
    suspend_account(account=accounts["suspended"], by="system")
    sessions = {role: _begin_session(account) for role, account in accounts.items()}
    return World(accounts=accounts, epd=epd, lcsd=lcsd, sessions=sessions)


def _begin_session(account: Account) -> str:
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client.cookies[settings.SESSION_COOKIE_NAME].value
