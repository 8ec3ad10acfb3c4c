"""What everybody reads of an outcome, what a receipt says of it, how bureaux answer."""

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actions import close_account
from core import clock, jobs
from notifications.models import Notice
from participation.actions import outcome_items as items
from participation.actions.contributions import withhold_contribution
from participation.actions.follows import follow_engagement
from participation.actions.lateness import explain_delay
from participation.answering import gather
from participation.models import Outcome
from participation.stages import today
from tests.factories.engagements import make_account, make_bureau, make_engagement
from tests.factories.outcomes import Desk, both, close, make_desk, make_item, publish
from tests.factories.participation import make_citizen, make_public_comment, make_receipt

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
LANGUAGES = ("en", "zh-hant", "zh-hans")


def page(desk: Desk, client: Client, language: str = "en") -> Any:
    return client.get(f"/{language}/e/{desk.engagement.public_id}/outcome/")


def cited(desk: Desk, text: str = "More shade.", **fields: Any) -> Any:
    row = make_public_comment(desk.engagement, text, **fields).contribution
    close(desk.engagement)
    item = make_item(desk)
    items.cite(
        engagement=desk.engagement,
        item=item.public_id,
        sources=[(row.public_id, "")],
        by=desk.officer,
    )
    return row


def test_nothing_is_there_before_it_is_published(client: Client) -> None:
    desk = make_desk()
    cited(desk)
    assert page(desk, client).status_code == 404
    client.force_login(desk.officer)
    assert page(desk, client).status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_asked_said_and_done_in_each_language(client: Client, language: str) -> None:
    desk = make_desk()
    cited(desk)
    publish(desk)
    body = page(desk, client, language).content.decode()
    said = {"en": "Most want trees.", "zh-hant": "中文：Most want trees."}
    assert said.get(language, "中文：Most want trees.") in body
    assert "More shade." in body
    assert 'datetime="2027-03-01"' in body
    assert "csrf" not in body


def test_the_same_bytes_for_everybody(client: Client) -> None:
    desk = make_desk()
    row = cited(desk)
    publish(desk)
    first = page(desk, client).content
    client.force_login(row.person.accounts.get())
    assert page(desk, client).content == first
    answers = client.get("/en/answers/").content
    client.logout()
    assert client.get("/en/answers/").content == answers


def test_what_was_heard_says_nothing_of_decisions(client: Client) -> None:
    desk = make_desk()
    cited(desk)
    publish(desk, "heard")
    body = page(desk, client).content.decode()
    assert "Most want trees." in body
    for hidden in ("Trees are planted.", "They give shade.", "Two hundred trees.", "2027-03-01"):
        assert hidden not in body


@pytest.mark.parametrize("how", ["withheld", "erased"])
def test_a_quote_is_gone_from_the_kept_page_too(
    client: Client, how: str, django_capture_on_commit_callbacks: Any
) -> None:
    desk = make_desk()
    author = make_citizen("Ah Ming")
    row = cited(desk, account=author)
    publish(desk)
    assert b"More shade." in page(desk, client).content
    with django_capture_on_commit_callbacks(execute=True):
        if how == "erased":
            close_account(account=author)
        else:
            withhold_contribution(
                contribution=row, by=make_account(), version=row.version, rule="r1", sentence=""
            )
    body = page(desk, client).content.decode()
    assert "More shade." not in body
    assert "Ah Ming" not in body
    assert row.public_id not in body
    assert 'class="hk-withheld' in body


def test_queries_do_not_grow_with_items_and_quotes(client: Client) -> None:
    def count(number: int) -> int:
        desk = make_desk()
        rows = [
            make_public_comment(desk.engagement, f"Text {index}.").contribution
            for index in range(number)
        ]
        close(desk.engagement)
        item = make_item(desk)
        items.cite(
            engagement=desk.engagement,
            item=item.public_id,
            sources=[(row.public_id, "") for row in rows],
            by=desk.officer,
        )
        publish(desk)
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert page(desk, client).status_code == 200
        return len(queries)

    assert count(1) == count(6) <= 14


def test_the_receipt_says_where_it_was_considered_and_what_was_decided(client: Client) -> None:
    desk = make_desk()
    quoted = make_receipt(desk.engagement, "More shade.")
    quiet = make_receipt(desk.engagement, "For you only.", publish_choice="confidential")
    close(desk.engagement)
    item = make_item(desk, verdict="not-adopted", decided=both("No trees."), why=both("No room."))
    items.cite(
        engagement=desk.engagement,
        item=item.public_id,
        sources=[(quoted.contribution.public_id, "")],
        by=desk.officer,
    )
    body = client.get(f"/en/receipts/{quoted.code}/").content.decode()
    assert "No trees." not in body
    assert 'summary-list__key">Closed<' in body
    publish(desk)
    body = client.get(f"/en/receipts/{quoted.code}/").content.decode()
    # The answer is there: no day is told any more by which it comes.
    assert "summary-list__key" not in body
    for words in ("It quotes what you wrote.", "No trees.", "Not adopted because", "No room."):
        assert words in body
    body = client.get(f"/en/receipts/{quiet.code}/").content.decode()
    assert "It quotes what you wrote." not in body
    assert "No trees." in body


