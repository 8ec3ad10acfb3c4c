"""How often a code is mailed and tried, by whatever address (A2, A3, A5, A12)."""

import pytest
from django.core import mail
from django.test import Client

from accounts.actions import (
    request_code,
    sign_in_by_password,
)
from core.exceptions import Invalid, TooMany
from tests.accounts.helpers import (
    NETWORK,
    PASSWORD_SIGN_IN,
    ask,
    begin,
    confirm,
)
from tests.factories.accounts import PASSWORD, make_account

pytestmark = pytest.mark.django_db


def test_an_address_is_mailed_three_times_an_hour(client):
    """A12: nobody's box is filled; the refusal keeps what was typed."""
    for _time in range(3):
        assert ask(client, "someone@people.example").status_code == 302
    response = ask(client, "Some.one+x@people.example")
    assert response.status_code == 302, "another box at an ordinary provider"
    response = ask(client, "someone+tag@people.example")
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert "someone+tag@people.example" in response.content.decode()
    assert len(mail.outbox) == 4


def test_one_network_address_cannot_mail_a_thousand_boxes(settings):
    settings.KAIFONG_LIMITS = {
        **settings.KAIFONG_LIMITS,
        "sign_in_code_request_address": ((5, 3600),),
    }
    for number in range(5):
        request_code(email=f"p{number}@people.example", network=NETWORK, language="en")
    with pytest.raises(TooMany):
        request_code(email="p6@people.example", network=NETWORK, language="en")
    request_code(email="p6@people.example", network="address:192.0.2.2", language="en")


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP"])
def test_forged_network_addresses_do_not_help(settings, header):
    """A3."""
    settings.KAIFONG_LIMITS = {**settings.KAIFONG_LIMITS, "password_try_address": ((3, 900),)}
    statuses = [
        Client()
        .post(
            PASSWORD_SIGN_IN,
            {"email": f"p{number}@people.example", "password": "a wrong password"},
            **{header: f"198.51.100.{number}"},
        )
        .status_code
        for number in range(5)
    ]
    assert statuses == [422, 422, 422, 429, 429]


def test_a_house_has_one_ipv6_key(settings):
    settings.KAIFONG_LIMITS = {**settings.KAIFONG_LIMITS, "password_try_address": ((2, 900),)}
    statuses = [
        Client()
        .post(
            PASSWORD_SIGN_IN,
            {"email": f"p{number}@people.example", "password": "a wrong password"},
            REMOTE_ADDR=f"2001:db8:1:2::{number}",
        )
        .status_code
        for number in range(1, 4)
    ]
    assert statuses == [422, 422, 429]


def test_a_success_gives_no_tries_back_and_the_code_stays_open():
    """A5, and the other half of A2: the limit is no weapon against the owner."""
    make_account("known@people.example", password=PASSWORD)

    def attempt(password: str) -> None:
        sign_in_by_password(
            email="known@people.example", password=password, network=NETWORK, language="en"
        )

    for _time in range(9):
        with pytest.raises(Invalid):
            attempt("wrong password")
    attempt(PASSWORD)
    with pytest.raises(TooMany):
        attempt(PASSWORD)
    handle, code = begin("known@people.example")
    assert confirm(handle, code).email == "known@people.example"
