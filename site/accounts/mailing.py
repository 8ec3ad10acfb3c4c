"""The two mails that carry a secret. Who sends them registers here (``notifications`` does).

People stand below notices in the order of the rooms, so they cannot call them by name. A platform
on which nobody registered must not pretend that a code was sent: the first use raises.
"""

import datetime as dt
from collections.abc import Callable
from typing import Protocol

from django.core.exceptions import ImproperlyConfigured

from accounts.models import Invitation


class CodeMail(Protocol):
    """Send a code at once; False when the mail server did not take it. Never raises.

    ``purpose`` is ``sign-in`` or ``email-change``.
    """

    def __call__(
        self, *, email: str, language: str, code: str, minutes: int, path: str, purpose: str
    ) -> bool: ...


InvitationMail = Callable[..., object]

_code: list[CodeMail] = []
_invitation: list[InvitationMail] = []


def register_code_mail(send: CodeMail) -> None:
    """Name who sends codes; the last one named is asked."""
    _code[:] = [send]


def register_invitation_mail(send: InvitationMail) -> None:
    """Name who writes the invitation's notice, called in the transaction as
    ``send(invitation=…, path=…, language=…, by=…)``. ``path`` holds the secret."""
    _invitation[:] = [send]


def send_code(
    *, email: str, language: str, code: str, life: dt.timedelta, path: str, purpose: str
) -> bool:
    """Send a code to the address as it is stored. False: say that the mail did not go out."""
    if not _code:
        raise ImproperlyConfigured("Nobody registered to send sign-in codes (accounts.mailing).")
    minutes = int(life.total_seconds() // 60)
    return _code[0](
        email=email, language=language, code=code, minutes=minutes, path=path, purpose=purpose
    )


def send_invitation(*, invitation: Invitation, path: str, language: str, by: str) -> None:
    """Have the invitation's mail written as a row of the open transaction."""
    if not _invitation:
        raise ImproperlyConfigured("Nobody registered to send invitations (accounts.mailing).")
    _invitation[0](invitation=invitation, path=path, language=language, by=by)
