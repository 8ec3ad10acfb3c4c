"""What citizens do in a browser with the twelve questions of ``made_loop``."""

from __future__ import annotations

from tests.e2e.walker import Walker, link_in, mails, wait_for_mail

ELSE = "豆腐花"
IDEA = "夜間加開洗手間，垃圾要即晚清走。"
BETTER_IDEA = "夜間加開洗手間，垃圾要在十一時前清走。"
ALIAS = "放工街坊"
ORGANISATION = "Sham Shui Po Stallholders Society"


def send(walker: Walker) -> None:
    """Save the page that is open and go on."""
    walker.press("#part button.govuk-button:not([name])")


def begin(walker: Walker, paper: str) -> str:
    """From the paper to the first page of questions, as a guest; the address of the form."""
    walker.go(paper)
    walker.look("paper")
    walker.press("main a.govuk-button[href$='/answer/']")
    base = walker.page.url
    walker.look("start")
    walker.press("#begin button[value=whole]")
    walker.look("tasks")
    walker.press(".govuk-task-list__link >> nth=0")
    return base


def _open(walker: Walker, box: str, part: int) -> None:
    """A question opened by an answer: in place with scripts, as the page again without."""
    if not walker.scripts:
        assert not walker.page.locator(box).is_visible()
        send(walker)
        assert f"/part/{part}/" in walker.page.url, walker.page.url
        walker.look(f"part-{part}-more")
    assert walker.page.locator(box).is_visible()


def first_half(walker: Walker) -> None:
    """Two pages, with a condition in each; a number as an input method writes it."""
    page = walker.page
    walker.look("part-1")
    page.check("[name=q-goes][value=yes]")
    _open(walker, "#box-q-buys", 1)
    page.check("[name=q-buys][value=greens]")
    page.check("[name=q-buys][value=else]")
    page.fill("[name=q-buys-other]", ELSE)
    send(walker)
    walker.look("part-2")
    page.check("[name=q-late][value='4']")
    _open(walker, "#box-q-minutes", 2)
    page.fill("[name=q-minutes]", "１５")
    for name, value in (("year", "2027"), ("month", "2"), ("day", "28")):
        page.fill(f"[name=q-begin_{name}]", value)
    send(walker)
    assert "/part/3/" in page.url, walker.words()


def lose_the_tab(walker: Walker, base: str) -> None:
    """What was sent with each page is there in another tab of the same browser."""
    walker.kill_tab()
    walker.go(base)
    walker.look("start-again")
    walker.go(f"{base}part/1/")
    assert walker.page.is_checked("[name=q-goes][value=yes]")
    assert walker.page.input_value("[name=q-buys-other]") == ELSE
    walker.go(f"{base}part/3/")


def leave(walker: Walker, email: str) -> str:
    """Some more, then 'come back later'; the link that came by mail."""
    page = walker.page
    walker.look("part-3")
    page.check("[name=q-worry][value=waste]")
    page.fill("[name=q-ideas]", IDEA)
    walker.press("[name=go][value=later]")
    walker.look("later")
    before = len(mails(walker, email))
    walker.send("#later", email=email)
    walker.look("later-sent")
    mail = wait_for_mail(walker, email, more_than=before, about="/answer/back/")
    return link_in(mail, "/answer/back/")


def second_half(walker: Walker, base: str) -> None:
    """Another device goes on where the first one stopped, up to the check page."""
    page = walker.page
    walker.go(f"{base}part/3/")
    assert page.input_value("[name=q-ideas]") == IDEA
    assert page.is_checked("[name=q-worry][value=waste]")
    page.fill("[name=q-best]", "北河街街市")
    page.fill("[name=q-spends]", "350.50")
    send(walker)
    walker.look("part-4")
    page.check("[name=q-agrees][value=yes]")
    send(walker)
    # The consent is asked for by law: said at the question, nothing else is lost.
    walker.look("part-4-refused")
    assert page.locator(".govuk-error-summary").count() == 1
    page.check("[name=q-keep]")
    send(walker)
    assert page.url.endswith("/check/"), walker.words()


def change_one(walker: Walker) -> None:
    """From the check page by 'Change', and back to it."""
    assert all(said in walker.words() for said in (ELSE, IDEA, "15", "350.5"))
    walker.press("a[href*='part/2/?check=1'] >> nth=0")
    walker.page.check("[name=q-late][value='5']")
    send(walker)
    assert walker.page.url.endswith("/check/")


def submit(walker: Walker, email: str) -> str:
    """Say as whom, confirm the address last; the address of the receipt."""
    page = walker.page
    walker.press("#check button.govuk-button")
    walker.confirm_email(email)
    assert page.url.endswith("/check/"), page.url
    walker.look("check-signed-in")
    walker.press("#check button.govuk-button")
    assert "/receipts/" in page.url, walker.words()
    walker.look("receipt")
    wait_for_mail(walker, email, about="/receipts/")
    return page.url


def edit(walker: Walker, receipt: str) -> None:
    """Change one answer of what was sent, from its receipt."""
    page = walker.page
    walker.go(receipt)
    walker.press("a[href*='/answer/change/']")
    walker.look("change")
    walker.press("#change button.govuk-button")
    walker.press("a[href*='part/3/?check=1'] >> nth=-1")
    page.fill("[name=q-ideas]", BETTER_IDEA)
    send(walker)
    walker.press("#check button.govuk-button")
    assert page.url == receipt
    assert BETTER_IDEA in walker.words()
    assert IDEA not in walker.words()
    walker.look("receipt-changed")


def answer_for_an_organisation(walker: Walker, paper: str, email: str) -> str:
    """Few answers, in the name of a body; the address of the receipt."""
    page = walker.page
    begin(walker, paper)
    page.check("[name=q-goes][value=no]")
    assert page.locator("#box-q-why-not").is_visible()
    assert not page.locator("#box-q-buys").is_visible()
    for _part in (1, 2, 3):
        send(walker)
    page.check("[name=q-agrees][value=no]")
    page.check("[name=q-keep]")
    send(walker)
    page.check("#check [name=capacity][value=organisation]")
    page.fill("#check [name=organisation]", ORGANISATION)
    page.check("#check [name=publish_choice][value=name]")
    walker.look("check")
    return submit(walker, email)
