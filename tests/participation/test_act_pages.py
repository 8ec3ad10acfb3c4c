"""Agree, edit, withdraw, versions, the bureau's reply, receipts and follows, page to database."""

import datetime as dt
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import Account, Role
from core import clock, ids
from notifications.models import Notice
from participation.actions.follows import follow_engagement
from participation.actions.receipts import new_receipt
from participation.models import Comment, Contribution, Engagement, Follow, Receipt, Support
from tests.factories.engagements import grant, make_account, make_engagement
from tests.factories.participation import (
    decide,
    make_citizen,
    make_comment,
    make_public_comment,
    make_receipt,
)

pytestmark = pytest.mark.django_db

LANGUAGES = ("en", "zh-hant", "zh-hans")


@pytest.fixture
def engagement() -> Engagement:
    return make_engagement(moderation_policy="after")


@pytest.fixture
def citizen() -> Account:
    return make_citizen("Mei")


@pytest.fixture
def signed_in(client: Client, citizen: Account) -> Client:
    client.force_login(citizen)
    return client


def act(comment: Comment, verb: str, language: str = "en") -> str:
    return f"/{language}/contributions/{comment.contribution.public_id}/{verb}/"


def html(response: Any) -> str:
    return response.content.decode()


def button_value(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="(\d)"', page)
    assert found
    return found[1]


# --- agree --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_agree_and_take_back_without_a_script(
    signed_in: Client, engagement: Engagement, language: str
) -> None:
    comment = make_public_comment(engagement)
    path = act(comment, "support", language)
    assert button_value(html(signed_in.get(path)), "agree") == "1"
    for _twice in range(2):
        assert signed_in.post(path, {"agree": "1"})["Location"] == path
    assert Support.objects.count() == 1
    assert button_value(html(signed_in.get(path)), "agree") == "0"
    signed_in.post(path, {"agree": "0"})
    assert not Support.objects.exists()


def test_agreeing_asks_for_sign_in_and_comes_back(client: Client, engagement: Engagement) -> None:
    comment = make_public_comment(engagement)
    path = act(comment, "support")
    assert client.get(path).status_code == 200
    response = client.post(path, {"agree": "1"})
    assert response.status_code == 302
    assert "account/sign-in/?next=%2Fen%2Fcontributions%2F" in response["Location"]
    assert not Support.objects.exists()


@pytest.mark.parametrize("value", ["", "2", "true", "-1", ["1", "x"]])
def test_strange_agreement_is_refused(
    signed_in: Client, engagement: Engagement, value: Any
) -> None:
    comment = make_public_comment(engagement)
    assert signed_in.post(act(comment, "support"), {"agree": value}).status_code == 422
    assert not Support.objects.exists()


def test_agreement_is_refused_on_own_closed_and_hidden(
    signed_in: Client, engagement: Engagement, citizen: Account
) -> None:
    own = make_public_comment(engagement, account=citizen)
    assert signed_in.post(act(own, "support"), {"agree": "1"}).status_code == 403
    comment = make_public_comment(engagement)
    assert engagement.closes_at is not None
    with clock.freeze(engagement.closes_at):
        assert signed_in.get(act(comment, "support")).status_code == 409
        assert signed_in.post(act(comment, "support"), {"agree": "1"}).status_code == 409
    decide(comment.contribution, "withhold")
    assert signed_in.get(act(comment, "support")).status_code == 404
    assert signed_in.get("/en/contributions/nothing/support/").status_code == 404
    assert not Support.objects.exists()


# --- edit, withdraw, versions -------------------------------------------------------------------


