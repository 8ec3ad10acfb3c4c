import datetime as dt
import re
import threading

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actions import (
    confirm_code,
    request_code,
    set_password,
    sign_in_by_password,
    suspend_account,
    sweep_codes,
    verify_person,
)
from accounts.models import Account, EmailCode, Level, Person
from core import clock
from core.exceptions import Invalid, Refused, TooMany
from core.models import AuditEntry
from tests.accounts.helpers import (
    CODE,
    PASSWORD_SIGN_IN,
    SIGN_IN,
    ask,
    enter,
    mailed_code,
    wrong,
)
from tests.factories.accounts import PASSWORD, make_account

pytestmark = pytest.mark.django_db
NETWORK = "address:192.0.2.1"


def begin(email: str = "someone@people.example") -> tuple[str, str]:
    row = request_code(email=email, network=NETWORK, language="en")
    return row.handle, mailed_code()


def confirm(handle: str, code: str, **options) -> Account:
    return confirm_code(handle=handle, code=code, network=NETWORK, language="en", **options)


# --- the way in -----------------------------------------------------------------------------------


def test_an_unknown_address_becomes_an_account_only_when_the_code_comes_back(client):
    response = ask(client, "New.Person@people.example")
    assert response.status_code == 302
    assert response.url == CODE
    assert not Account.objects.exists()
    response = client.post(CODE, {"code": mailed_code()})
    assert response.status_code == 302
    assert response.url == "/en/account/"
    account = Account.objects.get()
    assert account.email == "New.Person@people.example"
    assert account.person.level == Level.EMAIL
    assert not account.has_usable_password()
    assert client.get("/en/account/").status_code == 200
    assert AuditEntry.objects.filter(verb="sign-in.code", actor=account.public_id).count() == 1


@pytest.mark.parametrize(
    "typed", ["{0}{1} {2}{3}\u00a0{4}{5}", " {0}{1}{2}-{3}{4}{5}\n", "\u200b{0}{1}{2}{3}{4}{5}"]
)
def test_a_code_may_be_pasted_in_any_spacing(typed):
    handle, code = begin()
    assert confirm(handle, typed.format(*code)).email == "someone@people.example"


def test_full_width_digits_are_digits():
    handle, code = begin()
    assert confirm(handle, code.translate({48 + n: 0xFF10 + n for n in range(10)}))


def test_the_code_is_stored_as_a_hash_and_stands_in_no_subject():
    handle, code = begin()
    row = EmailCode.objects.get(handle=handle)
    assert code not in row.code_hash
    assert len(row.code_hash) == 64
    assert code not in mail.outbox[-1].subject
    assert mail.outbox[-1].to == ["someone@people.example"]


def test_what_the_visitor_had_is_kept_and_the_session_key_changes(client):
    """A8: a preset session id is dead after signing in; held choices survive."""
    session = client.session
    session["held"] = {"s1": 1}
    session.save()
    before = client.cookies["sessionid"].value
    enter(client, "someone@people.example")
    after = client.cookies["sessionid"].value
    assert after != before
    assert client.session["held"] == {"s1": 1}
    assert not Session.objects.filter(session_key=before).exists()
    stranger = Client()
    stranger.cookies["sessionid"] = before
    assert stranger.get("/en/account/").status_code == 302


@pytest.mark.parametrize("way", ["code", "password"])
def test_signing_in_again_changes_the_key_too_and_keeps_what_was_held(client, way):
    account = make_account("someone@people.example", password=PASSWORD)
    enter(client, account.email)
    session = client.session
    session["held_acts"] = {"comment:x": "token"}
    session.save()
    before = client.cookies["sessionid"].value
    if way == "code":
        enter(client, account.email)
    else:
        client.post(PASSWORD_SIGN_IN, {"email": account.email, "password": PASSWORD})
    assert client.cookies["sessionid"].value != before
    assert client.session["signed_in_by"] == way
    assert client.session["held_acts"] == {"comment:x": "token"}
    stranger = Client()
    stranger.cookies["sessionid"] = before
    assert stranger.get("/en/account/").status_code == 302