def test_a_late_answer_is_shown_with_its_reason_on_page_and_receipt(client: Client) -> None:
    desk = make_desk()
    receipt = make_receipt(desk.engagement, "More shade.")
    close(desk.engagement, 40, due=today(clock.now()) - 3 * DAY)
    body = client.get(f"/en/receipts/{receipt.code}/").content.decode()
    assert "has not said why the answer is late" in body
    explain_delay(
        engagement=desk.engagement,
        reason=both("The survey came late."),
        expected=today(clock.now()) + 9 * DAY,
        by=desk.officer,
    )
    body = client.get(f"/en/receipts/{receipt.code}/").content.decode()
    assert "The survey came late." in body
    make_item(desk)
    publish(desk)
    body = page(desk, client).content.decode()
    assert "The answer came 3 days late." in body
    assert "The survey came late." in body


def test_contributors_and_followers_are_told_once_in_their_language() -> None:
    desk = make_desk()
    author = make_citizen(language="zh-hant")
    make_receipt(desk.engagement, account=author)
    make_receipt(desk.engagement, account=author)
    both_ways = make_citizen(language="zh-hans")
    make_receipt(desk.engagement, account=both_ways)
    follow_engagement(engagement=desk.engagement, account=both_ways)
    follower = make_account()
    follow_engagement(engagement=desk.engagement, account=follower)
    close(desk.engagement)
    jobs.drain()
    mail.outbox.clear()
    make_item(desk)
    publish(desk)
    jobs.drain()
    outcome = Outcome.objects.get()
    jobs.enqueue("participation.tell_readers", "outcome", outcome.pk)
    jobs.drain()
    told = Notice.objects.filter(kind="outcome")
    assert {(notice.account, notice.language) for notice in told} == {
        (author, "zh-hant"),
        (both_ways, "zh-hans"),
        (follower, "en"),
    }
    mails = [one for one in mail.outbox if one.to[0] in {author.email, both_ways.email}]
    assert len(mails) == 2
    for one in mails:
        assert one.extra_headers["List-Unsubscribe"]
    letter = next(one for one in mails if one.to == [author.email])
    assert "我們會種樹。" in letter.body
    assert f"/zh-hant/e/{desk.engagement.public_id}/outcome/" in letter.body


def test_followers_alone_hear_what_was_heard() -> None:
    desk = make_desk()
    make_receipt(desk.engagement)
    follower = make_account()
    follow_engagement(engagement=desk.engagement, account=follower)
    close(desk.engagement)
    make_item(desk)
    publish(desk, "heard")
    jobs.drain()
    assert [notice.account for notice in Notice.objects.filter(kind="heard")] == [follower]


def test_one_press_or_one_post_ends_the_mails(client: Client) -> None:
    desk = make_desk()
    author = make_citizen()
    make_receipt(desk.engagement, account=author)
    close(desk.engagement)
    make_item(desk)
    publish(desk)
    jobs.drain()
    path = Notice.objects.get(kind="outcome", account=author).unsubscribe_path
    assert client.get(path).status_code == 200
    author.refresh_from_db()
    assert author.mail_notices
    answer = Client(enforce_csrf_checks=True).post(path, {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.content) == (200, b"")
    author.refresh_from_db()
    assert not author.mail_notices
    assert b"no more mails" in client.get(path).content
    assert client.post(path).status_code == 302
    assert client.get("/en/follow/mails/forged/stop/").status_code == 404


def _answered(bureau: Any, number: int, late: int = 0, owed: int = 0) -> None:
    for index in range(number + owed):
        engagement = make_engagement(bureau=bureau)
        close(engagement, 60, due=today(clock.now()) - 10 * DAY)
        if index < number:
            days = 5 if index < late else 12
            at = clock.now() - days * DAY
            Outcome.objects.create(
                engagement=engagement, text={"en": "Yes."}, published_at=at, updated_at=at
            )


def test_bureaux_are_ranked_by_answers_in_time_with_n_and_not_under_five(client: Client) -> None:
    _answered(make_bureau("AAA"), 5, late=1)
    _answered(make_bureau("BBB"), 5)
    _answered(make_bureau("CCC"), 4)
    _answered(make_bureau("DDD"), 4, owed=1)
    future = make_engagement(bureau=make_bureau("EEE"))
    close(future, 1, due=today(clock.now()))
    record = gather(clock.now())
    assert [(row.rank, row.bureau.code, row.in_time, row.total) for row in record.ranked] == [
        (1, "BBB", 5, 5),
        (2, "AAA", 4, 5),
        (2, "DDD", 4, 5),
    ]
    assert [(row.rank, row.bureau.code, row.total) for row in record.few] == [(0, "CCC", 4)]
    assert (record.in_time, record.total) == (17, 19)
    for language in LANGUAGES:
        assert client.get(f"/{language}/answers/").status_code == 200
    body = client.get("/en/answers/").content.decode()
    assert "17 of 19 answers that were owed came in time." in body
    assert "/en/answers/" in client.get("/en/receipts/").content.decode()


def test_the_record_asks_the_same_of_the_database_for_one_and_for_many() -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            gather(clock.now())
        return len(queries)

    _answered(make_bureau("AAA"), 1)
    before = count()
    _answered(make_bureau("BBB"), 3)
    _answered(make_bureau("CCC"), 3)
    assert count() == before == 3


def test_an_empty_platform_says_what_will_be_there(client: Client) -> None:
    assert "No answer was due yet." in client.get("/en/answers/").content.decode()
