"""A form that comes from elsewhere does nothing, at any address that writes."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.hardening.harness import Attack
from tests.hardening.test_bad_input import each, world, writes

pytestmark = pytest.mark.django_db
__all__ = ["world"]

#: One-click unsubscribing (RFC 8058): the mail program has no token, the address is the secret.
WITHOUT_TOKEN = {"participation:follow-stop", "participation:stop-mails"}


def test_no_write_without_the_forms_own_token(world):
    def act(attack: Attack) -> None:
        if attack.row.name in WITHOUT_TOKEN:
            return
        session = attack.client.cookies.get("sessionid")
        attack.client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        if session is not None:
            attack.client.cookies["sessionid"] = session.value
        cookies = "; ".join(f"{name}={one.value}" for name, one in attack.client.cookies.items())
        for what, headers in (
            ("no token", {}),
            ("another's token", {"HTTP_COOKIE": f"{cookies}; csrftoken={'a' * 32}"}),
            ("foreign origin", {"HTTP_ORIGIN": "https://evil.example"}),
            ("no origin", {"HTTP_ORIGIN": "null"}),
        ):
            found = attack.form(
                {**attack.data, "csrfmiddlewaretoken": "b" * 32}, what=what, **headers
            )
            if found.status_code != 403:
                attack.faults.append(f"{attack.row.name}: {found.status_code}, {what}")
            if found.headers["X-Frame-Options"] not in {"DENY", "SAMEORIGIN"}:
                attack.faults.append(f"{attack.row.name}: may be framed")

    assert each(world, writes(), act, deep=True) == []
