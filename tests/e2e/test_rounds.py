"""Trying a build from a poster's code, without an account, and the points for it afterwards."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.e2e.conftest import Platform
from tests.e2e.made import PASSWORD, STAFF, make
from tests.e2e.walker import Walker

pytestmark = pytest.mark.e2e

TITLE = "檔位應用程式第一回合"
TRIER = "trier@people.example"


def _try(walker: Walker, number: str) -> str:
    """Steps and questions from the poster's address on; the receipt's address."""
    page = walker.page
    walker.go(f"e/{number}/try/")
    walker.look("try")
    assert "10積分" in walker.words()
    walker.press("#begin button[type=submit]")
    for place in ("first", "second"):
        walker.look(place)
        page.check("#step [name=went][value=done]")
        page.check("#step [name=difficulty][value='6']")
        walker.press("#step button[type=submit]")
    walker.look("questions")
    page.check("#questions input[type=radio] >> nth=0")
    for scale in page.locator("#questions fieldset").all()[1:]:
        scale.locator("input[value='4']").check()
    walker.press("#questions button[type=submit]")
    assert "/receipts/" in page.url, walker.words()
    walker.look("receipt")
    return page.url


def test_a_try_without_an_account_becomes_points_after_signing_in(
    people: Any, platform: Platform, bureau: str
) -> None:
    made = make(platform, "rewarded_round", title=TITLE)
    citizen: Walker = people("trier", scripts=False)
    citizen.go(made["paths"]["zh-hant"])
    citizen.look("round")
    receipt = _try(citizen, made["id"])
    code = re.search(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}\b", citizen.words())
    assert code is not None
    citizen.press(f"main a[href$='/e/{made['id']}/claim/']")
    citizen.confirm_email(TRIER)
    assert citizen.page.url.endswith(f"/e/{made['id']}/claim/"), citizen.page.url
    citizen.look("claim")
    citizen.press("#claim button[type=submit]")
    assert citizen.page.url.endswith("/account/points/"), citizen.page.url
    citizen.look("points")
    # Answered faster than the questions can be read, so an officer looks first: held, not refused.
    assert TITLE in citizen.words()
    assert "10" in citizen.words("main dl")
    citizen.go(receipt)
    assert code.group() not in citizen.page.content()
    # The same code by hand: said kindly, and nothing is lost.
    citizen.go("account/points/claim/")
    citizen.send("#claim", code=code.group().lower())
    assert citizen.page.locator(".govuk-error-summary").count() == 1
    citizen.look("claim-refused")

    # The officer sees what was tried, not by whom, and lets the points go.
    officer: Walker = people("round-officer", width=1280)
    officer.sign_in_by_password(STAFF["officer"], PASSWORD, f"/zh-hant/e/{made['id']}/try/desk/")
    officer.look("desk")
    officer.press("main a[href$='/try/review/']")
    officer.look("waiting")
    officer.press("main .hk-card a")
    officer.look("decide")
    assert "找一個檔位" in officer.words()
    assert TRIER not in officer.page.content()
    officer.page.check("#decide [name=verdict][value=accept]")
    officer.press("#decide button[type=submit]")
    citizen.go(f"e/{made['id']}/reward/")
    citizen.look("reward")
    citizen.go("account/points/")
    assert citizen.words("main dl dd") == "10"
