"""People for tests, made by the same actions as everybody's."""

from itertools import count

from accounts.actions import grant_role, open_account, seed_bureaux
from accounts.models import Account, Bureau, Role

PASSWORD = "correct horse battery"
_serial = count(1)


def make_bureau(code: str = "EPD") -> Bureau:
    """A body of the real list (the list is seeded when it is not there yet)."""
    if not Bureau.objects.filter(code=code).exists():
        seed_bureaux()
    return Bureau.objects.get(code=code)


def make_account(email: str = "", *, name: str = "", **fields) -> Account:
    """A citizen with a confirmed address; ``password=`` to sign in by password."""
    number = next(_serial)
    return open_account(
        email=email or f"citizen{number}@people.example", display_name=name, **fields
    )


def make_staff(role: str, bureau: Bureau | None = None, email: str = "", **fields) -> Account:
    """An account that holds a role."""
    account = make_account(email, **fields)
    grant_role(account=account, role=role, bureau=bureau, by="system")
    account.refresh_from_db()
    return account


def make_officer(code: str = "EPD", **fields) -> Account:
    """An officer of the body with this code."""
    return make_staff(Role.OFFICER, make_bureau(code), **fields)


def make_approver(code: str = "EPD", **fields) -> Account:
    """An approver of the body with this code."""
    return make_staff(Role.APPROVER, make_bureau(code), **fields)


def make_moderator(**fields) -> Account:
    """A moderator for the whole platform."""
    return make_staff(Role.MODERATOR, **fields)


def make_administrator(**fields) -> Account:
    """An administrator of the platform."""
    return make_staff(Role.ADMINISTRATOR, **fields)