def test_somebody_elses_session_in_the_same_browser_is_emptied(client):
    enter(client, "first@people.example")
    session = client.session
    session["held"] = {"s1": 1}
    session.save()
    ask_again = client.post("/en/account/sign-in/password/", {"email": "x@y.example"})
    assert ask_again.status_code == 422
    ask(client, "second@people.example")
    client.post(CODE, {"code": mailed_code()})
    assert "held" not in client.session
    assert Account.objects.get(pk=client.session["_auth_user_id"]).email == "second@people.example"


def test_the_language_chosen_in_the_header_is_kept_on_the_account(client):
    client.cookies["kaifong_language"] = "zh-hant"
    client.post("/zh-hant/account/sign-in/", {"email": "someone@people.example"})
    client.post("/zh-hant/account/sign-in/code/", {"code": mailed_code()})
    assert Account.objects.get().language == "zh-hant"
    other = Client()
    enter(other, "someone@people.example")
    assert Account.objects.get().language == "zh-hant"
    chosen = Client()
    chosen.cookies["kaifong_language"] = "en"
    enter(chosen, "someone@people.example")
    assert Account.objects.get().language == "en"


def test_signing_out_kills_the_session_and_a_copied_cookie(client):
    """A9."""
    enter(client, "someone@people.example")
    copied = client.cookies["sessionid"].value
    assert client.get("/en/account/sign-out/").status_code == 405
    response = client.post("/en/account/sign-out/")
    assert response.url == "/en/"
    thief = Client()
    thief.cookies["sessionid"] = copied
    assert thief.get("/en/account/").status_code == 302
    assert client.post("/en/account/sign-out/").status_code == 302


def test_pages_are_kept_out_of_caches_and_indexes(client):
    for address in (SIGN_IN, PASSWORD_SIGN_IN, "/en/account/"):
        response = client.get(address)
        assert "no-store" in response["Cache-Control"]
        assert "private" in response["Cache-Control"]
        assert response["X-Robots-Tag"] == "noindex, nofollow"


def test_a_signed_in_reader_whom_the_cms_sends_back_is_not_sent_round_in_circles(client):
    enter(client, "someone@people.example")
    response = client.get("/cms/", follow=True)
    assert response.status_code == 200
    assert response.redirect_chain[-1][0].startswith("/en/account/sign-in/")
    assert "You are signed in" in response.content.decode()


# --- A1: nothing tells who has an account ---------------------------------------------------------


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


# --- A4: guessing ---------------------------------------------------------------------------------


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


# --- limits (A2, A3, A5, A12) ---------------------------------------------------------------------


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


# --- A7, A11, A18, A20 ----------------------------------------------------------------------------


def test_a_forged_host_reaches_no_mail(client):
    """A7."""
    response = client.post(SIGN_IN, {"email": "a@people.example"}, HTTP_HOST="evil.example")
    assert response.status_code == 400
    response = client.post(
        SIGN_IN, {"email": "a@people.example"}, HTTP_X_FORWARDED_HOST="evil.example"
    )
    assert response.status_code == 302
    assert len(mail.outbox) == 1
    whole = mail.outbox[0].message().as_string()
    assert "evil.example" not in whole


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("ab@gmail.com", "a.b+1@googlemail.com", True),
        ("A@EXAMPLE.hk", "a+vote2@example.hk", True),
        ("a@bücher.example", "a@xn--bcher-kva.example", True),
        ("a.b@people.example", "ab@people.example", False),
    ],
)
def test_spellings_of_one_address_are_one_person(first, second, same):
    """A11."""
    one, two = (confirm(*begin(email)) for email in (first, second))
    assert (one.person_id == two.person_id) is same
    assert (one.pk == two.pk) is same


@pytest.mark.parametrize(
    "address",
    ["mike@ｅxample.com", "ADMİN@example.com", "a@b", "no", "a b@c.hk", "\u202ea@people.example"],
)
def test_look_alike_and_broken_addresses_are_refused_with_the_text_kept(client, address):
    response = ask(client, address)
    assert response.status_code == 422
    assert not mail.outbox


def test_fields_nobody_offered_are_not_read(client):
    """A18."""
    ask(client, "someone@people.example", is_staff="1", level="3", bureau="2", points="999")
    client.post(CODE, {"code": mailed_code(), "is_superuser": "1", "level": "3", "person": "1"})
    account = Account.objects.get()
    assert not account.is_staff
    assert not account.is_superuser
    assert account.person.level == Level.EMAIL
    assert not account.grants.exists()


