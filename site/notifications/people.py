"""The two mails of accounts that carry a secret, registered with ``accounts.mailing``.

People stand below notices, so they ask for these mails by registration only.
"""

from accounts import mailing
from accounts.models import Invitation
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


def register() -> None:
    """Name who sends; called once from ``ready()``."""
    mailing.register_code_mail(send_code_mail)
    mailing.register_invitation_mail(send_invitation)
