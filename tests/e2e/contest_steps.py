"""What people do with a contest in a browser: write together, screen, vote, judge, announce."""

from __future__ import annotations

from playwright.sync_api import Locator

from tests.e2e.staff_steps import DESK
from tests.e2e.walker import Walker, link_in, wait_for_mail

SEND = "button[type=submit]:not([formaction])"


def own(walker: Walker, link: str) -> str:
    """A link of a mail in the reader's language: the mail was in its writer's."""
    return link.replace("/zh-hant/", f"/{walker.language}/")


def hand_in(walker: Walker, contest: str, *, title: str, text: str, email: str, name: str) -> str:
    """Written first, signed in last; the address of the receipt."""
    page = walker.page
    walker.go(f"e/{contest}/ideas/write/")
    page.fill("#idea [name=title]", title)
    page.fill("#idea [name=text]", text)
    walker.press(f"#idea {SEND}")
    walker.press(f"#check {SEND}")
    walker.confirm_email(email)
    walker.send("#check", display_name=name)
    assert "/receipts/" in page.url, walker.words()
    return page.url


def invite(walker: Walker, receipt: str, email: str) -> None:
    """The author asks somebody to write it together."""
    walker.go(receipt)
    walker.press("main a[href$='/co-authors/']")
    walker.look("co-authors")
    walker.send("#invite", email=email)
    assert email in walker.words()


def join(walker: Walker, email: str, name: str) -> None:
    """The invited one accepts, and writes the idea on."""
    page = walker.page
    walker.go(own(walker, link_in(wait_for_mail(walker, email), "/co-author/")))
    walker.look("invited")
    walker.press("main a[href*='/sign-in/']")
    walker.confirm_email(email)
    walker.look("invited-signed-in")
    walker.send("#accept", display_name=name)
    assert name in walker.words(), walker.words()
    walker.look("team")
    walker.press("main a[href$='/edit/']")
    page.fill("#idea [name=tags]", "風扇, 涼快")
    walker.press(f"#idea {SEND}")
    assert page.locator(".govuk-error-summary").count() == 0, walker.words()


def card(walker: Walker, title: str) -> Locator:
    """The card of an idea on the page."""
    return walker.page.locator(".hk-card", has_text=title)


def screen(walker: Walker, contest: str, title: str, verdict: str, sentence: str = "") -> None:
    """The bureau decides on an idea."""
    walker.go(f"e/{contest}/screening/")
    walker.look("screening")
    walker.press(card(walker, title).locator("a[href$='/screen/']"))
    walker.look("screen")
    walker.page.check(f"main [name=verdict][value={verdict}]")
    if sentence:
        walker.page.fill("main [name=sentence]", sentence)
    walker.press(f"main form[method=post] {SEND}")
    assert walker.page.locator(".govuk-error-summary").count() == 0, walker.words()


def choose(walker: Walker, contest: str, title: str) -> None:
    """From the list into one's vote."""
    walker.go(f"e/{contest}/ideas/")
    walker.look("ballot")
    walker.press(card(walker, title).locator("a[href*='/vote/?add=']"))
    walker.look("my-vote")


def vote(walker: Walker, email: str) -> str:
    """From one's filled-in vote to its receipt; its address."""
    walker.press(f"#vote {SEND} >> nth=0")
    assert walker.page.url.endswith("/vote/check/"), walker.words()
    walker.look("vote-check")
    walker.press(f"main form[method=post] {SEND}")
    walker.confirm_email(email)
    walker.press(f"main form[method=post] {SEND}")
    assert "/receipts/" in walker.page.url, walker.words()
    walker.look("vote-receipt")
    return walker.page.url


def take_seat(walker: Walker, contest: str, email: str) -> None:
    """A juror accepts the invitation and finds the desk."""
    walker.go(own(walker, link_in(wait_for_mail(walker, email), "/invitation/")))
    walker.look("juror-invited")
    walker.press("main a[href*='/sign-in/']")
    walker.confirm_email(email)
    walker.press(f"main form[method=post] {SEND} >> nth=0")
    walker.go(f"e/{contest}/jury/")
    walker.look("jury-desk")


def judge(
    walker: Walker, contest: str, marks: dict[str, tuple[int, int]], conflict: str = ""
) -> None:
    """Declare what is in conflict, score every other idea, submit."""
    page = walker.page
    walker.go(f"e/{contest}/jury/conflicts/")
    walker.look("conflicts")
    if conflict:
        page.get_by_label(conflict, exact=True).check()
    page.check("main [name=sure]")
    walker.press(f"main form[method=post] {SEND}")
    for title, given in marks.items():
        walker.go(f"e/{contest}/jury/")
        walker.press(page.locator("main a[href*='/jury/ideas/']", has_text=title))
        walker.look("judge")
        for field, mark in zip(page.locator("[name^=mark_]").all(), given, strict=True):
            field.fill(str(mark))
        page.fill("[name=comment]", f"{title}值得做。")
        walker.press(f"main form[method=post] {SEND} >> nth=0")
    walker.go(f"e/{contest}/jury/")
    assert not conflict or page.locator("main a", has_text=conflict).count() == 0
    walker.press("main a[href$='/jury/submit/']")
    walker.look("submit-scores")
    walker.press(f"#submit {SEND}")
    walker.look("jury-submitted")


def decide(walker: Walker, title: str, distinction: str, reason: str, prize: str = "") -> None:
    """What an idea is given, and why."""
    page = walker.page
    walker.press(card(walker, title).locator("a[href*='/result/desk/']"))
    walker.look("result-place")
    page.check(f"main [name=distinction][value={distinction}]")
    if prize:
        page.fill("main [name=prize_zh_hant]", prize)
        page.fill("main [name=prize_en]", "A year's trial")
    page.fill("main [name=reason_zh_hant]", reason)
    page.fill("main [name=reason_en]", "It helps most.")
    walker.press(f"main form[method=post] {SEND}")
    assert reason in walker.words()


def answer(walker: Walker, contest: str, text: str) -> None:
    """The answer in short, sent for approval."""
    page = walker.page
    walker.go(f"/cms/desk/{contest}/outcome/")
    walker.look("outcome", within=DESK)
    page.fill("#id_text_zh_hant", text)
    page.fill("#id_text_en", "The winner is tried for a year.")
    walker.press(f"{DESK} button[name=send]")
    assert page.locator(".kf-errors").count() == 0, walker.words(DESK)
