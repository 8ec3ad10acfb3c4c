import datetime as dt
import json

import pytest
from django.db import transaction

from accounts import closing, export, mypage
from accounts.access import access_invitation
from accounts.actions import (
    accept_invitation,
    choose_display_name,
    clear_display_name,
    close_account,
    invite,
    revoke_invitation,
    revoke_role,
    verify_person,
)
from accounts.models import Account, Bureau, EmailCode, Invitation, Person, Role
from accounts.policies import has_role
from accounts.signals import name_chosen
from core import audit, clock
from core.exceptions import Absent, Conflict, Invalid, Refused
from notifications.models import Notice
from tests.accounts.helpers import enter
from tests.factories.accounts import (
    PASSWORD,
    make_account,
    make_administrator,
    make_bureau,
    make_officer,
)

pytestmark = pytest.mark.django_db


def token_of(invitation: Invitation) -> str:
    notice = Notice.objects.get(event_key=f"invitation:{invitation.public_id}")
    return notice.path.strip("/").split("/")[-1]


# --- display names (A19) ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "Admin",
        "政府新聞處",
        "政府新闻处",
        "Аdmin",
        "A d m i n",
        "\u200d" * 255,
        "",
        "   ",
        "\u202e\u202d",
        "EPD",
        "ＥＰＤ",
        "Environmental Protection Department",
        "環境保護署",
        "环境保护署職員",
        "www.evil.example",
        "a@b.example",
        "=1+1",
        "x" * 41,
        "nul\x00",
    ],
)
def test_names_that_imitate_or_hide_are_refused(name):
    make_bureau("EPD")
    account = make_account()
    with pytest.raises(Invalid):
        choose_display_name(account=account, name=name)
    account.refresh_from_db()
    assert account.display_name == ""


@pytest.mark.parametrize("name", ["陳大文", "Wai Man", "阿𠮷", "O'Brien", "👩‍👧 Mei"])
def test_ordinary_names_are_taken(name):
    assert choose_display_name(account=make_account(), name=name).display_name == name


def test_direction_marks_are_taken_out():
    account = choose_display_name(account=make_account(), name="\u202eWai\u202c Man\u2066")
    assert account.display_name == "Wai Man"


def test_nobody_takes_the_name_of_a_colleague_in_office_nor_its_look_alike():
    officer = make_officer("EPD")
    choose_display_name(account=officer, name="Chan Tai Man")
    for name in ("Chan Tai Man", "chan tai man", "Сhan Tai Man", "ChanTaiMan"):
        with pytest.raises(Invalid):
            choose_display_name(account=make_account(), name=name)
    assert choose_display_name(account=officer, name="Chan Tai-man").display_name == "Chan Tai-man"
    revoke_role(account=officer, role=Role.OFFICER, bureau=make_bureau("EPD"), by="system")
    assert choose_display_name(account=make_account(), name="Chan Tai Man")


def test_a_chosen_name_is_told_once_and_a_decision_is_about_the_name_that_was_read():
    account, told = make_account(), []

    def hear(sender, **what):
        told.append((what["name"], what["version"], what["previous"]))

    name_chosen.connect(hear)
    try:
        choose_display_name(account=account, name="Wai Man")
        choose_display_name(account=account, name="Wai Man")
        choose_display_name(account=account, name="Mei Ling")
    finally:
        name_chosen.disconnect(hear)
    assert told == [("Wai Man", 1, ""), ("Mei Ling", 2, "Wai Man")]
    assert clear_display_name(account=account, version=1, by="system") is False
    assert clear_display_name(account=account, version=2, by="system") is True
    account.refresh_from_db()
    assert account.display_name == ""
    assert audit.verify().ok


# --- pages --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
def test_every_page_of_the_own_account_answers_in_each_language(client, language):
    enter(client, "someone@people.example")
    for path in ("", "name/", "settings/", "password/", "data/", "close/", "closed/"):
        response = client.get(f"/{language}/account/{path}")
        assert response.status_code == 200, path
        assert "no-store" in response["Cache-Control"]


def test_rooms_put_their_part_on_my_page(client):
    enter(client, "someone@people.example")

    def context(request):
        return {"rows": [("first", request.user.email)]}

    mypage.register_section("accounts/_data-rows.html", context, order=1)
    try:
        page = client.get("/en/account/").content.decode()
        assert page.count("someone@people.example") == 2
        mypage.register_section("accounts/_data-rows.html", lambda request: None)
        assert client.get("/en/account/").content.decode().count("someone@people.example") == 1
    finally:
        mypage.unregister_section("accounts/_data-rows.html")


