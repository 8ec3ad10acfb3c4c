"""What an officer does in a browser to ask questions: the blocks of the CMS, a trial."""

from __future__ import annotations

from playwright.sync_api import Locator, TimeoutError, expect

from tests.e2e.walker import Walker

QUESTIONS = "[data-contentpath=questions]"
PANEL = "#kf-questions"
BASE = "questions-0-value-questions"
#: Kind (by its icon), words, options.
ASKED: list[tuple[str, str, tuple[str, ...]]] = [
    ("radio-full", "你多久去一次街市？", ("每日", "每週", "從不")),
    ("tasks", "你在街市買甚麼？", ("魚", "菜", "肉")),
    ("pilcrow", "怎樣可以更好？", ()),
    ("order", "你同意試行嗎？", ()),
    ("decimal", "由你家走到街市要幾分鐘？", ()),
]
SENTENCE = "當問題1是「每日」或「每週」時才會顯示。"
ENGLISH = {
    "夜市": "The night market",
    "你多久去一次街市？": "How often do you go to a market?",
    "每日": "Daily",
    "每週": "Weekly",
    "從不": "Never",
    "你在街市買甚麼？": "What do you buy there?",
    "魚": "Fish",
    "菜": "Vegetables",
    "肉": "Meat",
    "怎樣可以更好？": "What would make it better?",
    "你同意試行嗎？": "Do you agree with the trial?",
    "由你家走到街市要幾分鐘？": "How many minutes is it on foot?",
}


def press_until(button: Locator, wanted: Locator) -> None:
    """Press until what it opens is there: before its script is, nothing happens."""
    for _try in range(5):
        if not wanted.is_visible():
            button.click()
        try:
            wanted.wait_for(timeout=3000)
        except TimeoutError:
            continue
        return
    raise AssertionError("The button opened nothing.")


def _choose(button: Locator, option: Locator, wanted: Locator) -> None:
    """Choose from the list of kinds; again if the list closed under the press, as a person does.

    On a busy machine the list that opened late for one press is shut by the next.
    """
    for _each in range(5):
        press_until(button, option)
        try:
            option.click(timeout=3000)
            wanted.wait_for(timeout=3000)
        except TimeoutError:
            continue
        return
    raise AssertionError("No question was added.")


def write(walker: Walker, page_id: int) -> None:
    """One section of five questions, the third shown after two answers of the first."""
    walker.go(f"/cms/pages/{page_id}/edit/")
    page = walker.page
    stream = page.locator(QUESTIONS).first
    title = page.locator("[name=questions-0-value-title]")
    press_until(stream.locator(".c-sf-add-button").first, title)
    title.fill("夜市")
    for place, (icon, words, options) in enumerate(ASKED):
        _add_question(walker, place, icon, words, options)
    _add_condition(walker, 2)


def _add_question(
    walker: Walker, place: int, icon: str, words: str, options: tuple[str, ...]
) -> None:
    page = walker.page
    below = page.locator(f"{QUESTIONS} [data-contentpath=questions]").first
    title = page.locator(f"[name={BASE}-{place}-value-title]")
    # The last button of the section's own stream; those of options lie within its children.
    button = below.locator(".c-sf-add-button").last
    option = page.locator(f"[role=option]:has(.icon-{icon})").first
    _choose(button, option, title)
    title.fill(words)
    own = page.locator(f"[id='{BASE}-{place}-value-title']").locator(
        "xpath=ancestor::*[@data-contentpath][2]"
    )
    for number, label in enumerate(options):
        field = page.locator(f"[name={BASE}-{place}-value-options-{number}-value-label]")
        press_until(
            own.locator("[data-contentpath=options]").first.locator(".c-sf-add-button").last, field
        )
        field.fill(label)


def _add_condition(walker: Walker, place: int) -> None:
    page = walker.page
    base = f"{BASE}-{place}-value-condition-tests"
    box = page.locator(f"[name={BASE}-{place}-id]").locator("xpath=..")
    box.locator("[data-streamfield-action=SETTINGS]").first.click()
    add = box.locator("[data-contentpath=tests]").first.locator(".c-sf-add-button").first
    question = page.locator(f"[name={base}-0-value-question]")
    press_until(add, question)
    expect(question.locator("option")).to_have_count(3)
    question.select_option(label=f"1. {ASKED[0][1]}")
    ticks = page.locator(f"[name={base}-0-value-options] + [data-ticks]")
    ticks.get_by_label("每日").check()
    ticks.get_by_label("每週").check()


