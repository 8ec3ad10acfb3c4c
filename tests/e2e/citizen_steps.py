"""What citizens do in a browser: comment, answer statements, propose, follow, agree, report."""

from __future__ import annotations

from tests.e2e.walker import Walker, link_in, wait_for_mail


def comment(walker: Walker, paper: str, text: str, *, email: str, name: str) -> str:
    """Write first, sign in at the end, choose a name, submit; the address of the receipt."""
    page = walker.page
    walker.go(paper)
    walker.look("paper")
    walker.press(".hk-para .hk-act a")
    walker.look("comment")
    # Nothing written: said at the field, with nothing lost.
    walker.send("#comment")
    assert page.locator(".govuk-error-summary").count() == 1
    walker.look("comment-refused")
    page.fill("#comment [name=text]", text)
    page.check("#comment [name=publish_choice][value=name]")
    walker.press("#comment button[type=submit]:not([formaction])")
    walker.confirm_email(email)
    assert "/comment/check/" in page.url, page.url
    assert text in walker.words()
    walker.look("check")
    walker.send("#check", display_name=name)
    assert "/receipts/" in page.url, walker.words()
    walker.look("receipt")
    assert text in walker.words()
    return page.url


def answer_cards(walker: Walker, engagement: str, choices: list[str], *, email: str) -> None:
    """Go through the cards as a visitor, then confirm the address: all are counted at once."""
    page = walker.page
    walker.go(f"e/{engagement}/statements/")
    walker.look("card")
    for number, choice in enumerate(choices, start=1):
        walker.press(f"#statement button[value={choice}]")
        assert page.locator("progress").get_attribute("value") == str(number)
    assert page.locator("#held a").count() == 1, "uncounted choices say so"
    walker.look("cards-held")
    walker.go(f"e/{engagement}/statements/mine/")
    walker.look("own-choices")
    walker.press("#held a")
    walker.confirm_email(email)
    assert str(len(choices)) in walker.words(".govuk-notification-banner"), walker.words()
    walker.look("own-choices-counted")
    assert page.locator("#held").count() == 0
    walker.go(f"e/{engagement}/statements/")
    walker.look("cards-counted")
    walker.go(f"e/{engagement}/statements/results/")
    walker.look("results")


def propose(walker: Walker, engagement: str, text: str) -> None:
    """An own statement, signed in."""
    walker.go(f"e/{engagement}/statements/propose/")
    walker.look("propose")
    walker.send("#propose", text=text)
    if walker.page.locator("#similar").count():
        walker.look("propose-similar")
        walker.press("#propose button[type=submit]:not([formaction])")
    assert "/receipts/" in walker.page.url, walker.words()
    walker.look("receipt-statement")


def follow(walker: Walker, engagement: str) -> None:
    """With an account: one button, which then says the other thing."""
    walker.go(f"e/{engagement}/follow/")
    walker.look("follow")
    walker.press("#follow button[type=submit]:not([formaction])")
    assert walker.page.locator("#follow .govuk-button--secondary").count() == 1
    walker.look("following")


def follow_by_mail(walker: Walker, engagement: str, email: str) -> None:
    """Without an account: an address, a mail, a button."""
    walker.go(f"e/{engagement}/follow/")
    walker.look("follow-by-mail")
    walker.send("#follow", email=email)
    walker.look("follow-asked")
    walker.go(link_in(wait_for_mail(walker, email), "/follow/confirm/"))
    walker.look("follow-confirm")
    walker.press("#confirm button[type=submit]:not([formaction])")
    walker.look("follow-confirmed")
    assert walker.page.locator("#confirm button[type=submit]").count() == 0


def agree(walker: Walker, comments: str, text: str) -> None:
    """'I agree with this' under a comment, signed in."""
    page = walker.page
    walker.go(comments)
    walker.look("comments")
    act = page.locator(".hk-comment", has_text=text).first.locator("a[href*='/support/']").first
    walker.press(act)
    walker.look("support")
    walker.press("#support button[type=submit]:not([formaction])")
    assert page.locator("#support .govuk-button--secondary").count() == 1
    walker.look("supported")


def report(walker: Walker, comments: str, text: str) -> None:
    """Report a comment; it stays in public."""
    page = walker.page
    walker.go(comments)
    act = page.locator(".hk-comment", has_text=text).first.locator("a[href*='/report/']").first
    walker.press(act)
    walker.look("report")
    page.check("#report [name=rule] >> nth=0")
    walker.send("#report", note="請看看。")
    walker.look("report-thanks")
    walker.go(comments)
    assert text in walker.words()