def test_edit_page_writes_a_version(
    signed_in: Client, engagement: Engagement, citizen: Account
) -> None:
    comment = make_public_comment(engagement, "First words.", account=citizen)
    page = html(signed_in.get(act(comment, "edit")))
    assert "First words." in page
    response = signed_in.post(act(comment, "edit"), {"text": "Second words.", "version": "1"})
    assert "/receipts/" in response["Location"]
    stale = signed_in.post(act(comment, "edit"), {"text": "Third words.", "version": "1"})
    assert stale.status_code == 409
    assert "Third words." in html(stale)
    page = html(signed_in.get(act(comment, "versions")))
    assert page.index("Second words.") < page.index("First words.")


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "", "version": "1"},
        {"text": "\u200b", "version": "1"},
        {"text": "Fine.", "version": ""},
        {"text": "Fine.", "version": "x"},
        {"text": "Fine.", "version": "-1"},
        {"text": "Fine.", "version": "9" * 40},
        {"text": "a\x00b", "version": "1"},
    ],
)
def test_bad_edits_are_refused(
    signed_in: Client, engagement: Engagement, citizen: Account, fields: dict[str, str]
) -> None:
    comment = make_public_comment(engagement, "First words.", account=citizen)
    assert signed_in.post(act(comment, "edit"), fields).status_code == 422
    comment.contribution.refresh_from_db()
    assert comment.contribution.text == "First words."


@pytest.mark.parametrize("verb", ["edit", "withdraw", "versions"])
def test_own_acts_are_absent_for_others_and_lead_visitors_to_sign_in(
    client: Client, engagement: Engagement, verb: str
) -> None:
    comment = make_public_comment(engagement)
    response = client.get(act(comment, verb))
    assert "/account/sign-in/?next=" in response["Location"]
    client.force_login(make_citizen())
    assert client.get(act(comment, verb)).status_code == 404
    if verb != "versions":
        data = {"text": "Mine now.", "version": "1"}
        assert client.post(act(comment, verb), data).status_code == 404
    comment.contribution.refresh_from_db()
    assert comment.contribution.state == "published"


def test_withdraw_asks_once_and_ends_at_the_close(
    signed_in: Client, engagement: Engagement, citizen: Account
) -> None:
    comment = make_public_comment(engagement, account=citizen)
    assert signed_in.get(act(comment, "withdraw")).status_code == 200
    assert engagement.closes_at is not None
    with clock.freeze(engagement.closes_at):
        assert signed_in.get(act(comment, "withdraw")).status_code == 409
        assert signed_in.post(act(comment, "withdraw")).status_code == 409
        assert signed_in.get(act(comment, "edit")).status_code == 409
    assert "/receipts/" in signed_in.post(act(comment, "withdraw"))["Location"]
    assert Contribution.objects.get().state == "withdrawn"
    assert "/receipts/" in signed_in.get(act(comment, "withdraw"))["Location"]


# --- the bureau's reply -------------------------------------------------------------------------


def test_only_the_bureau_replies_officially(client: Client, engagement: Engagement) -> None:
    comment = make_public_comment(engagement)
    path = act(comment, "reply")
    assert "/account/sign-in/" in client.get(path)["Location"]
    client.force_login(make_citizen())
    assert client.get(path).status_code == 404
    assert client.post(path, {"text": "We are the bureau."}).status_code == 404
    officer = make_account()
    grant(officer, Role.OFFICER, engagement.owner)
    client.force_login(officer)
    assert client.get(path).status_code == 200
    assert client.post(path, {"text": "\u200b", "key": "k"}).status_code == 422
    for _twice in range(2):
        assert client.post(path, {"text": "Noted.", "key": "k"}).status_code == 302
    reply = Comment.objects.get(official=True)
    assert client.get(act(reply, "reply")).status_code == 404


# --- receipts -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_receipt_tells_where_it_stands_but_not_the_text(
    client: Client, engagement: Engagement, citizen: Account, language: str
) -> None:
    receipt = make_receipt(engagement, "Private to its author.", account=citizen)
    path = f"/{language}/receipts/{receipt.code}/"
    response = client.get(path)
    page = html(response)
    assert ids.show_code(receipt.code) in page
    assert "Private to its author." not in page
    assert "no-store" in response["Cache-Control"]
    assert 'content="noindex"' in page
    client.force_login(citizen)
    page = html(client.get(path))
    assert "Private to its author." in page
    assert f"/contributions/{receipt.contribution.public_id}/edit/" in page  # type: ignore[union-attr]
    client.force_login(make_citizen())
    assert "Private to its author." not in html(client.get(path))


