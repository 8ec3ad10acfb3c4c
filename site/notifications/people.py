"""Mails about accounts: those that carry a secret, and those that warn of a change.

People stand below notices, so they ask for the first by registration (``accounts.mailing``) and
tell of the second by signals.
"""

from typing import Any

from accounts import mailing
from accounts.models import Account, Invitation
from accounts.signals import account_closed, email_changed, password_changed
from core import clock
from core.ids import public_id
from core.texts import known_language
from notifications.actions import Address, notify, send_code_mail


def send_invitation(*, invitation: Invitation, path: str, language: str, by: str) -> None:
    """Write the notice of an invitation, in the transaction that made it."""
    params = {"role": invitation.role, "by": by, "expires_at": invitation.expires_at}
    if invitation.bureau is not None:
        params["bureau"] = invitation.bureau.name
    notify(
        kind="invitation",
        event_key=f"invitation:{invitation.public_id}",
        to=[Address(invitation.email, known_language(language))],
        params=params,
        path=path,
    )


def tell_password(sender: type, *, account: Account, first: bool, **_kwargs: Any) -> None:
    """Warn the account that its password was set or changed."""
    params = {"at": clock.now(), "first": "yes" if first else ""}
    _tell("password-changed", account, params)


def tell_email(sender: type, *, account: Account, old: str, **_kwargs: Any) -> None:
    """Tell the new address, and warn the old one. Neither mail names the other address."""
    _tell("email-changed", account, {"at": clock.now(), "side": "new"})
    if old and old.lower() != account.email.lower():
        notify(
            kind="email-changed",
            event_key=f"account:{public_id()}",
            to=[Address(old, known_language(account.language))],
            params={"at": clock.now(), "side": "old"},
        )


def tell_closed(sender: type, *, email: str, language: str, **_kwargs: Any) -> None:
    """The last mail to an address whose account is gone."""
    notify(
        kind="account-closed",
        event_key=f"account:{public_id()}",
        to=[Address(email, known_language(language))],
        params={"at": clock.now()},
        path="/",
    )


def _tell(kind: str, account: Account, params: dict[str, Any]) -> None:
    # Each change is an event of its own.
    event_key = f"account:{public_id()}"
    notify(kind=kind, event_key=event_key, to=[account], params=params, path="/account/")


def register() -> None:
    """Name who sends; called once from ``ready()``."""
    mailing.register_code_mail(send_code_mail)
    mailing.register_invitation_mail(send_invitation)
    password_changed.connect(tell_password, dispatch_uid="notifications.password_changed")
    email_changed.connect(tell_email, dispatch_uid="notifications.email_changed")
    account_closed.connect(tell_closed, dispatch_uid="notifications.account_closed")