def see(walker: Walker) -> None:
    """Minutes and the condition's sentence stand there while writing."""
    page = walker.page
    expect(page.locator(f"{PANEL} [data-questions-time]")).to_contain_text("5條問題", timeout=20000)
    expect(page.locator("[data-sentence]")).to_have_text(SENTENCE, timeout=20000)
    assert page.locator(f"{PANEL} [data-questions-faults] li").count() == 0
    walker.look("questions", within=PANEL)


def save(walker: Walker) -> None:
    """'Save draft': what was picked is what was sent."""
    walker.press("button.action-save")
    page = walker.page
    chosen = page.locator(f"[name={BASE}-2-value-condition-tests-0-value-options]")
    expect(chosen.locator("option:checked")).to_have_count(2, timeout=20000)


def copy_a_question(walker: Walker) -> None:
    """A copy has an id of its own and keeps its condition, though the server never drew either."""
    page = walker.page
    box = page.locator(f"[name={BASE}-2-id]").locator("xpath=..")
    box.locator("[data-streamfield-action=DUPLICATE]").first.click()
    tests = page.locator("select[name$='-tests-0-value-question']")
    expect(tests).to_have_count(2)
    expect(page.locator("[data-sentence]")).to_have_text([SENTENCE, SENTENCE], timeout=20000)
    keys = page.locator(f"[name^={BASE}-]").evaluate_all(
        "fields => fields.filter(one => /questions-\\d+-id$/.test(one.name)).map(one => one.value)"
    )
    assert len(keys) == len(set(keys)) == 6, keys
    walker.press("button.action-save")
    expect(tests).to_have_count(2)
    values = tests.evaluate_all("fields => fields.map(one => one.value)")
    assert values == [keys[0], keys[0]]


def copy_a_section(walker: Walker, page_id: int) -> None:
    """The conditions of a copied section are about its own copies, options too."""
    walker.go(f"/cms/pages/{page_id}/edit/")
    page = walker.page
    box = page.locator("[name=questions-0-id]").locator("xpath=..")
    expect(page.locator("[data-ticks]").first).to_be_attached(timeout=20000)
    box.locator("[data-streamfield-action=DUPLICATE]").first.click()
    first = page.locator("[name=questions-1-value-questions-0-id]")
    own = first.input_value()
    tests = page.locator("select[name^='questions-1-'][name$='-tests-0-value-question']")
    expect(tests.first).to_have_value(own)
    copied = page.locator(
        "[name^='questions-1-value-questions-0-value-options-'][name$='-id']"
    ).evaluate_all("fields => fields.map(one => one.value)")
    picked = page.locator("select[name^='questions-1-'][name$='-tests-0-value-options']")
    chosen = picked.first.evaluate("list => Array.from(list.selectedOptions).map(one => one.value)")
    assert chosen
    assert set(chosen) <= set(copied)
    walker.press("button.action-save")
    expect(tests.first).to_have_value(own)


def pick_without_script(walker: Walker, page_id: int) -> None:
    """Our script does not come: the plain lists offer what was saved, and are saved themselves."""
    page = walker.page
    page.route("**/consultations/questions.js*", lambda route: route.abort())
    walker.go(f"/cms/pages/{page_id}/edit/")
    base = f"{BASE}-2-value-condition-tests-0-value"
    question = page.locator(f"[name={base}-question]")
    expect(question.locator("option:checked")).to_have_text(f"1. {ASKED[0][1]}")
    options = page.locator(f"[name={base}-options]")
    box = page.locator(f"[name={BASE}-2-id]").locator("xpath=..")
    box.locator("[data-streamfield-action=SETTINGS]").first.click()
    assert page.locator("[data-ticks]").count() == 0
    options.select_option(label=["從不"])
    walker.press("button.action-save")
    expect(options.locator("option:checked")).to_have_text(["從不"])
    page.unroute("**/consultations/questions.js*")


def try_it(walker: Walker, public_id: str) -> None:
    """Walk the real form with the draft."""
    page = walker.page
    walker.go(f"/cms/desk/{public_id}/questions/try/zh-hant/")
    walker.look("try-start")
    walker.press("#begin button")
    walker.look("try-part")
    assert not page.locator("textarea").is_visible()
    page.get_by_label("每日").check()
    expect(page.locator("textarea")).to_be_visible()
    walker.press("#part button[type=submit] >> nth=0")
    assert "每日" in walker.words()
    walker.look("try-check")
    walker.press("#end button")


def translate(walker: Walker, public_id: str) -> None:
    """The English words of the questions, beside the source."""
    walker.go(f"/cms/desk/{public_id}/words/en/")
    page = walker.page
    for row in page.locator(".kf-sentence--todo").all():
        source = row.locator(".kf-sentence__source [lang]").inner_text().strip()
        row.locator("textarea").fill(ENGLISH[source])
    walker.press(".kf-desk .kf-bar button")
    assert page.locator(".kf-sentence--todo").count() == 0
