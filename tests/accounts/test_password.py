import datetime as dt

import pytest
from django.test import Client

from accounts.actions import set_password
from accounts.actions.signin import check_new_password
from accounts.models import Account
from core import clock
from core.exceptions import Invalid, Refused
from tests.accounts.helpers import CODE, PASSWORD_SIGN_IN, ask, enter, mailed_code
from tests.factories.accounts import PASSWORD, make_account

pytestmark = pytest.mark.django_db
SET = "/en/account/password/"


@pytest.mark.parametrize(
    "password",
    [
        "1234567",
        "short words",
        "password1234",
        "qwertyuiop123",
        "123456789012",
        "a" * 1025,
        "街" * 400,
        "twelve\x00letters",
        "x" * 1_000_000,
        "lone \ud800 surrogate",
    ],
)
def test_weak_and_monstrous_passwords_are_refused_before_hashing(password, monkeypatch):
    """A16."""
    account = make_account()
    monkeypatch.setattr(Account, "set_password", lambda *args: pytest.fail("It was hashed."))
    with pytest.raises(Invalid) as refused:
        set_password(account=account, password=password, proven=True)
    assert refused.value.field == "password"


@pytest.mark.parametrize(
    "password",
    [
        "twelve chars",
        "  blanks at both ends  ",
        "😀🚋🏮 harbour lights",
        "海港電車榕樹茶餐廳街坊會館",
        "p" * 64 + "é ü",
        "y" * 1000,
    ],
)
def test_long_passwords_are_taken_verbatim(password):
    assert check_new_password(password) == password
    account = make_account("verbatim@people.example")
    set_password(account=account, password=password, proven=True)
    client = Client()
    response = client.post(
        PASSWORD_SIGN_IN, {"email": "verbatim@people.example", "password": password}
    )
    assert response.status_code == 302
    response = Client().post(
        PASSWORD_SIGN_IN, {"email": "verbatim@people.example", "password": password + " "}
    )
    assert response.status_code == 422


def test_a_monstrous_password_at_sign_in_is_not_hashed(monkeypatch):
    make_account("known@people.example", password=PASSWORD)
    monkeypatch.setattr(Account, "check_password", lambda *args: pytest.fail("It was hashed."))
    response = Client().post(
        PASSWORD_SIGN_IN, {"email": "known@people.example", "password": "x" * 5000}
    )
    assert response.status_code == 422


def test_a_forgotten_password_is_replaced_after_a_code_and_other_sessions_end(client):
    """A6: there is no reset token; a new password ends every other session."""
    make_account("known@people.example", password=PASSWORD)
    other = Client()
    other.post(PASSWORD_SIGN_IN, {"email": "known@people.example", "password": PASSWORD})
    assert other.get("/en/account/").status_code == 200
    enter(client, "known@people.example")
    page = client.get(SET)
    assert "Your password now" not in page.content.decode()
    assert client.post(SET, {"password": "harbour tram banyan"}).status_code == 302
    assert client.get("/en/account/").status_code == 200
    assert other.get("/en/account/").status_code == 302
    old = Client().post(PASSWORD_SIGN_IN, {"email": "known@people.example", "password": PASSWORD})
    assert old.status_code == 422


def test_a_session_by_password_must_know_the_old_one(client):
    make_account("known@people.example", password=PASSWORD)
    client.post(PASSWORD_SIGN_IN, {"email": "known@people.example", "password": PASSWORD})
    new = {"password": "harbour tram banyan"}
    assert client.post(SET, new).status_code == 422
    assert client.post(SET, {**new, "current": "not the old one"}).status_code == 422
    assert client.post(SET, {**new, "current": PASSWORD}).status_code == 302


def test_a_code_proves_for_fifteen_minutes_only(client):
    with clock.freeze(dt.datetime(2026, 11, 2, 4, 0, tzinfo=dt.UTC)):
        enter(client, "someone@people.example")
        with clock.travel(dt.timedelta(minutes=15)):
            assert client.get(SET).status_code == 200
        with clock.travel(dt.timedelta(minutes=15, seconds=1)):
            response = client.get(SET)
            assert response.status_code == 403
            assert "Sign in again first" in response.content.decode()
            assert client.post(SET, {"password": "harbour tram banyan"}).status_code == 403
    assert not Account.objects.get().has_usable_password()


def test_the_action_itself_asks_for_proof():
    account = make_account()
    with pytest.raises(Refused):
        set_password(account=account, password="harbour tram banyan")
    with_one = make_account(password=PASSWORD)
    with pytest.raises(Invalid) as refused:
        set_password(account=with_one, password="harbour tram banyan", current="wrong")
    assert refused.value.field == "current"


def test_the_cms_has_no_second_door(client):
    """A17: Wagtail's sign-in, reset and user screens lead to ours or nowhere."""
    response = client.get("/cms/login/?next=/cms/pages/")
    assert response.status_code == 302
    assert response.url == "/en/account/sign-in/?next=%2Fcms%2Fpages%2F"
    assert client.get("/cms/login/?next=//evil.example").url.endswith("next=%2Fcms%2F")
    for address in (
        "/cms/password_reset/",
        "/cms/password_reset/confirm/MQ/set-password/",
        "/cms/bulk/accounts/account/delete/?id=1",
    ):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
    response = client.post("/cms/login/", {"username": "a@b.example", "password": PASSWORD})
    assert response.status_code == 302
    assert "_auth_user_id" not in client.session


def test_user_screens_of_the_cms_write_nothing_even_for_administrators(client, tree):
    from tests.factories.accounts import make_administrator

    administrator, victim = make_administrator(), make_account()
    client.force_login(administrator, backend="accounts.backends.AccountBackend")
    assert client.get("/cms/users/").url == "/en/account/people/"
    for path in ("new/", f"edit/{victim.pk}/", f"delete/{victim.pk}/"):
        assert client.post(f"/cms/users/{path}", {"is_superuser": "on"}).status_code == 404
    victim.refresh_from_db()
    assert not victim.is_superuser
    page = client.get("/cms/account/").content.decode()
    assert "name_email-first_name" not in page
    assert "password-new_password1" not in page


def test_a_code_typed_wrong_keeps_the_page_and_says_so(client):
    ask(client, "someone@people.example")
    code = mailed_code()
    response = client.post(CODE, {"code": f"{(int(code) + 1) % 10**6:06d}"})
    assert response.status_code == 422
    assert "This is not the code we sent." in response.content.decode()
