"""From volunteering to what was handed in: drawn by the officer, accepted on a phone, tried."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.conftest import Platform
from tests.e2e.made import PASSWORD, STAFF, make
from tests.e2e.walker import Walker, link_in, wait_for_mail

pytestmark = pytest.mark.e2e

TITLE = "搵檔位第一版"


def test_a_volunteer_is_drawn_accepts_and_tries_it(people: Any, platform: Platform) -> None:
    made = make(platform, "made_panel.invited", title=TITLE)
    round = made["id"]

    # Volunteering on a phone without scripts, from the list of products.
    volunteer: Walker = people("panel-volunteer", scripts=False)
    email = f"volunteer-{round}@people.example"
    volunteer.go("products/")
    volunteer.press("main a[href$='/volunteers/']")
    volunteer.look("purpose")
    volunteer.press("main a[href$='/volunteers/me/']")
    volunteer.confirm_email(email)
    volunteer.look("form")
    volunteer.press("#volunteer button[type=submit]")
    volunteer.look("refused")
    volunteer.page.check("#volunteer [name=age][value='65-over']")
    volunteer.page.check("#volunteer [name=devices][value=tablet]")
    volunteer.page.check("#volunteer [name=languages][value=cantonese]")
    volunteer.press("#volunteer button[type=submit]")
    volunteer.look("volunteer")
    volunteer.go(f"e/{round}/try/")
    volunteer.look("not-invited")
    volunteer.go(made["paths"]["zh-hant"])
    volunteer.look("round-before")

    # The officer plans in numbers and draws.
    officer: Walker = people("panel-officer", width=1280)
    officer.sign_in_by_password(STAFF["officer"], PASSWORD, f"/zh-hant/e/{round}/volunteers/")
    officer.look("desk")
    officer.press("main a[href$='/volunteers/age/']")
    officer.look("plan")
    officer.page.fill("#plan [name='65-over']", "5")
    officer.page.fill("#plan [name=total]", "4")
    officer.press("#plan button[type=submit]")
    officer.look("plan-refused")
    officer.page.fill("#plan [name=total]", "5")
    officer.press("#plan button[type=submit]")
    officer.look("planned")
    officer.press("#draw button[type=submit]")
    officer.look("drawn")
    assert email not in officer.words("html")

    # Drawn, told by mail, accepted, tried.
    mail = wait_for_mail(volunteer, email, about=TITLE)
    volunteer.go(link_in(mail, "/invitation/"))
    volunteer.look("invitation")
    volunteer.press("main form[action$='/accept/'] button")
    volunteer.look("accepted")
    volunteer.press("main a[href$='/try/']")
    volunteer.look("start")
    volunteer.press("#begin button[type=submit]")
    volunteer.page.check("#step [name=went][value=done]")
    volunteer.press("#step button[type=submit]")
    volunteer.page.locator("#questions [type=radio]").first.check()
    volunteer.press("#questions button[type=submit]")
    assert "/receipts/" in volunteer.page.url, volunteer.words()
    volunteer.go(f"e/{round}/invitation/")
    volunteer.look("done")
    volunteer.go(made["paths"]["zh-hant"])
    volunteer.look("round-after")
    volunteer.go("volunteers/me/leave/")
    volunteer.look("leaving")
    volunteer.press("main form button[type=submit]")
    volunteer.look("left")
