"""Walking through sign-in as a browser does."""

import re

from django.core import mail
from django.test import Client

from accounts.actions import confirm_code, request_code
from accounts.models import Account

SIGN_IN = "/en/account/sign-in/"
CODE = "/en/account/sign-in/code/"
PASSWORD_SIGN_IN = "/en/account/sign-in/password/"
NETWORK = "address:192.0.2.1"


def mailed_code() -> str:
    """The six digits of the newest mail."""
    found = re.search(r"\b(\d{3})\s?(\d{3})\b", mail.outbox[-1].body)
    assert found, mail.outbox[-1].body
    return "".join(found.groups())


def wrong(code: str) -> str:
    """Another code."""
    return f"{(int(code) + 1) % 10**6:06d}"


def ask(client: Client, email: str, **data: str):
    """Send the first form."""
    return client.post(SIGN_IN, {"email": email, **data})


def enter(client: Client, email: str, **data: str):
    """Sign in by code from the first form to the redirect."""
    ask(client, email, **data)
    return client.post(CODE, {"code": mailed_code()})


def begin(email: str = "someone@people.example") -> tuple[str, str]:
    """Ask for a code as the form does: its handle and the digits that were mailed."""
    row = request_code(email=email, network=NETWORK, language="en")
    return row.handle, mailed_code()


def confirm(handle: str, code: str, **options) -> Account:
    """Bring a code back as the form does."""
    return confirm_code(handle=handle, code=code, network=NETWORK, language="en", **options)
