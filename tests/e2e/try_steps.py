"""What somebody does who tries a build: from a poster, by invitation, to the points for it."""

from __future__ import annotations

import re

from crowdtasks.products.qr import svg_of
from tests.e2e.walker import Walker

CODE = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}\b")


def from_poster(walker: Walker, round_path: str, points: str) -> None:
    """The round's page, its poster, and where the poster's code leads."""
    page = walker.page
    walker.go(round_path)
    walker.look("round")
    walker.press("main a[href$='/poster/']")
    walker.look("poster")
    address = walker.words("main .hk-breaks").strip()
    picture = page.locator("main img[src$='/code/round.svg']").get_attribute("src")
    shown = walker.context.request.get(str(picture))
    assert shown.body() == svg_of(address), "the code leads elsewhere than the words below it"
    walker.go(address)
    assert "/account/" not in page.url, "no account is asked for"
    walker.look("try")
    assert points in walker.words()


def steps(walker: Walker, number: int = 2) -> None:
    """Say of each step that it was done, and that it was rather easy."""
    page = walker.page
    for place in range(1, number + 1):
        walker.look(f"step-{place}")
        page.check("#step [name=went][value=done]")
        page.check("#step [name=difficulty][value='6']")
        walker.press("#step button[type=submit]")


def hand_in(walker: Walker, *, scale: bool = False) -> str:
    """Answer the last questions, with the ten statements where they are asked; the receipt."""
    page = walker.page
    page.check("#questions input[type=radio] >> nth=0")
    statements = page.locator("#questions fieldset").all()[1:]
    assert len(statements) == (10 if scale else 0)
    for place, statement in enumerate(statements, start=1):
        statement.locator(f"input[value='{4 if place % 2 else 2}']").check()
    walker.press("#questions button[type=submit]")
    assert "/receipts/" in page.url, walker.words()
    return page.url


def claim(walker: Walker, round_id: str, receipt: str, *, email: str, title: str) -> None:
    """From the receipt's code to points that wait for an officer; the code counts once."""
    page = walker.page
    code = CODE.search(walker.words())
    assert code is not None
    walker.press(f"main a[href$='/e/{round_id}/claim/']")
    walker.confirm_email(email)
    assert page.url.endswith(f"/e/{round_id}/claim/"), page.url
    walker.look("claim")
    walker.press("#claim button[type=submit]")
    assert page.url.endswith("/account/points/"), page.url
    walker.look("points-held")
    # Answered faster than the questions can be read, so an officer looks first: held, not refused.
    assert title in walker.words()
    assert page.locator("main dl dd").all_inner_texts() == ["0", "10"]
    walker.go(receipt)
    assert code.group() not in page.content()
    walker.look("receipt-claimed")
    # The same code by hand: said kindly, and nothing is lost.
    walker.go("account/points/claim/")
    walker.send("#claim", code=code.group().lower())
    assert page.locator(".govuk-error-summary").count() == 1
    walker.look("claim-refused")


def volunteer(walker: Walker, age: str) -> None:
    """From the list of products to being a volunteer."""
    page = walker.page
    walker.go("products/")
    walker.look("products")
    walker.press("main a[href$='/volunteers/']")
    walker.look("purpose")
    walker.press("main a[href$='/volunteers/me/']")
    walker.look("volunteer-form")
    walker.press("#volunteer button[type=submit]")
    assert page.locator(".govuk-error-summary").count() == 1
    walker.look("volunteer-refused")
    page.check(f"#volunteer [name=age][value='{age}']")
    page.check("#volunteer [name=devices][value=tablet]")
    page.check("#volunteer [name=languages][value=cantonese]")
    walker.press("#volunteer button[type=submit]")
    walker.look("volunteer")


def accept(walker: Walker, link: str) -> None:
    """From the mail's link to the first step."""
    walker.go(link)
    walker.look("invitation")
    walker.press("main form[action$='/accept/'] button")
    walker.look("accepted")
    walker.press("main a[href$='/try/']")
    walker.look("try-invited")
    walker.press("#begin button[type=submit]")


def leave(walker: Walker) -> None:
    """Stop being a volunteer."""
    walker.go("volunteers/me/leave/")
    walker.look("leaving")
    walker.press("main form button[type=submit]")
    walker.look("left")
