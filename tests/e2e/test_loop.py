"""One engagement from the first question to what became of the answers, as one story.

Citizens as most will come (Traditional Chinese, a phone, no scripts), then pairwise; two officers.
"""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pypdf
import pytest
from bs4 import BeautifulSoup

from tests.e2e import answer_steps as citizen
from tests.e2e import staff_steps as staff
from tests.e2e.conftest import Platform
from tests.e2e.made import PASSWORD, STAFF, make
from tests.e2e.walker import Walker, link_in, wait_for_mail

pytestmark = pytest.mark.e2e

TITLE, ENGLISH = "街市夜間開放問卷", "Markets at night: your answers"
IDEAS = "怎樣可以做得更好？"
SAID = "有人要洗手間，也有人擔心垃圾。"
DECIDED = "三個街市加開夜間洗手間。"
DECIDED_EN = "Toilets stay open at night in three markets."
SHORT = "試行照辦，先加開洗手間。"


def test_from_twelve_questions_to_what_became_of_the_answers(
    people: Any, platform: Platform
) -> None:
    made = make(platform, "made_loop.asked", title=TITLE, english=ENGLISH)
    paths, number = made["paths"], made["id"]
    person_email, body_email = f"person-{number}@people.example", f"body-{number}@people.example"

    # A phone without scripts: begun as a guest, the tab lost, gone on with by the mail's link.
    first: Walker = people("loop-first", scripts=False)
    base = citizen.begin(first, paths["zh-hant"])
    citizen.first_half(first)
    citizen.lose_the_tab(first, base)
    back = citizen.leave(first, person_email)
    first.close()
    person: Walker = people("loop-person", scripts=False)
    person.go(back)
    person.look("back")
    person.press("#back button")
    citizen.second_half(person, base)
    person.look("check")
    citizen.change_one(person)
    person.page.check("#check [name=publish_choice][value=alias]")
    person.page.fill("#check [name=alias]", citizen.ALIAS)
    receipt = citizen.submit(person, person_email)
    citizen.edit(person, receipt)

    # For an organisation, at a desk.
    body: Walker = people("loop-body", language="en", width=1280)
    body_receipt = citizen.answer_for_an_organisation(body, paths["en"], body_email)

    # It closes: the form is shut, the report frozen and sent to both officers.
    make(platform, "made_loop.later", id=number)
    shut = person.page.goto(base)
    assert shut is not None
    assert shut.status == 409
    person.look("closed")
    assert person.page.locator("#begin").count() == 0
    make(platform, "closed_reports")
    address = f"/reports/{number}/"
    officer: Walker = people("loop-officer", width=1280)
    mail = wait_for_mail(officer, STAFF["officer"], about=address)
    assert citizen.BETTER_IDEA not in mail
    officer.sign_in_by_password(STAFF["officer"], PASSWORD, link_in(mail, address))
    officer.look("report")
    same_figures_everywhere(officer, number)

    approver: Walker = people("loop-approver", language="en")
    wait_for_mail(approver, STAFF["approver"], about=address)
    approver.sign_in_by_password(STAFF["approver"], PASSWORD, f"/en{address}")
    approver.look("report")
    approver.press("a[href$='/acknowledge/']")
    approver.look("acknowledge")
    approver.send("#acknowledge", name="Chan Tai Man, SEO")
    officer.go(f"reports/{number}/")
    assert "Chan Tai Man, SEO" in officer.words()
    person.go(paths["zh-hant"])
    assert "部門確認收到" in person.words()
    person.look("paper-closed")

    # One officer writes the outcome, quoting a citizen; the other publishes it.
    write_outcome(officer, platform, number)
    mail = wait_for_mail(approver, STAFF["approver"], about=f"{number}/outcome/review/")
    approver.go(link_in(mail, "/outcome/review/"))
    approver.look("outcome-review", within=staff.DESK)
    assert DECIDED in approver.words("body")
    approver.press("form[action$='/outcome/approve/'] button")

    # What became of it: by mail, in public, on each receipt, in the reader's language.
    answered = f"/e/{number}/outcome/"
    told = wait_for_mail(person, person_email, about=answered)
    assert SHORT in told
    person.go(link_in(told, answered))
    assert all(text in person.words() for text in (SAID, DECIDED, citizen.BETTER_IDEA))
    person.look("outcome")
    person.go(receipt)
    assert DECIDED in person.words()
    person.look("receipt-answered")
    assert "The trial goes ahead." in wait_for_mail(body, body_email, about=answered)
    body.go(body_receipt)
    assert "What became of it" in body.words()
    assert "The trial takes it into account." in body.words()
    body.look("receipt-answered")


