"""Signing in tells nobody who has an account (A1)."""

import re

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actions import (
    request_code,
)
from tests.accounts.helpers import (
    CODE,
    NETWORK,
    PASSWORD_SIGN_IN,
    ask,
    mailed_code,
    wrong,
)
from tests.factories.accounts import PASSWORD, make_account

pytestmark = pytest.mark.django_db


def _shape(response) -> tuple[int, str]:
    body = re.sub(r'value="(?:[A-Za-z0-9]{64}|[0-9]{6})"', "", response.content.decode())
    return response.status_code, re.sub(r"(known|other)@people\.example", "", body)


def test_known_and_unknown_addresses_get_the_same_pages_work_and_mail():
    make_account("known@people.example", password=PASSWORD)
    seen = []
    for email in ("known@people.example", "other@people.example"):
        client = Client()
        with CaptureQueriesContext(connection) as captured:
            first = ask(client, email)
        queries = len(captured)
        second = client.get(CODE)
        third = client.post(CODE, {"code": wrong(mailed_code())})
        letter = mail.outbox[-1]
        seen.append(
            (
                _shape(first),
                _shape(second),
                _shape(third),
                letter.subject,
                re.sub(r"\d", "", letter.body),
                queries,
            )
        )
    assert seen[0] == seen[1]
    assert seen[0][-1] > 0


def test_a_wrong_password_and_an_unknown_address_look_and_work_alike(monkeypatch):
    make_account("known@people.example", password=PASSWORD)
    make_account("codes@people.example")
    hashed = []
    from django.contrib.auth import hashers

    plain = hashers.get_hasher("default").__class__.encode

    def counting(self, password, salt, *rest):
        hashed.append(1)
        return plain(self, password, salt, *rest)

    monkeypatch.setattr(hashers.get_hasher("default").__class__, "encode", counting)
    shapes, work = [], []
    for email in ("known@people.example", "other@people.example", "codes@people.example"):
        hashed.clear()
        response = Client().post(PASSWORD_SIGN_IN, {"email": email, "password": "wrong one here"})
        shapes.append(_shape(response)[0])
        errors = re.findall(
            r"The e-mail address or the password is not right", str(response.content)
        )
        work.append((len(errors), len(hashed)))
    assert shapes == [422, 422, 422]
    assert work[0] == work[1] == work[2] == (1, 1)


def test_mail_goes_to_the_stored_address_never_to_another_spelling():
    make_account("ab@gmail.com")
    request_code(email="A.B+1@gmail.com", network=NETWORK, language="en")
    assert mail.outbox[-1].to == ["ab@gmail.com"]


def test_the_code_page_shows_what_was_typed_not_what_is_stored(client):
    make_account("ab@gmail.com")
    ask(client, "a.b+1@gmail.com")
    page = client.get(CODE).content.decode()
    assert "a.b+1@gmail.com" in page
    assert ">ab@gmail.com" not in page
