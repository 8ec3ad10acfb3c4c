"""What a closed account's words stand under, wherever names are shown; in three languages."""

import pytest
from django.test import Client

from accounts.actions import (
    choose_display_name,
    close_account,
    open_account,
    verify_person,
)
from accounts.models import Account
from core import audit
from notifications.models import Notice
from participation.models import Contribution
from tests.factories.accounts import make_administrator, make_bureau, make_officer
from tests.factories.engagements import make_engagement
from tests.factories.participation import (
    decide,
    make_citizen,
    make_comment,
    make_official_reply,
    make_public_comment,
    make_receipt,
)

pytestmark = pytest.mark.django_db
FORMER = {"en": "Former participant", "zh-hant": "前參與者", "zh-hans": "前参与者"}


def fresh(account: Account) -> Account:
    return Account.objects.select_related("person").get(pk=account.pk)


def two_accounts_of_one_person(first: str, second: str) -> tuple[Account, Account]:
    administrator = make_administrator()
    accounts = make_citizen(first), make_citizen(second)
    for account in accounts:
        verify_person(by=administrator, account=account, subject="A123456(7)")
    one, two = map(fresh, accounts)
    assert one.person == two.person
    return one, two


def names_of(account: Account) -> dict[str, str]:
    rows = Contribution.objects.filter(person=account.person)
    return dict(rows.values_list("text", "author_name"))


@pytest.mark.parametrize("language", FORMER)
def test_pages_kept_or_not_say_former_participant(
    client, django_capture_on_commit_callbacks, language
):
    me, other = make_citizen("Kwok Mei Mei"), make_citizen("Neighbour")
    engagement = make_engagement(bureau=make_bureau("EPD"), moderation_policy="after")
    with django_capture_on_commit_callbacks(execute=True):
        mine = make_public_comment(engagement, "My own words.", account=me)
        theirs = make_public_comment(engagement, "Their words.", account=other)
        make_public_comment(engagement, "My answer.", account=me, parent=theirs)
        make_official_reply(mine, make_officer())
    pages = [
        f"/{language}/e/{engagement.public_id}/comments/?on=whole",
        f"/{language}/e/{engagement.public_id}/comments/?on=whole"
        f"&replies={theirs.contribution.public_id}",
        f"/{language}/contributions/{mine.contribution.public_id}/support/",
        f"/{language}/contributions/{mine.contribution.public_id}/report/",
        f"/{language}/e/{engagement.public_id}/comment/?on=whole&to={mine.contribution.public_id}",
    ]
    for page in pages:
        assert client.get(page, follow=True).status_code == 200, page
    assert "Kwok Mei Mei" in client.get(pages[0]).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        close_account(account=me)
    for page in pages:
        shown = client.get(page, follow=True).content.decode()
        assert "Kwok" not in shown, page
    lists = client.get(pages[0]).content.decode()
    assert lists.count(f'<span class="hk-comment__name">{FORMER[language]}</span>') == 2
    assert FORMER[language] in client.get(pages[2]).content.decode()
    assert "Neighbour" in lists


def test_others_notices_lose_the_name_too():
    me, other = make_citizen("Kwok Mei Mei"), make_citizen("Neighbour")
    engagement = make_engagement(moderation_policy="after")
    theirs = make_public_comment(engagement, "Their words.", account=other)
    make_public_comment(engagement, "My answer.", account=me, parent=theirs)
    told = Notice.objects.get(kind="reply", account=other)
    assert told.params["by"] == "Kwok Mei Mei"
    close_account(account=me)
    told.refresh_from_db()
    assert "by" not in told.params
    reader = Client()
    reader.force_login(other, backend="accounts.backends.AccountBackend")
    shown = reader.get("/en/account/notices/").content.decode()
    assert "Somebody has replied" in shown


@pytest.mark.db
def test_closing_one_of_two_accounts_takes_its_names_and_leaves_the_others():
    one, two = two_accounts_of_one_person("Ah Keung", "Wai Man")
    engagement = make_engagement(moderation_policy="after")
    make_comment(engagement, "As Keung.", account=one)
    make_comment(engagement, "As Wai Man.", account=two)
    choose_display_name(account=one, name="Keung Senior")
    one = fresh(one)
    make_comment(engagement, "As Keung Senior.", account=one)
    close_account(account=one)
    assert names_of(two) == {"As Keung.": "", "As Wai Man.": "Wai Man", "As Keung Senior.": ""}
    assert fresh(two).person.erased_at is None
    assert audit.verify().ok
    close_account(account=fresh(two))
    assert set(names_of(two).values()) == {""}


def test_one_name_of_both_accounts_stays_with_the_other_and_goes_with_the_last():
    one, two = two_accounts_of_one_person("Wai Man", "Wai Man")
    engagement = make_engagement(moderation_policy="after")
    make_comment(engagement, "Whose?", account=one)
    make_comment(engagement, "The other's.", account=two)
    close_account(account=one)
    assert names_of(two) == {"Whose?": "Wai Man", "The other's.": "Wai Man"}
    assert fresh(two).display_name == "Wai Man"
    close_account(account=fresh(two))
    assert set(names_of(two).values()) == {""}


def test_a_withheld_name_is_taken_away_as_well(client):
    me = make_citizen("Rude Name")
    engagement = make_engagement(moderation_policy="after")
    entry = make_public_comment(engagement, "Words.", account=me).contribution
    Contribution.objects.filter(pk=entry.pk).update(name_withheld=True)
    close_account(account=me)
    page = client.get(f"/en/e/{engagement.public_id}/comments/?on=whole").content.decode()
    assert "Former participant" in page
    assert "Rude Name" not in page


def test_what_was_cleared_after_closing_and_who_comes_back():
    me = make_citizen("Kwok Mei Mei", email="kwok@people.example")
    engagement = make_engagement(moderation_policy="before")
    held = make_comment(engagement, "Waits.", account=me).contribution
    close_account(account=me)
    assert decide(held).public_name == "Former participant"
    back = open_account(email="kwok@people.example", display_name="Mei")
    make_public_comment(engagement, "Back again.", account=back)
    assert names_of(back) == {"Waits.": "", "Back again.": "Mei"}


def test_guests_and_the_bureau_are_nobodys_former_participant():
    engagement = make_engagement(bureau=make_bureau("EPD"), moderation_policy="after")
    comment = make_public_comment(engagement)
    reply = make_official_reply(comment, make_officer())
    assert (reply.by_former, reply.public_name) == (False, "")
    secret = make_receipt(engagement, publish_choice="confidential").contribution
    assert secret is not None
    assert (secret.by_former, secret.public_name) == (False, "")
