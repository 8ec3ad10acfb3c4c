"""Changing the address of an account, and the mails that warn of changes (A6, A13)."""

import datetime as dt

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client

from accounts.actions import (
    change_email,
    close_account,
    invite,
    open_account,
    request_email_change,
    set_password,
    suspend_account,
    verify_person,
)
from accounts.keys import person_key
from accounts.models import Account, EmailCode, Level, Person
from core import audit, clock, jobs
from core.exceptions import Conflict, Invalid, Refused, TooMany
from notifications.models import Notice
from participation.actions.votes import cast_vote
from participation.models import Vote
from tests.accounts.helpers import enter, mailed_code, wrong
from tests.factories.accounts import make_account, make_administrator
from tests.factories.engagements import make_engagement
from tests.factories.statements import make_statement

pytestmark = pytest.mark.django_db
NETWORK = "address:192.0.2.1"
ADDRESS = "/en/account/email/"
CODE = "/en/account/email/code/"
OLD, NEW = "old.box@people.example", "New.Box@people.example"


def ask(account: Account, email: str = NEW) -> tuple[str, str]:
    row = request_email_change(account=account, email=email, network=NETWORK, language="en")
    return row.handle, mailed_code()


def confirm(account: Account, handle: str, code: str) -> Account:
    return change_email(account=account, handle=handle, code=code, network=NETWORK)


def change(account: Account, email: str = NEW) -> Account:
    return confirm(account, *ask(account, email))


def mails_to(address: str) -> list[str]:
    jobs.drain()
    return [message.subject for message in mail.outbox if message.to == [address]]


# --- changing ---------------------------------------------------------------------------------


def test_from_my_page_to_the_new_address_and_both_are_told(client):
    enter(client, OLD)
    account = Account.objects.get()
    assert ADDRESS in client.get("/en/account/").content.decode()
    assert client.get(ADDRESS).status_code == 200
    assert client.post(ADDRESS, {"email": f"  {NEW} "}).url == CODE
    assert mail.outbox[-1].to == [NEW]
    code = mailed_code()
    assert code not in mail.outbox[-1].subject
    assert NEW in client.get(CODE).content.decode()
    refused = client.post(CODE, {"code": wrong(code)})
    assert refused.status_code == 422
    account.refresh_from_db()
    assert account.email == OLD
    assert client.post(CODE, {"code": f"{code[:3]} {code[3:]}"}).url == "/en/account/"
    account.refresh_from_db()
    assert (account.email, account.email_canonical) == (NEW, NEW.lower())
    assert account.person.level == Level.EMAIL
    assert NEW in client.get("/en/account/").content.decode()
    changed = "The e-mail address of your account on Kaifong was changed"
    assert mails_to(NEW)[-1] == mails_to(OLD)[-1] == changed
    told = next(m for m in mail.outbox if m.to == [OLD] and m.subject == changed)
    assert NEW.lower() not in told.body.lower()
    assert "If it was not you" in told.body
    assert audit.verify().ok


def test_only_a_session_that_began_just_now_may_ask(client):
    enter(client, OLD)
    with clock.travel(dt.timedelta(minutes=16)):
        assert client.get(ADDRESS).status_code == 403
        assert client.post(ADDRESS, {"email": NEW}).status_code == 403
    assert not EmailCode.objects.filter(purpose="email-change").exists()


def test_another_session_or_account_cannot_bring_the_code_back(client):
    enter(client, OLD)
    client.post(ADDRESS, {"email": NEW})
    code = mailed_code()
    row = EmailCode.objects.get(purpose="email-change")
    second = Client()
    enter(second, OLD)
    assert second.post(CODE, {"code": code}).url == ADDRESS
    stranger = make_account("stranger@people.example")
    with pytest.raises(Invalid):
        confirm(stranger, row.handle, code)
    # Nor does it sign anybody in, nor a sign-in code change an address.
    assert client.post("/en/account/sign-in/code/", {"code": code}).status_code == 302
    assert set(Account.objects.values_list("email", flat=True)) == {OLD, stranger.email}


def test_the_code_works_once_for_ten_minutes_and_three_tries():
    account = make_account(OLD)
    handle, code = ask(account)
    with clock.travel(dt.timedelta(minutes=11)), pytest.raises(Invalid) as late:
        confirm(account, handle, code)
    assert late.value.code == "code_spent"
    handle, code = ask(account)
    for _try in range(3):
        with pytest.raises(Invalid):
            confirm(account, handle, wrong(code))
    with pytest.raises(Invalid) as spent:
        confirm(account, handle, code)
    assert spent.value.code == "code_spent"
    account.refresh_from_db()
    assert account.email == OLD


def test_asking_tells_nothing_of_whose_address_it_is(client):
    """A1: the page and the work are the same; only the mailbox itself learns more."""
    taken = make_account("Taken@people.example")
    enter(client, OLD)
    pages = {}
    for address in ("free@people.example", "taken@people.example"):
        answer = client.post(ADDRESS, {"email": address})
        assert (answer.status_code, answer.url) == (302, CODE)
        pages[address] = client.get(CODE).content.decode().replace(address, "ADDRESS")
        assert "The code that confirms your new address" in mail.outbox[-1].subject
    assert len({page.count("ADDRESS") for page in pages.values()}) == 1
    # To the box as it is stored (N1), and whoever reads it is told.
    assert mail.outbox[-1].to == [taken.email]
    answer = client.post(CODE, {"code": mailed_code()})
    assert answer.status_code == 409
    assert "belongs to another account" in answer.content.decode()
    assert Account.objects.filter(email=OLD).exists()


