"""Which sockets are somebody's: closed when the session ends or the account loses a right (W5).

A socket asks for its topics when it connects, joins their groups, and is closed by ``hang_up``.
Sockets of readers who are not signed in have no topics. Nothing of the account goes over the wire.
"""

import hashlib
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils.crypto import constant_time_compare

from accounts.backends import AccountBackend
from accounts.models import Account
from core import live
from core.exceptions import SignInNeeded

#: What a socket is closed with when its session or a right behind it has ended.
SIGNED_OUT = 4401


def account_topic(account: Account) -> str:
    """The topic of all sockets of an account."""
    return f"a.{account.public_id}"


def session_topic(session_key: str) -> str:
    """The topic of the sockets of one session; the key itself goes nowhere."""
    return f"s.{hashlib.sha256(session_key.encode()).hexdigest()[:40]}"


def hang_up_account(account: Account) -> None:
    """After commit, close the account's sockets in every session."""
    live.hang_up(account_topic(account))


def hang_up_session(session_key: str | None) -> None:
    """After commit, close the sockets of one session; nothing for a visit without one."""
    if session_key:
        live.hang_up(session_topic(session_key))


def topics_of(scope: dict[str, Any]) -> list[str]:
    """The topics of a socket's session and account, from its cookie; none for nobody.

    Raises ``SignInNeeded`` for a session whose account is suspended, closed or has another
    password since: a socket with such a cookie is refused, not taken for a stranger's.
    """
    key = _cookie(scope)
    if not key:
        return []
    session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = session.get(SESSION_KEY)
    if user is None or session.get(BACKEND_SESSION_KEY) is None:
        return []
    account = AccountBackend().get_user(user)
    if account is None or not _proves(session.get(HASH_SESSION_KEY) or "", account):
        raise SignInNeeded
    return [session_topic(key), account_topic(account)]


def _proves(proof: str, account: Account) -> bool:
    """Whether the session knows the account's password of now, by this secret key or a former."""
    good = [account.get_session_auth_hash(), *account.get_session_auth_fallback_hash()]
    return any(constant_time_compare(proof, each) for each in good)


def _cookie(scope: dict[str, Any]) -> str:
    """The session key a browser sent along, '' without one."""
    for name, value in scope.get("headers", []):
        if name.lower() != b"cookie":
            continue
        try:
            found = SimpleCookie(value.decode("latin-1")).get(settings.SESSION_COOKIE_NAME)
        except CookieError:
            return ""
        return found.value if found is not None and found.value.isalnum() else ""
    return ""
