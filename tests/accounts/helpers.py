"""Walking through sign-in as a browser does."""

import re

from django.core import mail
from django.test import Client

SIGN_IN = "/en/account/sign-in/"
CODE = "/en/account/sign-in/code/"
PASSWORD_SIGN_IN = "/en/account/sign-in/password/"


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
