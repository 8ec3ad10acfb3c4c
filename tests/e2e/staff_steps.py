"""What staff do in a browser: write a paper, approve it, clear the queue, reply, extend, answer."""

from __future__ import annotations

import datetime as dt

from playwright.sync_api import Locator, TimeoutError, expect

from tests.e2e.made import PASSWORD, STAFF
from tests.e2e.walker import Walker

DESK = ".kf-desk"
SAVED = "/edit/"
CHAPTERS = {
    "背景": ["現時街市晚上八時關門。", "不少街坊放工後買不到餸。"],
    "建議": ["三個街市試行開放至晚上十一時，為期一年。"],
}
STATEMENTS = ["街市應該開到晚上十一時。", "夜間開放會令住在樓上的人睡得不好。"]
SUMMARY = "我們建議三個街市試行夜間開放，徵詢街坊和檔主的意見。"
#: The English version, sentence by sentence as the officer translates it.
ENGLISH = {
    "試行街市夜間開放": "Markets open at night: a trial",
    SUMMARY: "We propose that three markets open at night, and ask residents and stallholders.",
    "環境衞生科": "Hygiene Division",
    "背景": "Background",
    "現時街市晚上八時關門。": "Markets close at eight in the evening.",
    "不少街坊放工後買不到餸。": "Many people cannot buy food after work.",
    "建議": "Proposal",
    "三個街市試行開放至晚上十一時，為期一年。": "Three markets stay open until eleven for a year.",
    "街市應該開到晚上十一時。": "Markets should stay open until eleven.",
    "夜間開放會令住在樓上的人睡得不好。": "Opening at night will cost people upstairs their sleep.",
}


def to_desk(walker: Walker, role: str) -> None:
    """Sign in by password and stand at the desk."""
    walker.sign_in_by_password(STAFF[role], PASSWORD, "/cms/")
    walker.look("desk", within=DESK)


def begin(walker: Walker, title: str) -> str:
    """'New consultation': title and dates; returns the address of its steps."""
    walker.press(f"{DESK} a[href$='/desk/new/']")
    walker.look("new", within=DESK)
    page = walker.page
    # Nothing typed: the form says what is missing and keeps the rest.
    page.fill("#id_closes_on", "2020-01-01")
    walker.press(f"{DESK} form button[type=submit]")
    assert page.locator(".kf-errors a[href='#id_title']").count() == 1
    walker.look("new-refused", within=DESK)
    page.fill("#id_title", title)
    today = dt.date.today()
    page.fill("#id_opens_on", str(today))
    page.fill("#id_closes_on", str(today + dt.timedelta(days=40)))
    page.fill("#id_response_due", str(today + dt.timedelta(days=90)))
    page.check("input[name=source_language][value=zh-hant]")
    walker.press(f"{DESK} form button[type=submit]")
    walker.look("steps-first", within=DESK)
    missing = page.locator(".kf-step--missing").count()
    assert missing >= 4, "summary, paper, contact and English are missing"
    assert page.locator(f"{DESK} form#form, {DESK} form textarea").count() == 0
    return page.url


def write(walker: Walker) -> None:
    """The editor: summary, two chapters, contact, two statements; saved as a draft."""
    page = walker.page
    walker.press(".kf-step--missing a[href*='#id_summary']")
    page.fill("[name=summary]", SUMMARY)
    body = page.locator("[data-contentpath=body]")
    for number, (heading, paragraphs) in enumerate(CHAPTERS.items()):
        adding = body.locator(":scope > div .c-sf-add-button, .c-sf-add-button")
        # The last button of the outer stream: chapters alone are added without a menu.
        (adding.first if number == 0 else adding.last).click()
        chapter = page.locator(f"[name=body-{number}-value-heading]")
        chapter.fill(heading)
        content = page.locator("[data-contentpath=content]").nth(number)
        for place, text in enumerate(paragraphs):
            _add_paragraph(content)
            content.locator("[contenteditable=true]").nth(place).fill(text)
    for number, text in enumerate(STATEMENTS):
        page.locator("[data-contentpath=statements] button.c-sf-add-button").last.click()
        page.fill(f"[name=statements-{number}-value]", text)
    page.fill("[name=contact]", "環境衞生科")
    # Citizens see what is received only after it was read.
    page.locator("[name=moderation_policy]").evaluate("field => field.value = 'before'")
    save(walker)


def arrive(walker: Walker, steps: str) -> None:
    """A step's link leads to its field, also below the paper's blocks, with the cursor in it."""
    page = walker.page
    walker.go(steps)
    walker.press("a[href$='#id_contact']")
    field = page.locator("#id_contact")
    expect(field).to_be_focused()
    expect(field).to_be_in_viewport()


def _add_paragraph(content: Locator) -> None:
    """From the menu of a chapter's content; pressed before its script is there it stays shut."""
    button = content.locator("button.c-sf-add-button").last
    option = content.page.locator("[role=option]:has(.icon-pilcrow)").first
    expect(button).to_have_attribute("aria-expanded", "false")
    for _try in range(5):
        button.click()
        try:
            option.wait_for(timeout=3000)
        except TimeoutError:
            continue
        break
    option.click()


