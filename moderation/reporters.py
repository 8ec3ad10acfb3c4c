"""Who reported, without keeping who it was."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings
from django.http import HttpRequest

from accounts.models import Account
from core import clock, limits
from core.dates import ZONE


def reporter_key(request: HttpRequest, account: Account | None) -> str:
    """The key that makes one reader's reports of one text one report.

    A person is known by the opaque id. Everybody else by a keyed digest of the network address
    and the day in Hong Kong: it cannot be turned back into an address, and nobody can be followed
    from one day to the next. Neighbours behind one address count as one, which only means that
    the text is raised once.
    """
    if account is not None:
        return f"person:{account.person.public_id}"
    day = clock.now().astimezone(ZONE).date().isoformat()
    content = f"report\x1f{limits.address(request)}\x1f{day}".encode()
    digest = hmac.new(settings.SECRET_KEY.encode(), content, hashlib.sha256).hexdigest()
    return f"day:{digest[:40]}"
