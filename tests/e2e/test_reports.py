"""Two officers and a reader: the report comes by mail, is read, kept and received by name."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.conftest import Platform
from tests.e2e.made import PASSWORD, STAFF, make
from tests.e2e.walker import Walker, link_in, wait_for_mail

pytestmark = pytest.mark.e2e
READY_MS = 120_000


def test_a_report_is_delivered_read_and_received(people: Any, platform: Platform) -> None:
    made = make(platform, "closed_paper", title="夜市試驗報告")
    make(platform, "closed_reports")
    address = f"/reports/{made['id']}/"

    officer: Walker = people("report-officer", width=1280)
    mail = wait_for_mail(officer, STAFF["officer"], about=address)
    assert "夜市要有廁所" not in mail
    officer.sign_in_by_password(STAFF["officer"], PASSWORD, link_in(mail, address))
    officer.look("report")
    words = officer.words()
    assert "夜市要有廁所。" in words
    assert "SHA-256" in words
    with officer.page.expect_download() as kept:
        officer.page.click("a[href$='.pdf']")
    assert kept.value.path().read_bytes().startswith(b"%PDF-")

    # A version of one's own: pressed, waited for, opened by the link that htmx brings.
    officer.press("form[action$='/make/'] button")
    officer.look("being-made")
    officer.page.locator("#progress a[href*='/2/'], h2#files").first.wait_for(timeout=READY_MS)
    officer.go(f"{address.strip('/')}/2/")
    officer.look("frozen")

    # The second officer, on a phone and without scripts, receives it; the first sees who did.
    approver: Walker = people("report-approver", language="en", scripts=False)
    approver.sign_in_by_password(STAFF["approver"], PASSWORD, f"/en{address}")
    approver.look("report")
    approver.press("a[href$='/acknowledge/']")
    approver.look("acknowledge")
    approver.send("#acknowledge", name="Lee Siu Ming, CEO")
    assert "Lee Siu Ming, CEO" in approver.words()
    officer.go(f"{address.strip('/')}/acknowledge/")
    assert "Lee Siu Ming, CEO" in officer.words()
    officer.look("received")

    reader: Walker = people("report-reader", scripts=False)
    reader.go(made["paths"]["zh-hant"])
    assert "部門確認收到" in reader.words("main")
    assert "Lee Siu Ming" not in reader.words("main")
    reader.look("delivered")
