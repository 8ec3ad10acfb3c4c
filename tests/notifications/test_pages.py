"""Notices on the page, sent mail in embedded mode."""

from __future__ import annotations

import pytest
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import BadHeaderError
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from core import jobs
from notifications.actions import Address, notify
from notifications.models import DevMail, Notice
from tests.factories.accounts import make_account

pytestmark = pytest.mark.django_db

TITLE = {"en": "Waste <charging>", "zh-hant": "都市固體廢物收費"}
BUREAU = {"en": "Environmental Protection Department"}
LIST = "/en/account/notices/"
DEV = override_settings(EMAIL_BACKEND="notifications.backends.DevMailBackend")


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def tell(account: Account | Address, number: int = 1) -> Notice:
    (notice,) = notify(
        kind="outcome",
        event_key=f"outcome:{number}",
        to=[account],
        params={"title": TITLE, "bureau": BUREAU},
        path="/en/consultations/epd/waste/",
    )
    return notice


def test_the_list_shows_the_own_notices_only_in_the_pages_language():
    mine, theirs = make_account(), make_account()
    tell(mine)
    other = tell(theirs)
    page = signed_in(mine).get(LIST).content.decode()
    assert "What came of it: Waste &lt;charging&gt;" in page
    assert "1 notice is new." in page
    assert other.public_id not in page
    assert "都市固體廢物收費" in signed_in(mine).get("/zh-hant/account/notices/").content.decode()
    assert Client().get(LIST).status_code == 302


def test_opening_leads_on_and_is_noted():
    account = make_account()
    notice = tell(account)
    client = signed_in(account)
    answer = client.get(f"/zh-hans/account/notices/{notice.public_id}/")
    assert answer["Location"] == "/zh-hans/consultations/epd/waste/"
    notice.refresh_from_db()
    assert notice.read_at
    assert signed_in(make_account()).get(f"{LIST}{notice.public_id}/").status_code == 404
    assert client.get(f"{LIST}nothing/").status_code == 404


def test_all_are_marked_as_read_by_one_button():
    mine, theirs = make_account(), make_account()
    for number in range(3):
        tell(mine, number)
    other = tell(theirs)
    client = signed_in(mine)
    assert client.get(f"{LIST}read/").status_code == 405
    assert client.post(f"{LIST}read/").status_code == 302
    assert not Notice.objects.filter(account=mine, read_at__isnull=True).exists()
    other.refresh_from_db()
    assert other.read_at is None
    assert Client().post(f"{LIST}read/").status_code == 401


@pytest.mark.parametrize("url", [LIST, "/en/account/"])
def test_the_list_asks_as_often_for_fifty_as_for_one(url):
    account = make_account()
    client = signed_in(account)
    tell(account)
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        assert client.get(url).status_code == 200
    for number in range(2, 51):
        tell(account, number)
    with CaptureQueriesContext(connection) as fifty:
        page = client.get(url)
    assert len(fifty) == len(one), "\n".join(q["sql"] for q in fifty.captured_queries)
    assert "What came of it" in page.content.decode()


def test_the_list_is_paged():
    account = make_account()
    for number in range(21):
        tell(account, number)
    client = signed_in(account)
    assert client.get(LIST).content.decode().count("hk-notice--new") == 20
    assert client.get(f"{LIST}?page=2").content.decode().count("hk-notice--new") == 1
    assert client.get(f"{LIST}?page=zzz").status_code == 200


def test_sent_mail_is_read_in_embedded_mode():
    with DEV:
        tell(Address("reader@people.example"))
        jobs.drain()
    mail = DevMail.objects.get()
    page = Client().get("/dev/mail/")
    assert "What came of it: Waste &lt;charging&gt;" in page.content.decode()
    assert "Nothing was sent" in Client().get("/dev/mail/?to=nobody").content.decode()
    page = Client().get(f"/dev/mail/{mail.public_id}/")
    text = page.content.decode()
    assert 'sandbox=""' in text
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert 'href="http://testserver/en/consultations/epd/waste/"' in text
    html = Client().get(f"/dev/mail/{mail.public_id}/html/")
    assert "sandbox" in html["Content-Security-Policy"]
    assert html["X-Frame-Options"] == "SAMEORIGIN"
    assert "Waste &lt;charging&gt;" in html.content.decode()
    assert Client().get("/dev/mail/nothing/").status_code == 404


def test_sent_mail_exists_nowhere_else(settings):
    mail = DevMail.objects.create(
        to="a@people.example", subject="x", text="x", html="<p>x</p>", sent_at="2026-11-02T00:00Z"
    )
    settings.KAIFONG = {**settings.KAIFONG, "EMBEDDED": False}
    for url in ("/dev/mail/", f"/dev/mail/{mail.public_id}/", f"/dev/mail/{mail.public_id}/html/"):
        assert Client().get(url).status_code == 404


@DEV
def test_a_broken_header_is_refused_as_by_a_real_server():
    message = EmailMultiAlternatives("A\r\nBcc: all@people.example", "x", to=["a@people.example"])
    with pytest.raises(BadHeaderError):
        message.send()
    assert not DevMail.objects.exists()
