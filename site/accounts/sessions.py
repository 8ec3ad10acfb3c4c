"""The session of somebody who signs in, and how fresh it is."""

import datetime as dt

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest

from accounts import sockets
from accounts.models import Account
from core import clock

BACKEND = "accounts.backends.AccountBackend"
FRESH = dt.timedelta(minutes=15)
_AT, _BY = "signed_in_at", "signed_in_by"
_STEP = "sign_in"
_CHANGE = "email_change"


def start_session(request: HttpRequest, account: Account, *, by: str) -> None:
    """Sign in: a new session key (A8), with what the visitor's session held; ``by`` is the way.

    Somebody else's session in the same browser is emptied instead. Django's ``login`` does both,
    but leaves the key of who is signed in already and signs in again: a key somebody planted
    before would then be as fresh as its owner. Open sockets of the old key are closed.
    """
    before = request.session.session_key
    login(request, account, backend=BACKEND)
    if before is not None and request.session.session_key == before:
        request.session.cycle_key()
    sockets.hang_up_session(before)
    request.session.pop(_STEP, None)
    request.session[_AT] = clock.now().timestamp()
    request.session[_BY] = by


def end_session(request: HttpRequest) -> None:
    """Sign out: the session's row is deleted, so a copied cookie opens nothing; open sockets of
    the session are closed (A9)."""
    key = request.session.session_key
    logout(request)
    sockets.hang_up_session(key)


def is_fresh(request: HttpRequest, *, by: str | None = None) -> bool:
    """Whether this session began minutes ago, in the way ``by`` where one is named."""
    began = request.session.get(_AT)
    if not isinstance(began, int | float) or (by and request.session.get(_BY) != by):
        return False
    return 0 <= clock.now().timestamp() - began <= FRESH.total_seconds()


def began(request: HttpRequest) -> dt.datetime | None:
    """When this session signed in; None for a session that never did."""
    moment = request.session.get(_AT)
    if not isinstance(moment, int | float):
        return None
    return dt.datetime.fromtimestamp(moment, dt.UTC)


def keep_step(request: HttpRequest, *, handle: str, email: str, next_path: str) -> None:
    """Remember, in the visitor's session only, which code was asked for and where to go then."""
    request.session[_STEP] = {"handle": handle, "email": email, "next": next_path}


def step(request: HttpRequest) -> dict[str, str] | None:
    """The sign-in that has begun in this session, if any."""
    found = request.session.get(_STEP)
    return found if isinstance(found, dict) and found.get("handle") else None


def keep_change(request: HttpRequest, *, account: Account, handle: str, email: str) -> None:
    """Remember, in this session only, which code was sent to which new address."""
    request.session[_CHANGE] = {"account": account.public_id, "handle": handle, "email": email}


def change(request: HttpRequest, account: Account) -> dict[str, str] | None:
    """The change of address that this very account has begun in this session, if any."""
    found = request.session.get(_CHANGE)
    if not isinstance(found, dict) or found.get("account") != account.public_id:
        return None
    return found if found.get("handle") else None


def drop_change(request: HttpRequest) -> None:
    """Forget the change of address that was begun here."""
    request.session.pop(_CHANGE, None)


def chose_language(request: HttpRequest) -> bool:
    """Whether the reader has a kept choice of language (not just the browser's wish)."""
    return settings.LANGUAGE_COOKIE_NAME in request.COOKIES