def save(walker: Walker) -> None:
    """'Save draft' of the editor."""
    walker.press("button.action-save")
    assert walker.page.locator(".messages .success, .w-messages .success, li.success").count()


def translate(walker: Walker, steps: str) -> None:
    """Write the English version sentence by sentence, then see that nothing is missing."""
    page = walker.page
    walker.go(steps)
    walker.look("steps-untranslated", within=DESK)
    walker.press(".kf-step--missing a[href*='/words/en/']")
    walker.look("words", within=DESK)
    for row in page.locator(".kf-sentence").all():
        source = row.locator(".kf-sentence__source [lang]").inner_text().strip()
        row.locator("textarea").fill(ENGLISH[source])
    walker.press(f"{DESK} .kf-bar button")
    assert page.locator(".kf-sentence--todo").count() == 0
    walker.go(steps)
    assert page.locator(".kf-step--missing").count() == 0, walker.words(DESK)
    walker.look("steps-complete", within=DESK)


def preview(walker: Walker, steps: str) -> None:
    """Every version as citizens will see it while it is open, and when it is answered."""
    walker.go(steps)
    links = walker.page.locator(".kf-list a[href*='mode=']").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    assert len(links) >= 6, "each language in several states"
    for path in links[:2]:
        walker.go(path)
        assert walker.page.locator("h1").count() == 1
        assert walker.page.locator(".hk-para").count() == 3


def send(walker: Walker, steps: str) -> None:
    """Send for approval."""
    walker.go(steps)
    walker.press(f"{DESK} form:has(textarea[name=note]) button[type=submit]")
    assert walker.page.locator(".kf-notice a[href*='/review/']").count() == 1
    walker.look("steps-sent", within=DESK)


def amend(walker: Walker, steps: str, contact: str, english: str) -> None:
    """Read the approver's note, change the contact, translate it anew."""
    page = walker.page
    walker.go(steps)
    assert "請寫上電話" in page.locator("blockquote").inner_text()
    walker.look("steps-sent-back", within=DESK)
    walker.press("a[href$='#id_contact']")
    page.fill("[name=contact]", contact)
    save(walker)
    walker.go(steps)
    walker.press(".kf-step--missing a[href*='/words/en/']")
    row = page.locator(".kf-sentence--todo")
    assert row.count() == 1
    row.locator("textarea").fill(english)
    walker.press(f"{DESK} .kf-bar button")


def extend(walker: Walker, steps: str, reason: str) -> None:
    """Ten days more, with a reason."""
    page = walker.page
    walker.go(steps)
    walker.press("a[href$='/extend/']")
    walker.look("extend", within=DESK)
    page.fill("#id_closes_on", str(dt.date.today() + dt.timedelta(days=50)))
    page.fill("#id_reason_zh_hant", reason)
    page.fill("#id_reason_en", "Stallholders asked for more time.")
    walker.press(f"{DESK} form button[type=submit]")
    assert page.url == steps or page.url.endswith(steps), walker.words(DESK)


def answer(walker: Walker, steps: str, text: str) -> None:
    """Write the outcome in two languages and send it for approval."""
    page = walker.page
    walker.go(steps)
    walker.press("a[href$='/outcome/']")
    walker.look("outcome", within=DESK)
    page.fill("#id_text_zh_hant", text)
    page.fill("#id_text_en", "We build toilets first.")
    walker.press(f"{DESK} button[name=send]")
    assert page.locator(".kf-errors").count() == 0, walker.words(DESK)


def decide(walker: Walker, text: str, verdict: str) -> None:
    """Find a text in the queue, read it, publish it or withhold it with a reason."""
    page = walker.page
    walker.go("moderation/?bureau=FEHD")
    walker.look("queue")
    row = page.locator(".hk-queue-item", has_text=text)
    assert row.count() == 1, walker.words()
    walker.press(row.locator("a"))
    walker.look("item")
    assert text in walker.words(".hk-queue__text")
    if verdict == "withhold":
        # Without a rule it is refused and asked for.
        walker.press("button[value=withhold]")
        assert page.locator(".govuk-error-summary").count() == 1
        walker.look("item-refused")
        page.check("input[name=rule][value=r4]")
        page.fill("textarea[name=sentence]", "請只說一件事。")
    walker.press(f"button[value={verdict}]")
    assert page.locator(".hk-queue-item", has_text=text).count() == 0


def reply(walker: Walker, steps: str, text: str, words: str) -> None:
    """From the desk to a comment, and the bureau's official reply under it."""
    page = walker.page
    walker.go(steps)
    walker.press(f"{DESK} a[href$='/received/']")
    walker.look("received", within=DESK)
    walker.press(page.locator("article", has_text=text).locator("a[href*='/reply/']"))
    walker.look("official-reply")
    walker.send("#reply", text=words)
    assert words in walker.words()
