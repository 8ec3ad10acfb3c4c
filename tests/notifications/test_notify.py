"""Telling people: rows, once each; mails by a job, once each."""

from __future__ import annotations

import datetime as dt
import random
import smtplib

import pytest
from django.core import mail
from django.db import transaction
from django.test import override_settings

from core import clock, jobs
from core.exceptions import Invalid
from notifications import actions, delivery, kinds, tasks
from notifications.actions import Address, Reader, notify, send_code_mail
from notifications.models import Notice
from tests.factories.accounts import make_account

pytestmark = pytest.mark.django_db

TITLE = {"en": "Waste charging", "zh-hant": "都市固體廢物收費", "zh-hans": "都市固体废物收费"}
BUREAU = {"en": "Environmental Protection Department", "zh-hant": "環境保護署"}
NOON = dt.datetime(2026, 11, 2, 4, 0, tzinfo=dt.UTC)


def tell(to, *, event_key="outcome:1", **fields):
    return notify(
        **{
            "kind": "outcome",
            "event_key": event_key,
            "to": to,
            "params": {"title": TITLE, "bureau": BUREAU},
            "path": "/en/consultations/epd/waste/",
            **fields,
        }
    )


class BrokenServer:
    """A mail server that refuses, counting the tries."""

    tries = 0

    def __init__(self, *args, **kwargs):
        pass

    def send_messages(self, messages):
        type(self).tries += 1
        raise smtplib.SMTPServerDisconnected("4.3.0 <somebody@people.example> try later")


BROKEN = f"{__name__}.BrokenServer"


@pytest.mark.db
def test_an_event_is_told_once_to_each():
    one, two = make_account(), make_account()
    assert len(tell([one, two, one, Address("reader@people.example")])) == 3
    assert tell([one, two, Address("Reader@people.example")]) == []
    assert len(tell([one], event_key="outcome:2")) == 1
    jobs.drain()
    assert len(mail.outbox) == 4


def test_an_account_listed_also_by_its_address_is_told_once():
    account = make_account("ming@people.example")
    assert len(tell([Address("Ming@people.example"), account])) == 1


def test_a_notice_goes_with_the_transaction_of_its_event():
    account = make_account()
    with transaction.atomic():
        tell([account])
        transaction.set_rollback(True)
    assert not Notice.objects.exists()
    assert jobs.drain() == 0


def test_each_gets_it_in_the_own_language_with_links_in_it():
    english, traditional = make_account(), make_account()
    traditional.language = "zh-hant"
    tell([english, traditional, Address("s@people.example", "zh-hans")])
    jobs.drain()
    by_to = {message.to[0]: message for message in mail.outbox}
    assert by_to[english.email].subject == "What came of it: Waste charging"
    assert "http://testserver/en/consultations/epd/waste/" in by_to[english.email].body
    assert "都市固體廢物收費" in by_to[traditional.email].subject
    assert "/zh-hant/consultations/epd/waste/" in by_to[traditional.email].body
    assert "/zh-hans/consultations/epd/waste/" in by_to["s@people.example"].body


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"title": TITLE},
        {"title": "Waste", "bureau": BUREAU},
        {"title": TITLE, "bureau": BUREAU, "late_days": "3"},
        {"title": TITLE, "bureau": BUREAU, "extra": 1},
        {"title": {"fr": "Déchets"}, "bureau": BUREAU},
    ],
)
def test_parameters_are_checked_when_the_notice_is_written(params):
    with pytest.raises(kinds.ParamError):
        tell([make_account()], params=params)
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    "path",
    ["//evil.example/", "https://evil.example/", "/a\r\nBcc: x@y.example", "/a b", "/\\evil", "x"],
)
def test_only_paths_of_ours(path):
    with pytest.raises(ValueError, match="path of our own"):
        tell([make_account()], path=path)


def test_unknown_kinds_and_broken_addresses_are_refused():
    with pytest.raises(kinds.UnknownKind):
        tell([make_account()], kind="nothing")
    with pytest.raises(Invalid):
        tell([Address("a@b.example\r\nBcc: all@people.example")])
    with pytest.raises(kinds.ParamError):
        notify(kind="sign-in-code", event_key="x", to=[], params={"code": "1", "minutes": 1})


def test_mails_switched_off_leave_the_notice_in_the_account():
    account = make_account()
    account.mail_notices = False
    unconfirmed = make_account(confirmed=False)
    tell([account, unconfirmed])
    tell(
        [account],
        kind="decision",
        event_key="decision:1",
        params={
            "what": "comment",
            "verdict": "withhold",
            "decided_at": NOON,
            "title": TITLE,
            "bureau": BUREAU,
            "rule": {"en": "Off topic."},
        },
    )
    jobs.drain()
    assert Notice.objects.count() == 3
    assert [message.to for message in mail.outbox] == [[account.email]]
    assert mail.outbox[0].subject == "A moderator has decided on your contribution: Waste charging"


