"""Who asks through the API: a bearer token, the session of a signed-in reader, or nobody."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja.utils import check_csrf

from accounts.access import current_account
from accounts.keys import token_hash
from accounts.models import Account, ApiToken, Person
from accounts.policies import is_live
from core import clock, limits
from core.exceptions import Refused, SignInNeeded

SAFE = {"GET", "HEAD", "OPTIONS"}
_LONGEST = 200


@dataclass(frozen=True)
class Caller:
    """The account that asks, or None; true either way, since reading needs nobody."""

    account: Account | None

    @property
    def person(self) -> Person | None:
        return self.account.person if self.account else None

    def require(self) -> tuple[Account, Person]:
        """The account and its person. Raises SignInNeeded."""
        if self.account is None:
            raise SignInNeeded
        return self.account, self.account.person


def who(request: HttpRequest) -> Caller:
    """The caller; kept on ``request.auth``. Every request of the API passes here once.

    A token that is unknown, expired or revoked is refused (SignInNeeded), never taken for nobody.
    A session may write only with the token against forged requests (Refused). Raises TooMany.
    """
    limits.spend("api", limits.address(request))
    header = request.headers.get("Authorization", "")
    if header:
        return Caller(_bearer(header))
    account = current_account(request)
    if account is not None and request.method not in SAFE and check_csrf(request) is not None:
        raise Refused(_("The token against forged requests is missing."), code="csrf")
    return Caller(account)


def caller_of(request: HttpRequest) -> Caller:
    """Who asks, as ``who`` found it when the request came in."""
    caller: Caller = request.auth  # type: ignore[attr-defined]
    return caller


def _bearer(header: str) -> Account:
    scheme, _space, secret = header.partition(" ")
    if scheme.lower() == "bearer" and 0 < len(secret) <= _LONGEST and secret.isascii():
        row = (
            ApiToken.objects.select_related("account", "account__person")
            .filter(token_hash=token_hash(secret), revoked_at=None, expires_at__gt=clock.now())
            .first()
        )
        if row is not None and is_live(row.account):
            return row.account
    raise SignInNeeded(_("This token is not valid, or not any more."), code="token")