def test_a_suspended_account_is_out_at_once_and_cannot_come_back(client):
    """A20."""
    enter(client, "someone@people.example")
    account = Account.objects.get()
    set_password(account=account, password=PASSWORD, proven=True)
    client = Client()
    enter(client, "someone@people.example")
    assert client.get("/en/account/").status_code == 200
    suspend_account(account=account, by="system")
    assert client.get("/en/account/").status_code == 302
    assert client.post("/en/account/name/", {"name": "Someone"}).status_code == 401
    handle, code = begin("someone@people.example")
    with pytest.raises(Refused) as refused:
        confirm(handle, code)
    assert refused.value.code == "suspended"
    with pytest.raises(Invalid):
        sign_in_by_password(
            email="someone@people.example", password=PASSWORD, network=NETWORK, language="en"
        )


def test_an_unconfirmed_account_loses_what_a_stranger_set():
    """A13: opening an account with somebody's address gives no hold on it."""
    squatted = make_account("victim@people.example", password=PASSWORD, confirmed=False)
    assert squatted.person.level == Level.ANYONE
    account = confirm(*begin("victim@people.example"))
    account.refresh_from_db()
    assert account.pk == squatted.pk
    assert not account.has_usable_password()
    assert account.person.level == Level.EMAIL


def test_a_mail_server_that_is_down_is_said_and_kept_apart_from_the_limits_answer(client, settings):
    """F-rows: nothing pretends that a code was sent; the page keeps the address."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1
    response = ask(client, "someone@people.example")
    assert response.status_code == 503
    page = response.content.decode()
    assert "The mail could not be sent." in page
    assert "someone@people.example" in page
    assert "sign_in" not in client.session


@pytest.mark.parametrize("kept", ["", "en"])
def test_the_language_of_the_page_is_kept_for_pages_outside_the_languages(kept):
    """The CMS has no language in its address: without this it would ask the browser."""
    account = make_account(password=PASSWORD)
    client = Client(headers={"accept-language": "en-GB"})
    if kept:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = kept
    client.post(
        "/zh-hant/account/sign-in/password/", {"email": account.email, "password": PASSWORD}
    )
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "zh-hant"
    assert client.get("/cms/")["Content-Language"] == "zh-hant"


def test_what_the_cms_refused_is_not_said_on_the_next_page():
    client = Client()
    client.force_login(make_account())
    refused = client.get("/cms/", follow=True)
    assert "You are signed in" in refused.content.decode()
    page = client.get("/en/account/").content.decode()
    assert "permission" not in page
    assert "govuk-notification-banner" not in page


def test_being_verified_at_the_counter_gives_the_session_a_new_key(client):
    """A8, at the step up to a higher level: the old key is dead, what was typed is kept."""
    enter(client, "someone@people.example")
    session = client.session
    session["held"] = "what was typed"
    session.save()
    old = client.cookies["sessionid"].value
    account = Account.objects.get()
    assert client.get("/en/account/").status_code == 200
    assert client.cookies["sessionid"].value == old
    verify_person(by="system", account=account, subject="A1234563")
    thief = Client()
    thief.cookies["sessionid"] = old
    page = client.get("/en/account/")
    assert page.status_code == 200
    assert "verified" in page.content.decode().lower()
    assert client.cookies["sessionid"].value != old
    assert client.session["held"] == "what was typed"
    assert not Session.objects.filter(session_key=old).exists()
    assert thief.get("/en/account/").status_code == 302
    # Once: the new key stays.
    new = client.cookies["sessionid"].value
    assert client.get("/en/account/").status_code == 200
    assert client.cookies["sessionid"].value == new


def test_a_changed_password_ends_a_session_from_before_the_counter():
    account = make_account(password=PASSWORD)
    client, other = Client(), Client()
    other.post(PASSWORD_SIGN_IN, {"email": account.email, "password": PASSWORD})
    client.post(PASSWORD_SIGN_IN, {"email": account.email, "password": PASSWORD})
    verify_person(by="system", account=account, subject="A1234563")
    account.refresh_from_db()
    account.set_password("Another-long-pass-2026")
    account.save()
    assert client.get("/en/account/").status_code == 302
    assert other.get("/en/account/").status_code == 302
