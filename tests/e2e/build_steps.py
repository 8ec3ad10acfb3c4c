"""What officers do in the CMS for the next build and its round: write, translate, send, approve."""

from __future__ import annotations

from tests.e2e.made_rounds import email_of
from tests.e2e.question_steps import press_until
from tests.e2e.round_words import CHINESE, ENGLISH, source_of, written
from tests.e2e.staff_steps import DESK, save
from tests.e2e.walker import Walker, link_in, mails, wait_for_mail


def write_build(walker: Walker, product: str) -> None:
    """Add build 2 to the product and translate what is new."""
    page = walker.page
    walker.go(f"/cms/desk/{product}/")
    walker.look("product-steps", within=DESK)
    walker.press(f"{DESK} a.button[href*='/edit/']")
    stream = page.locator("[data-contentpath=builds]").first
    version = page.locator("[name=builds-1-value-version]")
    press_until(stream.locator(".c-sf-add-button").last, version)
    version.fill("2")
    page.fill("[name=builds-1-value-link]", "https://try2.library.example.org/")
    for name, text in (("to_try", "預訂一個位置。"), ("changes", "預訂之後會顯示確認頁。")):
        page.fill(f"[name=builds-1-value-{name}]", written(walker.language, text))
    walker.look("product-editor", within="[data-contentpath=builds]")
    save(walker)
    walker.go(f"/cms/desk/{product}/")
    translate(walker)
    walker.go(f"/cms/desk/{product}/")
    walker.look("product-complete", within=DESK)


def translate(walker: Walker) -> None:
    """Write the other language for every sentence that has none."""
    page = walker.page
    source = source_of(walker.language)
    target, texts = ("zh-hant", CHINESE) if source == "en" else ("en", ENGLISH)
    walker.press(f".kf-step--missing a[href*='/words/{target}/']")
    walker.look("words", within=DESK)
    for row in page.locator(".kf-sentence--todo").all():
        words = row.locator(".kf-sentence__source [lang]").inner_text().strip()
        row.locator("textarea").fill(texts[words])
    walker.press(f"{DESK} .kf-bar button")
    assert page.locator(".kf-sentence--todo").count() == 0


def read_round(walker: Walker, made: dict[str, object]) -> None:
    """The round's steps lack nothing, and its editor keeps it as it is."""
    page = walker.page
    walker.go(f"/cms/desk/{made['id']}/")
    walker.look("round-steps", within=DESK)
    assert page.locator(".kf-step--missing").count() == 0, walker.words(DESK)
    # Three weeks are enough for a round: the four of a paper are not asked for.
    assert "28" not in walker.words(".kf-steps")
    walker.go(f"/cms/pages/{made['page']}/edit/")
    assert page.locator("#id_who").input_value() == "invited"
    walker.look("round-editor", within="[data-contentpath=steps]")
    save(walker)


def approved(officer: Walker, approver: Walker, engagement: str, *, step: str) -> None:
    """Sent by the one, read and approved by the other from the mail on."""
    email = email_of("approver", approver.language)
    before = len(mails(approver, email))
    officer.go(f"/cms/desk/{engagement}/")
    officer.press(f"{DESK} form:has(textarea[name=note]) button[type=submit]")
    assert officer.page.locator(".kf-notice a[href*='/review/']").count() == 1
    officer.look(f"{step}-sent", within=DESK)
    mail = wait_for_mail(approver, email, more_than=before, about="/cms/desk/review/")
    approver.go(link_in(mail, "/cms/desk/review/"))
    approver.look(f"{step}-review", within=DESK)
    approver.press("form[action$='/approve/'] button")