def same_figures_everywhere(officer: Walker, number: str) -> None:
    """The numbers of every table of the frozen report: on the page, in the PDF, in the workbook."""
    tables = in_page(officer.page.content())
    register = [row[0] for row in tables["register"]]
    assert register[0] == 2, register
    assert sum(register[1:]) == 2, register
    # One for and one against, of two.
    assert any([1, 50] in rows or [1.0, 50.0] in rows for rows in tables.values()), tables

    def fetched(extension: str) -> io.BytesIO:
        link = officer.page.locator(f"a[href$='/zh-hant.{extension}']").first
        answer = officer.context.request.get(f"{officer.url}{link.get_attribute('href')}")
        assert answer.ok, answer.status
        return io.BytesIO(answer.body())

    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(fetched("pdf")).pages)
    words = set(text.split())
    assert citizen.BETTER_IDEA in text.replace("\n", "")
    book = openpyxl.load_workbook(fetched("xlsx"))
    rows = [
        [cell.value for cell in row if isinstance(cell.value, int | float)]
        for sheet in book.worksheets
        for row in sheet.iter_rows()
    ]
    for name, table in tables.items():
        for row in table:
            assert not row or row in rows, (name, row)
            for figure in row:
                assert {f"{figure:,.0f}", f"{figure:,.1f}"} & words, (name, figure)


def in_page(html: str) -> dict[str, list[list[float]]]:
    """The figures of each table of a report's page."""
    return {
        table["aria-labelledby"].removeprefix("t-"): [
            [
                float(cell.get_text().replace(",", ""))
                for cell in row.select("td.govuk-table__cell--numeric")
            ]
            for row in table.select("tbody tr")
        ]
        for table in BeautifulSoup(html, "html.parser").select("main table")
    }


def write_outcome(officer: Walker, platform: Platform, number: str) -> None:
    """The part on one question with a quote, the answer in short; sent to the approver."""
    page = officer.page
    officer.go(f"/cms/desk/{number}/outcome/")
    officer.look("outcome", within=staff.DESK)
    # Every question owes an answer: one part for each, and none for the paper as a whole.
    page.locator("[name=target][value^='whole:']").uncheck()
    questions = page.locator("[name=target][value^='question:']")
    asked = questions.count()
    for box in questions.all():
        box.check()
    officer.press(f"{staff.DESK} form:has([name=target]) button")
    assert page.locator(".kf-part").count() == asked >= 11
    officer.press(f".kf-part a:has-text('{IDEAS}')")
    officer.look("outcome-part", within=staff.DESK)
    for field, text, english in (
        ("said", SAID, "Some want toilets; some fear rubbish."),
        ("decided", DECIDED, DECIDED_EN),
        ("why", "檔主和街坊都需要。", "Stallholders and residents need them."),
    ):
        page.fill(f"#id_{field}_zh_hant", text)
        page.fill(f"#id_{field}_en", english)
    page.check("[name=verdict][value=adopted]")
    officer.press("button[name=quotes]")
    officer.look("outcome-quotes", within=staff.DESK)
    page.locator(".kf-paper", has_text=citizen.BETTER_IDEA).locator("[name=quote]").check()
    officer.press(f"{staff.DESK} form[method=post] button[type=submit]")
    assert citizen.BETTER_IDEA in officer.words(staff.DESK)
    make(platform, "made_loop.other_parts", id=number)
    officer.go(f"/cms/desk/{number}/outcome/")
    page.fill("#id_text_zh_hant", SHORT)
    page.fill("#id_text_en", "The trial goes ahead. Toilets come first.")
    officer.press("button[name=send]")
    assert page.locator(".kf-errors").count() == 0, officer.words(staff.DESK)
    officer.look("outcome-sent", within=staff.DESK)


def test_a_guest_answers_where_anyone_may(people: Any, platform: Platform) -> None:
    made = make(platform, "made_loop.asked", title="夜市人人可答", english="For all", anyone=True)
    guest: Walker = people("loop-guest", language="zh-hans")
    citizen.begin(guest, made["paths"]["zh-hans"])
    citizen.first_half(guest)
    page = guest.page
    guest.look("part-3")
    page.fill("[name=q-ideas]", "早点开放。")
    citizen.send(guest)
    guest.look("part-4")
    page.check("[name=q-keep]")
    citizen.send(guest)
    guest.look("check")
    guest.press("#check button.govuk-button")
    assert "/receipts/" in page.url, guest.words()
    assert "早点开放。" in guest.words()
    # No address is known, so no mail is promised.
    assert "电邮通知" not in guest.words()
    guest.look("receipt")
