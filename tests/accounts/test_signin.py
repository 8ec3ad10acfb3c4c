import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client

from accounts.actions import (
    set_password,
    sign_in_by_password,
    suspend_account,
    verify_person,
)
from accounts.models import Account, EmailCode, Level
from core.exceptions import Invalid, Refused
from core.models import AuditEntry
from tests.accounts.helpers import (
    CODE,
    NETWORK,
    PASSWORD_SIGN_IN,
    SIGN_IN,
    ask,
    begin,
    confirm,
    enter,
    mailed_code,
)
from tests.factories.accounts import PASSWORD, make_account

pytestmark = pytest.mark.django_db


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


def test_staff_are_asked_for_the_address_that_was_invited(client):
    staff = client.get("/en/account/sign-in/?next=/cms/desk/").content.decode()
    assert "Sign in with the address that was invited." in staff
    assert "the code makes one" not in staff
    assert "the code makes one" in client.get(SIGN_IN).content.decode()