def test_my_page_says_what_the_level_allows(client):
    enter(client, "someone@people.example")
    assert "Your e-mail address is confirmed." in client.get("/en/account/").content.decode()
    verify_person(by="system", account=Account.objects.get(), subject="A1234567")
    assert "Verified:" in client.get("/en/account/").content.decode()


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("name/", {"name": "Admin"}),
        ("name/", {}),
        ("name/", {"name": "\x00"}),
        ("settings/", {"language": "klingon"}),
        ("close/", {}),
    ],
)
def test_bad_input_is_answered_in_the_form(client, path, data):
    enter(client, "someone@people.example")
    before = Account.objects.values().get()
    response = client.post(f"/en/account/{path}", data)
    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()
    after = Account.objects.values().get()
    assert before == after


def test_the_name_form_leads_back_to_where_it_was_asked_and_nowhere_else(client):
    enter(client, "someone@people.example")
    target = "/en/e/bcdfghjkmnpq/comment/"
    response = client.post("/en/account/name/", {"name": "Wai Man", "next": target})
    assert response.url == target
    response = client.post("/en/account/name/", {"name": "Mei", "next": "//evil.example"})
    assert response.url == "/en/account/"


# --- own data, closing --------------------------------------------------------------------------


def test_own_data_is_complete_and_holds_nobody_else(client):
    make_account("stranger@people.example", name="Stranger")
    enter(client, "someone@people.example")
    export.register_section("tests", "From a test", lambda account: [{"for": account.public_id}])
    try:
        response = client.get("/en/account/data/file.json")
        page = client.get("/en/account/data/").content.decode()
    finally:
        export.unregister_section("tests")
    data = json.loads(response.content)
    account = Account.objects.get(email="someone@people.example")
    assert data["account"]["email"] == "someone@people.example"
    assert data["tests"] == [{"for": account.public_id}]
    assert "attachment" in response["Content-Disposition"]
    assert "stranger" not in response.content.decode().lower()
    assert "From a test" in page
    assert account.public_id in page


@pytest.mark.db
def test_closing_leaves_a_person_without_name_or_address(client):
    account = make_account("someone@people.example", name="Wai Man")
    person = account.person
    told = []
    closing.register("tests", lambda *, account, last: told.append((account.pk, last)))
    try:
        pk = account.pk
        close_account(account=account)
    finally:
        closing.unregister("tests")
    assert told == [(pk, True)]
    assert not Account.objects.filter(pk=pk).exists()
    assert not EmailCode.objects.exists()
    person.refresh_from_db()
    assert person.erased_at is not None
    assert person.person_key
    for row in Person.objects.values():
        assert "someone" not in str(row)
    assert audit.verify().ok


def test_closing_one_of_two_accounts_leaves_the_person_alive():
    first, second = make_account(), make_account()
    verify_person(by="system", account=first, subject="A1234567")
    person = verify_person(by="system", account=second, subject="A1234567")
    first.refresh_from_db()
    close_account(account=first)
    person.refresh_from_db()
    assert person.erased_at is None


def test_an_erasure_that_fails_keeps_the_account():
    account = make_account()

    def refuse(*, account, last):
        raise RuntimeError("Names could not be taken away.")

    closing.register("tests", refuse)
    try:
        with pytest.raises(RuntimeError), transaction.atomic():
            close_account(account=account)
    finally:
        closing.unregister("tests")
    assert Account.objects.filter(pk=account.pk).exists()


def test_whoever_holds_a_role_cannot_close_and_past_roles_are_no_hindrance():
    officer, epd = make_officer("EPD"), make_bureau("EPD")
    with pytest.raises(Conflict):
        close_account(account=officer)
    revoke_role(account=officer, role=Role.OFFICER, bureau=epd, by="system")
    close_account(account=officer)
    assert not Account.objects.filter(pk=officer.pk).exists()
    assert audit.verify().ok


# --- invitations (A15) --------------------------------------------------------------------------


def make_invitation(email="new@people.example", role=Role.OFFICER, code="EPD", by=None):
    bureau = make_bureau(code) if code else None
    return invite(email=email, role=role, bureau=bureau, by=by or make_administrator())


def test_an_invitation_gives_its_role_and_body_once():
    invitation = make_invitation()
    token = token_of(invitation)
    assert token not in invitation.token_hash
    account = make_account("New@people.example")
    accept_invitation(invitation=access_invitation(token), account=account)
    assert has_role(account, Role.OFFICER, make_bureau("EPD"))
    assert not has_role(account, Role.OFFICER, make_bureau("LCSD"))
    with pytest.raises(Absent):
        access_invitation(token)
    with pytest.raises(Absent):
        accept_invitation(invitation=invitation, account=account)
    assert account.grants.count() == 1