def test_receipt_in_every_state(client: Client) -> None:
    engagement = make_engagement()
    entry = make_comment(engagement).contribution
    path = f"/en/receipts/{entry.receipt.code}/"
    assert "Waits for a moderator" in html(client.get(path))
    decide(entry, "withhold", rule="r1", sentence="Only for the author.")
    page = html(client.get(path))
    assert "Withheld" in page
    assert "Only for the author." not in page
    receipt = make_receipt(engagement, publish_choice="confidential")
    assert "For the bureau only" in html(client.get(f"/en/receipts/{receipt.code}/"))


def test_receipt_offers_another_open_matter_and_plain_sharing(
    client: Client, engagement: Engagement
) -> None:
    other = make_engagement(title="Libraries", closes=dt.timedelta(days=3))
    receipt = make_receipt(engagement)
    page = html(client.get(f"/en/receipts/{receipt.code}/"))
    assert "Libraries" in page
    assert f"/en/e/{other.public_id}/" in page
    assert "mailto:?subject=" in page
    share = page.split('id="share"')[1].split("</section>")[0]
    assert receipt.code not in share
    assert f"/en/e/{engagement.public_id}/follow/" in page


def test_vote_receipt_counts_and_never_tells_choices(
    client: Client, engagement: Engagement, citizen: Account
) -> None:
    from participation.actions.votes import cast_vote
    from tests.factories.statements import make_statement

    for choice in (1, -1):
        statement = make_statement(engagement)
        receipt = cast_vote(ballot=statement.ballot, person=citizen.person, choice=choice)
    page = html(client.get(f"/en/receipts/{receipt.code}/"))
    assert "2 statements" in page
    assert statement.text["en"] not in page
    assert new_receipt(engagement=engagement, person=citizen.person) == receipt


@pytest.mark.parametrize("code", ["x", "A" * 26, "a" * 5000, "'--", "%00", "😀"])
def test_unknown_codes_are_absent(client: Client, code: str) -> None:
    assert client.get(f"/en/receipts/{code}/").status_code in {400, 404}


def test_look_up_forgives_spelling_and_counts_tries(client: Client, engagement: Engagement) -> None:
    receipt = make_receipt(engagement)
    typed = ids.show_code(receipt.code).lower().replace("0", "o")
    response = client.post("/en/receipts/", {"code": typed})
    assert response["Location"] == f"/en/receipts/{receipt.code}/"
    assert client.get(f"/en/receipts/{receipt.code.lower()}/")["Location"] == response["Location"]
    cache.clear()
    with clock.freeze(clock.now()):
        for _try in range(20):
            assert client.post("/en/receipts/", {"code": "A" * 26}).status_code == 422
        assert client.post("/en/receipts/", {"code": receipt.code}).status_code == 429


# --- follows ------------------------------------------------------------------------------------


def test_follow_by_address_is_confirmed_by_a_press(client: Client, engagement: Engagement) -> None:
    path = f"/zh-hant/e/{engagement.public_id}/follow/"
    response = client.post(path, {"email": "reader@example.com"})
    assert response.status_code == 200
    again = client.post(path, {"email": "reader@example.com"})
    assert html(again) == html(response)
    follow = Follow.objects.get()
    confirm = f"/zh-hant/follow/confirm/{follow.token}/"
    assert Notice.objects.filter(kind="follow-confirm").first().path == confirm  # type: ignore[union-attr]
    client.get(confirm)
    follow.refresh_from_db()
    assert follow.confirmed_at is None
    client.post(confirm)
    follow.refresh_from_db()
    assert follow.confirmed_at is not None


def test_one_click_unsubscribe_needs_no_token_of_the_form(engagement: Engagement) -> None:
    strict = Client(enforce_csrf_checks=True)
    follow = follow_engagement(engagement=engagement, account=make_account())
    path = f"/en/follow/stop/{follow.token}/"
    assert strict.get(path).status_code == 200
    follow.refresh_from_db()
    assert follow.ended_at is None
    response = strict.post(path, {"List-Unsubscribe": "One-Click"})
    assert (response.status_code, response.content) == (200, b"")
    follow.refresh_from_db()
    assert follow.ended_at is not None
    assert strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert strict.post("/en/follow/stop/unknown/").status_code == 404