@pytest.mark.parametrize("typed", ["", "no address", "a@b", "x@people.example\x00", OLD])
def test_what_is_no_new_address_is_refused(client, typed):
    enter(client, OLD)
    before = len(mail.outbox)
    assert client.post(ADDRESS, {"email": typed}).status_code == 422
    assert len(mail.outbox) == before


def test_asking_again_and_again_is_stopped():
    account = make_account(OLD)
    for number in range(5):
        ask(account, f"box{number}@people.example")
    with pytest.raises(TooMany):
        ask(account, "box9@people.example")


def test_a_suspended_account_changes_nothing():
    account = make_account(OLD)
    handle, code = ask(account)
    suspend_account(account=account, by="system")
    with pytest.raises(Refused):
        confirm(account, handle, code)


# --- one address, one person --------------------------------------------------------------------


def vote_of(account: Account, ballot, choice: int) -> None:
    cast_vote(ballot=ballot, person=account.person, choice=choice)


@pytest.mark.db
def test_the_person_stays_and_the_old_address_leads_nowhere():
    account = make_account(OLD)
    person = account.person
    vote_of(account, make_statement(make_engagement()).ballot, 1)
    change(account)
    account = Account.objects.get()
    assert account.person_id == person.pk
    assert Person.objects.get(person_key=person_key("email", NEW.lower())) == person
    assert not Person.objects.filter(person_key=person_key("email", OLD)).exists()
    # Whoever gets the old mailbox is somebody else, and sees nothing of this person.
    successor = open_account(email=OLD)
    assert successor.person_id != person.pk
    assert audit.verify().ok


@pytest.mark.db
def test_closing_after_a_change_remembers_the_new_address():
    account = change(make_account(OLD))
    person = account.person
    close_account(account=account)
    assert open_account(email=NEW).person_id == person.pk


@pytest.mark.db
def test_an_erased_accounts_address_brings_its_votes_along_once():
    ballot = make_statement(make_engagement()).ballot
    first, second = make_account(OLD), make_account("second@people.example")
    vote_of(first, ballot, 1)
    vote_of(second, ballot, -1)
    close_account(account=first)
    change(second, OLD)
    assert [(vote.person_id, vote.choice) for vote in Vote.objects.all()] == [(second.person_id, 1)]
    # And on to a third address: the person goes along, the second one is free again.
    third = change(Account.objects.get(), "third@people.example")
    assert third.person_id == second.person_id
    assert open_account(email=OLD).person_id != third.person_id
    assert audit.verify().ok


@pytest.mark.db
def test_a_verified_person_stays_verified():
    account = make_account(OLD)
    verify_person(by=make_administrator(), account=account, subject="A123456(7)")
    person = Account.objects.get(pk=account.pk).person
    changed = change(Account.objects.get(pk=account.pk))
    assert (changed.person_id, changed.person.level) == (person.pk, Level.VERIFIED)
    close_account(account=changed)
    assert open_account(email=NEW).person_id == person.pk
    assert open_account(email=OLD).person_id != person.pk


def test_the_address_of_a_verified_person_is_not_taken_over():
    account, other = make_account(OLD), make_account(NEW)
    verify_person(by=make_administrator(), account=other, subject="A123456(7)")
    close_account(account=Account.objects.get(pk=other.pk))
    with pytest.raises(Conflict):
        change(account)
    account.refresh_from_db()
    assert account.email == OLD


def test_another_spelling_of_the_own_address_is_taken():
    account = make_account("ming@people.example")
    changed = change(account, "Ming+kaifong@people.example")
    assert changed.email == "Ming+kaifong@people.example"
    assert changed.person_id == account.person_id
    assert Person.objects.get(person_key=person_key("email", "ming@people.example"))


def test_invitations_of_the_old_address_are_not_the_new_ones():
    invite(email=OLD, role="moderator", by=make_administrator())
    account = make_account(OLD)
    change(account)
    account.refresh_from_db()
    token = Notice.objects.get(kind="invitation").path.strip("/").split("/")[-1]
    client = Client()
    client.force_login(account, backend="accounts.backends.AccountBackend")
    assert client.post(f"/en/account/invitation/{token}/").status_code == 403


# --- mails that warn ----------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
def test_a_new_password_is_told_even_to_who_wants_no_mails(language):
    account = make_account(OLD, language=language, mail_notices=False)
    set_password(account=account, password="harbour tram banyan", proven=True)
    set_password(account=account, password="another tram banyan", proven=True)
    subjects = mails_to(OLD)
    assert len(subjects) == len(set(subjects)) == 2
    text = mail.outbox[-1].body
    assert "tram" not in text
    if language == "en":
        assert subjects == [
            "A password was set for your account on Kaifong",
            "Your password on Kaifong was changed",
        ]
        assert "If it was not you" in text
    else:
        assert "密碼" in text or "密码" in text
        assert "If it was" not in text


def test_a_refused_password_is_told_to_nobody():
    account = make_account(OLD, password="correct horse battery")
    with pytest.raises(Invalid), transaction.atomic():
        set_password(account=account, password="harbour tram banyan", current="not that one")
    assert mails_to(OLD) == []


@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
def test_closing_is_told_to_the_address_as_it_was(language):
    close_account(account=make_account(OLD, language=language))
    assert len(mails_to(OLD)) == 1
    told = mail.outbox[-1]
    assert f"/{language}/" in told.body
    assert "example@" not in told.body
    notice = Notice.objects.get()
    assert (notice.account, notice.address, notice.kind) == (None, OLD, "account-closed")


def test_an_address_that_was_never_confirmed_is_not_told():
    close_account(account=open_account(email=OLD, confirmed=False))
    assert mails_to(OLD) == []