def test_another_account_is_refused_whatever_it_is():
    invitation = make_invitation()
    for account in (
        make_account("other@people.example"),
        make_officer("LCSD"),
        make_administrator(),
        make_account("new@people.example", confirmed=False),
    ):
        with pytest.raises(Refused):
            accept_invitation(invitation=invitation, account=account)
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


def test_an_invitation_dies_after_seven_days_when_taken_back_and_by_a_newer_one():
    with clock.freeze(dt.datetime(2026, 11, 2, 4, 0, tzinfo=dt.UTC)):
        administrator = make_administrator()
        first = make_invitation(by=administrator)
        with clock.travel(dt.timedelta(days=7)), pytest.raises(Absent):
            access_invitation(token_of(first))
        with clock.travel(dt.timedelta(days=7, microseconds=-1)):
            assert access_invitation(token_of(first)) == first
        second = make_invitation(by=administrator)
        with pytest.raises(Absent):
            access_invitation(token_of(first))
        revoke_invitation(invitation=second, by=administrator)
        with pytest.raises(Absent):
            access_invitation(token_of(second))


def test_an_invitation_of_somebody_who_is_no_administrator_any_more_is_void():
    administrator, _other = make_administrator(), make_administrator()
    invitation = make_invitation(by=administrator)
    revoke_role(account=administrator, role=Role.ADMINISTRATOR, by="system")
    account = make_account("new@people.example")
    with pytest.raises(Refused):
        accept_invitation(invitation=invitation, account=account)
    assert not account.grants.exists()


def test_only_administrators_invite_and_not_themselves():
    for by in (make_account(), make_officer()):
        with pytest.raises(Refused):
            make_invitation(by=by)
    administrator = make_administrator()
    with pytest.raises(Refused):
        make_invitation(email=administrator.email, by=administrator)
    for options in ({"code": None}, {"role": "emperor"}, {"email": "no address"}):
        with pytest.raises(Invalid):
            make_invitation(by=administrator, **options)
    assert not Invitation.objects.exists()


def test_signing_in_from_an_invitation_leads_back_to_it(client):
    invitation = make_invitation()
    address = f"/en/account/invitation/{token_of(invitation)}/"
    page = client.get(address)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert client.post(address).status_code == 401
    response = enter(client, "new@people.example", next=address)
    assert response.url == address
    assert client.post(address).status_code == 302
    assert has_role(Account.objects.get(email="new@people.example"), Role.OFFICER)
    assert client.get(address).status_code == 404


def test_a_wrong_token_is_absent(client):
    for token in ("x", "a" * 300, "%00", "..%2f"):
        assert client.get(f"/en/account/invitation/{token}/").status_code in {400, 404}


# --- administrators' page -----------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
def test_administrators_find_verify_grant_and_invite(client, language):
    administrator = make_administrator()
    citizen = make_account("someone@people.example", password=PASSWORD)
    client.force_login(administrator, backend="accounts.backends.AccountBackend")
    home = f"/{language}/account/people/"
    response = client.post(home, {"email": "Someone@people.example"})
    person = f"{home}{citizen.public_id}/"
    assert response.url == person
    assert client.get(person).status_code == 200
    assert client.post(f"{person}verify/", {"subject": "A123456(7)"}).url == person
    assert client.post(f"{person}role/", {"role": "officer", "bureau": ""}).status_code == 422
    make_bureau("EPD")
    response = client.post(f"{person}role/", {"role": "officer", "bureau": "epd"})
    assert response.url == person
    assert has_role(citizen, Role.OFFICER, Bureau.objects.get(code="EPD"))
    assert client.post(f"{person}role/end/", {"role": "officer", "bureau": "epd"}).url == person
    assert not has_role(citizen, Role.OFFICER)
    response = client.post(home + "invite/", {"email": "n@people.example", "role": "juror"})
    assert response.url == home
    page = client.get(home).content.decode()
    assert "n@people.example" in page
    assert client.post(home, {"email": "nobody@people.example"}).status_code == 422


def test_unknown_and_broken_ids_are_absent(client):
    client.force_login(make_administrator(), backend="accounts.backends.AccountBackend")
    for public_id in ("bcdfghjkmnpq", "1", "a" * 200):
        assert client.get(f"/en/account/people/{public_id}/").status_code == 404
        assert client.post(f"/en/account/people/{public_id}/suspend/").status_code == 404
    citizen = make_account()
    path = f"/en/account/people/{citizen.public_id}/role/end/"
    assert client.post(path, {"role": "officer", "bureau": "nowhere"}).status_code == 404
    assert client.post(path, {"role": "emperor"}).status_code == 302
    assert client.post(path).status_code == 302