def test_account_follows_and_stops(
    signed_in: Client, engagement: Engagement, citizen: Account
) -> None:
    for path in (
        f"/en/e/{engagement.public_id}/follow/",
        f"/en/bureaux/{engagement.owner.slug}/follow/",
    ):
        assert button_value(html(signed_in.get(path)), "follow") == "1"
        for _twice in range(2):
            signed_in.post(path, {"follow": "1"})
        assert Follow.objects.filter(account=citizen, ended_at=None).count() == 1
        assert button_value(html(signed_in.get(path)), "follow") == "0"
        signed_in.post(path, {"follow": "0"})
        assert not Follow.objects.filter(ended_at=None).exists()
        assert signed_in.post(path, {"follow": "maybe"}).status_code == 422


@pytest.mark.parametrize("email", ["", "no", "a@b", "x" * 300 + "@example.com", "a\x00@b.hk"])
def test_bad_addresses_are_refused_by_the_page(
    client: Client, engagement: Engagement, email: str
) -> None:
    response = client.post(f"/en/e/{engagement.public_id}/follow/", {"email": email})
    assert response.status_code == 422
    assert not Follow.objects.exists()


@pytest.mark.parametrize("path", ["follow/confirm/x/", "follow/stop/x/", "bureaux/none/follow/"])
def test_unknown_follows_are_absent(client: Client, path: str) -> None:
    assert client.get(f"/en/{path}").status_code == 404


# --- my page, state, live -----------------------------------------------------------------------


def test_my_page_lists_contributions_votes_and_follows(
    signed_in: Client, engagement: Engagement, citizen: Account
) -> None:
    receipt = make_receipt(engagement, account=citizen)
    new_receipt(engagement=engagement, person=citizen.person)
    follow_engagement(engagement=engagement, account=citizen)
    page = html(signed_in.get("/en/account/"))
    assert receipt.code in page
    assert "Votes on statements" in page
    assert "Stop following" in page


def test_state_is_the_readers_own_and_never_kept(
    client: Client, engagement: Engagement, citizen: Account
) -> None:
    comment = make_public_comment(engagement)
    path = f"/en/e/{engagement.public_id}/state/"
    assert client.get(path).json() == {"signed_in": False}
    client.force_login(citizen)
    client.post(act(comment, "support"), {"agree": "1"})
    response = client.get(path)
    assert response.json() == {
        "signed_in": True,
        "comments": 0,
        "votes": 0,
        "agrees": [comment.contribution.public_id],
        "follows": False,
    }
    assert "no-store" in response["Cache-Control"]


def test_live_json_is_cacheable_and_holds_no_choice(
    client: Client, engagement: Engagement, citizen: Account
) -> None:
    from participation.actions.votes import cast_vote
    from tests.factories.statements import make_statement

    make_public_comment(engagement)
    make_receipt(engagement, publish_choice="confidential")
    cast_vote(ballot=make_statement(engagement).ballot, person=citizen.person, choice=1)
    response = client.get(f"/en/e/{engagement.public_id}/live.json")
    body = response.json()
    assert set(body) == {"comments", "voters", "at"}
    assert (body["comments"], body["voters"]) == (1, 1)
    assert response["Cache-Control"] == "public, max-age=10"
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_short_addresses_lead_on(client: Client, engagement: Engagement) -> None:
    comment = make_public_comment(engagement)
    assert client.get(f"/en/e/{engagement.public_id}/").status_code == 302
    response = client.get(act(comment, "report"))
    assert response["Location"].endswith(f"/report/comment/{comment.contribution.public_id}/")
    assert client.get("/en/contributions/none/report/").status_code == 404


def test_wrong_methods_change_nothing(client: Client, engagement: Engagement) -> None:
    comment = make_public_comment(engagement)
    assert client.put(act(comment, "support")).status_code == 405
    assert client.delete(act(comment, "withdraw")).status_code == 405
    assert client.post(f"/en/e/{engagement.public_id}/comments/").status_code == 405
    assert client.post(f"/en/e/{engagement.public_id}/live.json").status_code == 405
    assert Receipt.objects.count() == 1
