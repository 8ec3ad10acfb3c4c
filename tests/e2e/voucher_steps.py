"""Points spent on a voucher, its code shown, and the statement that says all of it."""

from __future__ import annotations

import csv
import io
import re

from tests.e2e.walker import Walker, mails

CODE = re.compile(r"CANARY-[0-9A-F]{24}")


def redeem(walker: Walker, voucher: str, name: str) -> str:
    """From my points to a code that is shown; returns it."""
    walker.go("account/points/")
    walker.look("points-to-spend")
    walker.press("main a[href$='/rewards/for-me/']")
    walker.look("rewards-for-me")
    walker.press(f"main .hk-card a[href$='/rewards/{voucher}/']")
    walker.look("reward-voucher")
    assert name in walker.words("h1")
    walker.press("main a[href$='/redeem/']")
    walker.look("redeem")
    walker.press("#redeem button[type=submit]")
    assert "/rewards/mine/" in walker.page.url, walker.words()
    walker.look("redeemed")
    own = walker.page.url
    assert CODE.search(walker.page.content()) is None
    walker.press("main a[href$='/code/']")
    walker.look("show")
    walker.press("#show button[type=submit]")
    walker.look("shown")
    code = CODE.search(walker.words())
    assert code is not None
    walker.go(own)
    assert code.group() not in walker.page.content()
    walker.look("redeemed-shown")
    return code.group()


def sign_in_again(walker: Walker, email: str, code: str) -> None:
    """The same code once more, only after a fresh sign-in."""
    walker.press("main a[href$='/code/']")
    assert walker.page.locator("#show").count() == 0
    walker.look("sign-in-again")
    before = len(mails(walker, email))
    walker.press("#again button[type=submit]")
    walker.enter_code(email, before)
    assert walker.page.url.endswith("/code/"), walker.page.url
    walker.press("#show button[type=submit]")
    assert code in walker.words()


def statement(walker: Walker, titles: tuple[str, str], name: str, code: str) -> None:
    """Held, released, earned, spent: the newest first, and the same in the file."""
    walker.go("account/points/")
    walker.look("statement")
    assert walker.page.locator("main dl dd").all_inner_texts() == ["0", "0"]
    said = walker.words()
    assert all(one in said for one in (*titles, name))
    link = walker.page.locator("main a[href$='/points.csv']").get_attribute("href")
    answer = walker.context.request.get(str(link))
    assert answer.ok, answer.status
    text = answer.body().decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    assert len(head) == 10
    moved = [(int(row[4] or 0), int(row[5] or 0)) for row in rows]
    assert sorted(moved) == sorted([(0, 10), (10, -10), (20, 0), (-30, 0)])
    assert code not in text
    assert code not in walker.page.content()
