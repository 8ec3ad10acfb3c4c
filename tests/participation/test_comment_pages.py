"""The comment form, the way through sign-in, and the public list, page to database."""

import datetime as dt
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Account, Role
from core import clock
from participation.models import Contribution, Engagement, PendingAct, Thread
from tests.factories.engagements import grant, make_account, make_engagement
from tests.factories.participation import (
    decide,
    make_citizen,
    make_comment,
    make_many_comments,
    make_official_reply,
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


def form(engagement: Engagement, language: str = "en", on: str = "whole", **query: str) -> str:
    extra = "".join(f"&{name}={value}" for name, value in query.items())
    return f"/{language}/e/{engagement.public_id}/comment/?on={on}{extra}"


def comments(engagement: Engagement, query: str = "on=whole", language: str = "en") -> str:
    return f"/{language}/e/{engagement.public_id}/comments/?{query}"


def typed(text: str = "The bags are too small.", **fields: Any) -> dict[str, Any]:
    return {"text": text, "publish_choice": "name", "key": "k1", **fields}


def html(response: Any) -> str:
    return response.content.decode()


def test_form_has_the_text_first_and_what_is_commented_above(
    client: Client, engagement: Engagement
) -> None:
    page = html(client.get(form(engagement)))
    assert page.index('id="place"') < page.index('name="text"') < page.index("publish_choice")
    assert "about/rules/" in page
    assert 'name="display_name"' not in page
    assert "What happens with your data" in page
    assert 'content="noindex"' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_write_first_sign_in_last(
    client: Client, engagement: Engagement, language: str, citizen: Account
) -> None:
    response = client.post(form(engagement, language), typed("我認為太貴。"))
    check = f"/{language}/e/{engagement.public_id}/comment/check/"
    assert (response.status_code, response["Location"]) == (302, check)
    response = client.get(check)
    assert response["Location"].startswith(f"/{language}/account/sign-in/?next=%2F")
    assert not Contribution.objects.exists()
    client.force_login(citizen)
    page = html(client.get(check))
    assert "我認為太貴。" in page
    assert 'name="display_name"' not in page
    response = client.post(check, {})
    entry = Contribution.objects.get()
    assert entry.text == "我認為太貴。"
    assert entry.language == language
    assert response["Location"] == f"/{language}/receipts/{entry.receipt.code}/"
    # Back and Submit again: the same receipt, nothing new.
    assert client.post(check, {})["Location"] == response["Location"]
    assert Contribution.objects.count() == 1
    assert client.get(response["Location"]).status_code == 200


def test_session_keeps_through_the_real_sign_in(
    client: Client, engagement: Engagement, mailoutbox: list[Any]
) -> None:
    client.post(form(engagement), typed())
    to_sign_in = client.get(f"/en/e/{engagement.public_id}/comment/check/")["Location"]
    page = client.get(to_sign_in)
    assert page.status_code == 200
    wanted = re.search(r'name="next" value="([^"]+)"', html(page))
    assert wanted
    response = client.post(to_sign_in, {"email": "new@example.com", "next": wanted[1]})
    code = re.findall(r"\b\d{3}[ \u00a0]?\d{3}\b", mailoutbox[-1].body)[0]
    response = client.post(response["Location"], {"code": code})
    assert response["Location"].endswith("/comment/check/")
    check = response["Location"]
    page_text = html(client.get(check))
    assert "The bags are too small." in page_text
    assert 'name="display_name"' in page_text
    refused = client.post(check, {"display_name": ""})
    assert refused.status_code == 422
    response = client.post(check, {"display_name": "New Neighbour"})
    assert "/receipts/" in response["Location"]
    assert Contribution.objects.get().author_name == "New Neighbour"


def test_going_back_finds_the_text_in_the_form(client: Client, engagement: Engagement) -> None:
    client.post(form(engagement), typed("Kept for me."))
    assert "Kept for me." in html(client.get(form(engagement)))
    assert "Kept for me." in html(client.get(form(engagement, "zh-hant")))
    thread = Thread.objects.create(engagement=engagement, key="p-2", kind="part")
    assert "Kept for me." not in html(client.get(form(engagement, on=thread.key)))
    assert "Kept for me." not in html(Client().get(form(engagement)))
    client.post(form(engagement), typed("Changed my mind."))
    assert PendingAct.objects.count() == 1


def test_signed_in_submits_at_once(
    client: Client, engagement: Engagement, citizen: Account
) -> None:
    client.force_login(citizen)
    first = client.post(form(engagement), typed())
    again = client.post(form(engagement), typed())
    assert first["Location"] == again["Location"]
    assert Contribution.objects.count() == 1
    other = client.post(form(engagement), typed("Something else."))
    assert other.status_code == 422
    assert "Something else." in html(other)


def test_language_switch_keeps_what_was_typed(client: Client, engagement: Engagement) -> None:
    page = html(client.get(form(engagement)))
    action = re.search(r'formaction="([^"]*zh-hant[^"]*)"', page)
    assert action
    response = client.post(
        action[1].replace("&amp;", "&"),
        {"text": "Half a sen", "publish_choice": "confidential", "switch_language": "zh-hant"},
    )
    assert response.status_code == 200
    page = html(response)
    assert "Half a sen" in page
    assert "error" not in page.split("<main")[1].lower().split("</h1>")[0]
    assert re.search(r'value="confidential"[^>]* checked', page)


@pytest.mark.parametrize(
    "fields",
    [
        {"text": ""},
        {"text": "\u200b\u200d"},
        {"text": "bad\x00bytes"},
        {"text": "x" * 4001},
        {"text": "\ufffe"},
        {"publish_choice": ""},
        {"publish_choice": "everyone"},
        {"publish_choice": ["name", "x"]},
        {"key": "k" * 41},
    ],
)
@pytest.mark.parametrize("signed_in", [True, False])
def test_bad_input_keeps_the_text(
    client: Client,
    engagement: Engagement,
    citizen: Account,
    fields: dict[str, Any],
    signed_in: bool,
) -> None:
    if signed_in:
        client.force_login(citizen)
    response = client.post(form(engagement, "zh-hant"), {**typed("留住我的字"), **fields})
    assert response.status_code == 422
    if "text" not in fields:
        assert "留住我的字" in html(response)
    assert not Contribution.objects.exists()
    assert not PendingAct.objects.exists()


@pytest.mark.parametrize(
    "query",
    ["on=nowhere", "on=%00", "on=whole&to=nobody", "on=" + "x" * 500, "on=whole&to=" + "y" * 500],
)
def test_unknown_places_are_absent(client: Client, engagement: Engagement, query: str) -> None:
    for path in (f"/en/e/{engagement.public_id}/comment/?{query}",):
        assert client.get(path).status_code in {400, 404}
        assert client.post(path, typed()).status_code in {400, 404}
    assert client.get("/en/e/unknown/comment/?on=whole").status_code == 404


def test_other_engagements_thread_and_parent_are_absent(
    client: Client, engagement: Engagement, citizen: Account
) -> None:
    other = make_engagement(title="Other", moderation_policy="after")
    Thread.objects.create(engagement=other, key="p-9", kind="part")
    theirs = make_public_comment(other)
    client.force_login(citizen)
    for path in (
        form(engagement, on="p-9"),
        form(engagement, to=theirs.contribution.public_id),
    ):
        assert client.get(path).status_code == 404
        assert client.post(path, typed()).status_code == 404
    assert Contribution.objects.count() == 1


def test_hidden_parent_and_reply_to_a_reply(
    client: Client, engagement: Engagement, citizen: Account
) -> None:
    client.force_login(citizen)
    parent = make_public_comment(engagement)
    reply = make_public_comment(engagement, parent=parent)
    path = form(engagement, to=reply.contribution.public_id)
    assert client.get(path).status_code == 404
    decide(parent.contribution, "withhold")
    path = form(engagement, to=parent.contribution.public_id)
    assert client.post(path, typed()).status_code == 404


def test_closing_second_gives_the_text_back(
    client: Client, engagement: Engagement, citizen: Account
) -> None:
    client.force_login(citizen)
    assert engagement.closes_at is not None
    with clock.freeze(engagement.closes_at - dt.timedelta(seconds=1)):
        assert client.get(form(engagement)).status_code == 200
    with clock.freeze(engagement.closes_at):
        response = client.post(form(engagement), typed("One second late."))
        assert response.status_code == 409
        assert "One second late." in html(response)
        assert "closed" in html(response)
        assert client.get(form(engagement)).status_code == 409
    early = make_engagement(opens=dt.timedelta(days=2))
    assert client.get(form(early)).status_code == 409
    assert client.post(form(early), typed()).status_code == 409
    assert not Contribution.objects.exists()


def test_held_text_is_readable_after_the_close(
    client: Client, engagement: Engagement, citizen: Account
) -> None:
    assert engagement.closes_at is not None
    with clock.freeze(engagement.closes_at - dt.timedelta(minutes=5)):
        client.post(form(engagement), typed("Typed in time."))
    client.force_login(citizen)
    with clock.freeze(engagement.closes_at + dt.timedelta(minutes=5)):
        check = f"/en/e/{engagement.public_id}/comment/check/"
        page = client.get(check)
        assert "Typed in time." in html(page)
        response = client.post(check, {})
        assert response.status_code == 409
        assert "Typed in time." in html(response)
    assert not Contribution.objects.exists()


def test_drafts_and_withdrawn_engagements_do_not_exist(client: Client) -> None:
    from tests.factories.engagements import make_draft

    draft = make_draft()
    assert client.get(form(draft)).status_code == 404
    assert client.get(comments(draft)).status_code == 404
    assert client.get(f"/en/e/{draft.public_id}/live.json").status_code == 404


def test_too_high_level_is_refused_with_the_text(client: Client, citizen: Account) -> None:
    engagement = make_engagement(levels={"comment": 3})
    client.force_login(citizen)
    assert client.get(form(engagement)).status_code == 403
    response = client.post(form(engagement), typed("Let me in."))
    assert response.status_code == 403
    assert "Let me in." in html(response)


def test_limit_answers_429_and_keeps_the_text(
    client: Client, engagement: Engagement, citizen: Account
) -> None:
    client.force_login(citizen)
    with clock.freeze(clock.now()):
        for index in range(6):
            client.post(form(engagement), typed(f"Number {index}", key=f"k{index}"))
        response = client.post(form(engagement), typed("Number seven", key="k7"))
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert "Number seven" in html(response)


def test_guests_comment_where_anyone_may(client: Client) -> None:
    engagement = make_engagement(levels={"comment": 0}, moderation_policy="after")
    response = client.post(form(engagement), typed("From a guest."))
    check = response["Location"]
    assert 'name="display_name"' in html(client.get(check))
    response = client.post(check, {"display_name": "Guest"})
    entry = Contribution.objects.get()
    assert (entry.person, entry.author_name) == (None, "Guest")
    assert client.post(check, {"display_name": "Guest"})["Location"] == response["Location"]
    assert Contribution.objects.count() == 1


# --- the public list ----------------------------------------------------------------------------


def test_list_is_the_same_bytes_for_everyone(
    client: Client, engagement: Engagement, citizen: Account
) -> None:
    make_public_comment(engagement, account=citizen)
    cache.clear()
    anonymous = client.get(comments(engagement))
    cache.clear()
    client.force_login(citizen)
    mine = client.get(comments(engagement))
    assert anonymous.content == mine.content
    assert b"csrfmiddlewaretoken" not in mine.content
    assert not anonymous.cookies


def test_list_shows_what_is_public_and_stubs_for_the_rest(
    client: Client, engagement: Engagement
) -> None:
    shown = make_public_comment(engagement, "Shown & <b>safe</b>.", language="zh-hant")
    hidden = make_public_comment(engagement, "Foul words.")
    decide(hidden.contribution, "withhold", rule="r1", sentence="Private words to the author.")
    gone = make_citizen("Gone")
    taken = make_public_comment(engagement, "Taken back.", account=gone)
    from participation.actions.contributions import withdraw_contribution

    withdraw_contribution(contribution=taken.contribution, person=gone.person, account=gone)
    make_receipt(engagement, "For the bureau.", publish_choice="confidential")
    page = html(client.get(comments(engagement)))
    assert "Shown &amp; &lt;b&gt;safe&lt;/b&gt;." in page
    assert 'lang="zh-Hant-HK"' in page
    assert f'id="c-{shown.contribution.public_id}"' in page
    assert "Abuse or hate" in page
    assert "Withdrawn by its author." in page
    for text in ("Foul words.", "Private words", "Taken back.", "For the bureau.", "Gone"):
        assert text not in page


def test_held_ones_leave_no_trace(client: Client) -> None:
    engagement = make_engagement()
    account = make_citizen("Held Name")
    entry = make_comment(engagement, "Held words.", account=account).contribution
    page = html(client.get(comments(engagement)))
    assert "Held words." not in page
    from participation.actions.contributions import withdraw_contribution

    withdraw_contribution(contribution=entry, person=account.person, account=account)
    cache.clear()
    assert "Withdrawn by its author." not in html(client.get(comments(engagement)))


def test_withholding_empties_the_kept_page(
    client: Client, engagement: Engagement, django_capture_on_commit_callbacks: Any
) -> None:
    comment = make_public_comment(engagement, "Soon gone.")
    assert "Soon gone." in html(client.get(comments(engagement)))
    with django_capture_on_commit_callbacks(execute=True):
        decide(comment.contribution, "withhold")
    assert "Soon gone." not in html(client.get(comments(engagement)))


def test_orders_stand_in_the_address(client: Client, engagement: Engagement) -> None:
    from participation.actions.comments import set_support

    rows = []
    for number, text in enumerate(("Oldest one", "Middle one", "Newest one")):
        with clock.travel(dt.timedelta(minutes=number)):
            rows.append(make_public_comment(engagement, text))
    fan = make_citizen()
    set_support(comment=rows[1], person=fan.person, account=fan, on=True)

    def order(sort: str) -> list[str]:
        page = html(client.get(comments(engagement, f"on=whole&sort={sort}")))
        return re.findall(r"(Oldest|Middle|Newest) one", page)

    assert order("newest") == ["Newest", "Middle", "Oldest"]
    assert order("oldest") == ["Oldest", "Middle", "Newest"]
    assert order("supported") == ["Middle", "Newest", "Oldest"]


@pytest.mark.parametrize(
    "query",
    [
        "on=nope",
        "on=whole&sort=pg_sleep",
        "on=whole&page=0",
        "on=whole&page=-1",
        "on=whole&page=abc",
        "on=whole&page=99999999999",
        "on=whole&page=７",
        "on=whole&page=2",
        "on=whole&replies=nope",
        "on=whole&sort=%00",
    ],
)
def test_bad_queries_are_4xx(client: Client, engagement: Engagement, query: str) -> None:
    assert 400 <= client.get(comments(engagement, query)).status_code < 500


def test_official_reply_is_marked_by_text(client: Client, engagement: Engagement) -> None:
    officer = make_account()
    grant(officer, Role.OFFICER, engagement.owner)
    parent = make_public_comment(engagement)
    make_official_reply(parent, officer, "We shall double the size.")
    page = html(client.get(comments(engagement)))
    assert "Official reply" in page
    assert "We shall double the size." in page
    assert "Department EPD" in page
    assert officer.email not in page


def test_edited_is_marked_and_names_can_be_hidden(client: Client, engagement: Engagement) -> None:
    from participation.actions.contributions import edit_contribution

    account = make_citizen("Edith")
    entry = make_public_comment(engagement, "First.", account=account).contribution
    edit_contribution(
        contribution=entry, person=account.person, account=account, text="Second.", version=1
    )
    Contribution.objects.update(name_withheld=True)
    page = html(client.get(comments(engagement)))
    assert "Edited" in page
    assert "Second." in page
    assert "Edith" not in page.split("<h1")[1]
    assert "Name withheld" in page


def _queries(client: Client, path: str) -> int:
    cache.clear()
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


def test_queries_do_not_grow_with_comments(client: Client, engagement: Engagement) -> None:
    parent = make_public_comment(engagement)
    make_public_comment(engagement, parent=parent)
    hidden = make_public_comment(engagement)
    decide(hidden.contribution, "withhold")
    few = {
        sort: _queries(client, comments(engagement, f"on=whole&sort={sort}"))
        for sort in ("newest", "supported", "oldest")
    }
    make_many_comments(engagement, 5000)
    many = {
        sort: _queries(client, comments(engagement, f"on=whole&sort={sort}"))
        for sort in ("newest", "supported", "oldest")
    }
    # Fewer is possible: a page without a withheld comment asks for no decisions.
    assert all(many[sort] <= few[sort] for sort in few), (few, many)
    assert max(few.values()) <= 20


def test_long_lists_and_many_replies_are_paged(client: Client, engagement: Engagement) -> None:
    parent = make_public_comment(engagement, "The parent.")
    for index in range(12):
        make_public_comment(engagement, f"Reply {index}.", parent=parent)
    make_many_comments(engagement, 25)
    page = html(client.get(comments(engagement, "on=whole&sort=oldest")))
    assert page.count('class="hk-comment"') == 20 + 10
    assert "All 12 replies" in page
    assert 'rel="next"' in page
    second = html(client.get(comments(engagement, "on=whole&sort=oldest&page=2")))
    assert second.count('class="hk-comment"') == 6
    path = comments(engagement, f"on=whole&replies={parent.contribution.public_id}")
    assert html(client.get(path)).count("Reply ") >= 12


@pytest.mark.parametrize("language", LANGUAGES)
def test_empty_list_says_what_can_be_done(
    client: Client, engagement: Engagement, language: str
) -> None:
    page = html(client.get(comments(engagement, language=language)))
    assert f"/{language}/e/{engagement.public_id}/comment/?on=whole" in page