@pytest.mark.db
def test_a_job_delivered_three_times_in_any_order_mails_once():
    accounts = [make_account() for _ in range(20)]
    notices = tell(accounts)
    orders = [notice.pk for notice in notices] * 3
    random.Random(7).shuffle(orders)
    for pk in orders:
        tasks.send_mail(pk)
    jobs.drain()
    assert sorted(message.to[0] for message in mail.outbox) == sorted(a.email for a in accounts)
    assert Notice.objects.filter(mailed_at__isnull=False, mail_tries=1).count() == 20


def test_every_recipient_gets_the_own_mail_only():
    followers = [
        Address(f"reader{n}@people.example", "en", f"/follows/tok{n:04d}/end/") for n in range(300)
    ]
    tell(followers)
    jobs.drain()
    assert len(mail.outbox) == 300
    for message in mail.outbox:
        number = int(message.to[0].removeprefix("reader").partition("@")[0])
        assert f"/en/follows/tok{number:04d}/end/" in message.body
        assert message.body.count("/follows/tok") == 1
        assert message.cc == message.bcc == []


def test_a_mail_server_that_is_down_fails_no_write_and_is_tried_five_times():
    BrokenServer.tries = 0
    account = make_account()
    with override_settings(EMAIL_BACKEND=BROKEN), clock.freeze(NOON):
        (notice,) = tell([account])
        jobs.drain()
        assert BrokenServer.tries == 1
        # Again at once, by a job delivered twice: not before its time.
        assert delivery.deliver(notice.pk) is False
        assert BrokenServer.tries == 1
        for pause in delivery.PAUSES:
            with clock.freeze(Notice.objects.get().mail_next_at or NOON):
                jobs.drain()
            assert pause
        assert BrokenServer.tries == 5
        with clock.travel(dt.timedelta(days=30)):
            tasks.resend_stuck()
            jobs.drain()
    assert BrokenServer.tries == 5
    row = Notice.objects.get()
    assert (row.mail_tries, row.mailed_at) == (5, None)
    assert row.mail_error == "SMTPServerDisconnected"
    assert not mail.outbox


def test_a_worker_killed_while_sending_is_taken_over():
    (notice,) = tell([make_account()])
    Notice.objects.update(mail_claimed_at=clock.now(), mail_tries=1)
    jobs.drain()
    assert not mail.outbox
    with clock.travel(delivery.LEASE + dt.timedelta(minutes=1)):
        assert tasks.resend_stuck() == 1
        jobs.drain()
    assert len(mail.outbox) == 1
    assert mail.outbox[0].extra_headers["Message-ID"] == (
        f"<notice.{notice.public_id}@kaifong.example>"
    )
    assert tasks.resend_stuck() == 0


def test_a_lost_job_is_made_good():
    from django_tasks_db.models import DBTaskResult

    tell([make_account()])
    DBTaskResult.objects.all().delete()
    assert tasks.resend_stuck() == 0
    with clock.travel(delivery.LEASE + dt.timedelta(minutes=1)):
        assert tasks.resend_stuck() == 1
        jobs.drain()
    assert len(mail.outbox) == 1


def test_a_follow_ends_by_one_click():
    account = make_account()
    tell([Reader(account, "/follows/ABC/end/")])
    jobs.drain()
    headers = mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe"] == "<http://testserver/en/follows/ABC/end/>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "http://testserver/en/follows/ABC/end/" in mail.outbox[0].body


def test_an_invitations_link_leaves_the_row_with_the_mail():
    notify(
        kind="invitation",
        event_key="invitation:1",
        to=[Address("new@people.example")],
        params={"role": "officer", "by": "Ms Lee", "expires_at": NOON, "bureau": BUREAU},
        path="/account/invitation/SECRETTOKEN/",
    )
    jobs.drain()
    assert "/en/account/invitation/SECRETTOKEN/" in mail.outbox[0].body
    assert "SECRETTOKEN" not in mail.outbox[0].subject
    assert Notice.objects.get().path == ""


def test_a_sign_in_code_is_in_the_body_only_and_kept_nowhere(caplog):
    assert send_code_mail(email="a@people.example", language="en", code="493 117", minutes=10)
    message = mail.outbox[0]
    assert "493" not in message.subject
    assert "493 117" in message.body
    assert not Notice.objects.exists()
    with override_settings(EMAIL_BACKEND=BROKEN):
        assert not send_code_mail(
            email="a@people.example", language="en", code="493 117", minutes=1
        )
    assert "493 117" not in caplog.text


def test_reading_is_noted_once():
    account = make_account()
    tell([account])
    with clock.freeze(NOON):
        assert actions.mark_read(notices=Notice.objects.filter(account=account), by=account) == 1
        assert actions.mark_read(notices=Notice.objects.filter(account=account), by=account) == 0
    assert Notice.objects.get().read_at == NOON
