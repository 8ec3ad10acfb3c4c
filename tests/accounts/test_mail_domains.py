"""How many accounts one mail domain may begin (AB-A11)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.test import override_settings

from accounts.actions import confirm_code, request_code
from accounts.mail_domains import owner_of
from accounts.models import Account
from core import clock
from core.exceptions import TooMany
from tests.accounts.helpers import mailed_code

pytestmark = pytest.mark.django_db
#: Shortly before the hour, when the count begins anew.
LATE = dt.datetime(2027, 3, 1, 4, 55, tzinfo=dt.UTC)
TWO = {**settings.KAIFONG_LIMITS, "new_account_domain": ((2, 3600),)}


def sign_in(email: str) -> Account:
    row = request_code(email=email, network=f"address:{email}", language="en")
    code = mailed_code()
    return confirm_code(handle=row.handle, code=code, network=f"address:{email}", language="en")


@pytest.mark.parametrize(
    ("address", "owner"),
    [
        ("a@farm.example", "farm.example"),
        ("a@one.farm.example", "farm.example"),
        ("a@FARM.example", "farm.example"),
        ("a@mail.farm.com.hk", "farm.com.hk"),
        ("a@farm.com.hk", "farm.com.hk"),
        ("a@student.uni.edu.hk", "uni.edu.hk"),
        ("a@com.hk", "com.hk"),
        ("a@gmail.com", None),
        ("a@yahoo.com.hk", None),
        ("a@epd.gov.hk", None),
        ("a@evilgov.hk", "evilgov.hk"),
        ("a@notgmail.com", "notgmail.com"),
    ],
)
def test_a_domain_counts_with_all_below_it_and_shared_ones_do_not(address, owner):
    assert owner_of(address) == owner


def test_a_deployment_names_domains_that_are_not_counted():
    with override_settings(KAIFONG={**settings.KAIFONG, "UNCOUNTED_MAIL_DOMAINS": [" Uni.edu.hk"]}):
        assert owner_of("a@student.uni.edu.hk") is None


@override_settings(KAIFONG_LIMITS=TWO)
def test_a_farm_of_addresses_begins_no_more_accounts_and_its_code_stays_good():
    with clock.freeze(LATE):
        first = sign_in("one@farm.example")
        sign_in("two@sub.farm.example")
        row = request_code(email="three@farm.example", network="address:3", language="en")
        answer = {"handle": row.handle, "code": mailed_code(), "network": "address:3"}
        with pytest.raises(TooMany):
            confirm_code(**answer, language="en")
        assert Account.objects.count() == 2
        # Nobody else is touched: accounts that exist, other domains, shared providers.
        assert sign_in("one@farm.example") == first
        sign_in("four@elsewhere.example")
        for number in range(3):
            sign_in(f"neighbour{number}@gmail.com")
        assert Account.objects.filter(email__endswith="farm.example").count() == 2
    with clock.freeze(LATE + dt.timedelta(minutes=6)):
        assert confirm_code(**answer, language="en").email == "three@farm.example"
