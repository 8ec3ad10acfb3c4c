"""Throw-away mailboxes sign in and are no person (A11, S9)."""

import pytest
from django.test import override_settings

from accounts.actions import open_account, request_email_change, verify_person
from accounts.disposable import is_disposable, listed
from accounts.models import Account, Level
from core import clock
from core.exceptions import Invalid, Refused
from participation.actions.follows import follow_engagement
from participation.actions.votes import cast_vote
from participation.models import Contribution, Vote
from participation.policies import can
from tests.accounts.helpers import enter, mailed_code
from tests.factories.accounts import make_administrator
from tests.factories.engagements import make_engagement
from tests.factories.participation import make_receipt
from tests.factories.statements import make_statement

THROWN = "someone@mailinator.com"


@pytest.mark.parametrize(
    ("address", "thrown"),
    [
        (THROWN, True),
        ("a@box7.mailinator.com", True),
        ("a@deep.box7.mailinator.com", True),
        ("a@YopMail.com", True),
        ("a@notmailinator.com", False),
        ("a@mailinator.com.example", False),
        ("mailinator.com@people.example", False),
        ("a@com", False),
        ("a@people.example", False),
    ],
)
def test_a_domain_is_listed_whole_or_by_what_is_above_it(address, thrown):
    assert is_disposable(address) is thrown


def test_the_list_is_plain_and_in_order():
    assert len(listed()) > 50
    for domain in listed():
        assert domain == domain.lower().strip()
        assert "." in domain
        assert "@" not in domain
    assert not listed() & {"gmail.com", "outlook.com", "yahoo.com.hk", "netvigator.com", "qq.com"}


def test_an_installation_adds_its_own(settings):
    with override_settings(KAIFONG={**settings.KAIFONG, "DISPOSABLE_DOMAINS": [" Brief.Example"]}):
        assert is_disposable("a@mail.brief.example")
        assert is_disposable(THROWN)
    assert not is_disposable("a@mail.brief.example")


@pytest.mark.django_db
def test_it_signs_in_reads_and_follows_but_does_not_vote(client):
    assert enter(client, THROWN).status_code == 302
    account = Account.objects.get()
    assert account.person.level == Level.ANYONE
    assert account.email_confirmed_at is not None
    assert "throw-away" in client.get("/en/account/").content.decode()
    engagement = make_engagement()
    follow_engagement(engagement=engagement, account=account)
    for verb in ("vote", "support", "comment", "statement"):
        verdict = can(verb, engagement=engagement, person=account.person, now=clock.now())
        assert (verdict.code, verdict.would_help) == ("address", False), verb
    with pytest.raises(Refused) as refused:
        cast_vote(ballot=make_statement(engagement).ballot, person=account.person, choice=1)
    assert refused.value.code == "address"
    assert not Vote.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "throw-away"), ("zh-hant", "即棄地址"), ("zh-hans", "即弃地址")],
)
def test_pages_say_why_and_never_send_round_in_a_circle(client, language, words):
    enter(client, THROWN)
    engagement = make_engagement()
    make_statement(engagement)
    page = client.get(f"/{language}/e/{engagement.public_id}/comment/?on=whole")
    assert page.status_code == 403
    assert words in page.content.decode()
    assert words in client.get(f"/{language}/account/").content.decode()
    cards = client.get(f"/{language}/e/{engagement.public_id}/statements/")
    assert cards.status_code in {200, 403}
    assert words in cards.content.decode()


@pytest.mark.django_db
def test_where_anyone_may_write_it_may_too():
    account = open_account(email=THROWN, display_name="Somebody New")
    engagement = make_engagement()
    engagement.levels = {**engagement.levels, "comment": 0, "vote": 0}
    engagement.save()
    make_receipt(engagement, "A word.", account=account)
    assert Contribution.objects.get().author_name == "Somebody New"
    # 'Anyone' may never vote (decision 5).
    assert can("vote", engagement=engagement, person=account.person, now=clock.now()).code == (
        "address"
    )


@pytest.mark.django_db
def test_verifying_or_a_lasting_address_opens_the_vote(client):
    engagement = make_engagement()
    first = open_account(email=THROWN)
    verify_person(by=make_administrator(), account=first, subject="A123456(7)")
    first.person.refresh_from_db()
    assert can("vote", engagement=engagement, person=first.person, now=clock.now()).allowed
    enter(client, "other@yopmail.com")
    client.post("/en/account/email/", {"email": "lasting@people.example"})
    client.post("/en/account/email/code/", {"code": mailed_code()})
    second = Account.objects.get(email="lasting@people.example")
    assert second.person.level == Level.EMAIL
    assert can("vote", engagement=engagement, person=second.person, now=clock.now()).allowed


@pytest.mark.django_db
def test_a_lasting_address_is_not_changed_to_a_thrown_one():
    account = open_account(email="lasting@people.example")
    with pytest.raises(Invalid) as refused:
        request_email_change(
            account=account, email=THROWN, network="address:192.0.2.1", language="en"
        )
    assert refused.value.code == "email_disposable"


@pytest.mark.django_db
def test_what_needs_a_verified_person_says_so_to_everybody():
    engagement = make_engagement()
    engagement.levels = {**engagement.levels, "vote": 3}
    account = open_account(email=THROWN)
    verdict = can("vote", engagement=engagement, person=account.person, now=clock.now())
    assert verdict.code == "level"
    unconfirmed = open_account(email="later@people.example", confirmed=False)
    now = clock.now()
    assert can("vote", engagement=engagement, person=unconfirmed.person, now=now).would_help
