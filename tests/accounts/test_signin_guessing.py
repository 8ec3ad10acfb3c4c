"""Codes cannot be guessed, used twice or kept (A4)."""

import datetime as dt
import threading

import pytest
from django.db import connection

from accounts.actions import (
    sweep_codes,
)
from accounts.models import Account, EmailCode, Person
from core import clock
from core.exceptions import Invalid, TooMany
from tests.accounts.helpers import (
    CODE,
    ask,
    begin,
    confirm,
    wrong,
)

pytestmark = pytest.mark.django_db


def test_three_tries_then_the_right_code_is_refused_too():
    handle, code = begin()
    for _try in range(3):
        with pytest.raises(Invalid) as refused:
            confirm(handle, wrong(code))
        assert refused.value.code == "code_wrong"
    with pytest.raises(Invalid) as refused:
        confirm(handle, code)
    assert refused.value.code == "code_spent"
    assert not Account.objects.exists()


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_fifty_parallel_guesses_share_three_tries(settings):
    """A4, on real threads and connections; the limits in front are opened on purpose."""
    settings.KAIFONG_LIMITS = {
        **settings.KAIFONG_LIMITS,
        "sign_in_code_try": ((1000, 3600),),
        "sign_in_code_try_address": ((1000, 3600),),
    }
    handle, code = begin()
    barrier = threading.Barrier(50)
    answers: list[str] = []

    def guess(number: int) -> None:
        barrier.wait()
        try:
            confirm(handle, f"{(int(code) + number) % 10**6:06d}")
            answers.append("in")
        except Invalid as error:
            answers.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(1, 51)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["code_spent"] * 47 + ["code_wrong"] * 3
    assert EmailCode.objects.get(handle=handle).tries == 3


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_the_right_code_sent_three_times_at_once_works_once():
    handle, code = begin()
    barrier = threading.Barrier(3)
    answers: list[str] = []

    def send() -> None:
        barrier.wait()
        try:
            answers.append(confirm(handle, code).email)
        except Invalid as error:
            answers.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _thread in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["code_spent", "code_spent", "someone@people.example"]
    assert Account.objects.count() == Person.objects.count() == 1


def test_ten_tries_an_hour_for_an_address_whatever_the_codes():
    codes = [begin() for _code in range(3)]
    for handle, code in (codes * 4)[:10]:
        with pytest.raises(Invalid):
            confirm(handle, wrong(code))
    with pytest.raises(TooMany):
        confirm(*codes[0])


@pytest.mark.db
def test_a_code_dies_after_ten_minutes_and_is_forgotten_an_hour_later():
    with clock.freeze(dt.datetime(2026, 11, 2, 4, 0, tzinfo=dt.UTC)):
        handle, code = begin()
        with clock.travel(dt.timedelta(minutes=10)), pytest.raises(Invalid) as refused:
            confirm(handle, code)
        assert refused.value.code == "code_spent"
        with clock.travel(dt.timedelta(minutes=70)):
            assert sweep_codes() == 0
        with clock.travel(dt.timedelta(minutes=71)):
            assert sweep_codes() == 1
        assert not EmailCode.objects.exists()


def test_a_code_works_once_and_only_with_its_own_handle():
    """A6: reuse, another person's handle."""
    handle, code = begin("one@people.example")
    other_handle, other_code = begin("two@people.example")
    with pytest.raises(Invalid):
        confirm(other_handle, code if code != other_code else wrong(code))
    assert confirm(handle, code).email == "one@people.example"
    with pytest.raises(Invalid) as refused:
        confirm(handle, code)
    assert refused.value.code == "code_spent"
    with pytest.raises(Invalid):
        confirm("0" * 32, code)


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "１２\x00３４５", "12 34", "१२३४५x"]
)
def test_what_cannot_be_a_code_costs_no_try(client, typed):
    ask(client, "someone@people.example")
    response = client.post(CODE, {"code": typed})
    assert response.status_code == 422
    assert EmailCode.objects.get().tries == 0
