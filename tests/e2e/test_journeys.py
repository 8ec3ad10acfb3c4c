"""Whole journeys of officer, approver, citizens and moderator on the process `make serve` runs.

Once in full as most people will go it (Traditional Chinese, a phone, JavaScript off; the CMS at
1280 with it), then pairwise in the other languages, widths and with JavaScript.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e import citizen_steps as citizen
from tests.e2e import staff_steps as staff
from tests.e2e.conftest import Platform
from tests.e2e.made import CONTRIBUTOR, STAFF, make
from tests.e2e.walker import Walker, link_in, mails, wait_for_mail

pytestmark = pytest.mark.e2e

TITLE = "試行街市夜間開放"
COMMENT = "夜市好，但垃圾要即晚清走。"
PROPOSAL = "夜間應加派人手清潔，否則老鼠會多。"
REPLY = "多謝意見。試行期間每晚十一時半清場。"
VISITOR, NEIGHBOUR = "visitor@people.example", "neighbour@people.example"
CONTACT = "環境衞生科\n電話：2868 0000"


def at_desk(people: Any, role: str) -> Walker:
    walker: Walker = people(role, width=1280)
    staff.to_desk(walker, role)
    return walker


def on_phone(people: Any, name: str) -> Walker:
    walker: Walker = people(name, scripts=False)
    return walker


def test_a_paper_from_its_draft_to_what_becomes_of_a_comment(people: Any) -> None:
    officer = at_desk(people, "officer")
    steps = staff.begin(officer, TITLE)
    staff.write(officer)
    staff.arrive(officer, steps)
    staff.translate(officer, steps)
    staff.preview(officer, steps)
    sent = len(mails(officer, STAFF["approver"]))
    staff.send(officer, steps)

    # The approver comes by the mail, on a phone; sends it back once.
    approver = people("approver")
    mail = wait_for_mail(approver, STAFF["approver"], more_than=sent, about=TITLE)
    review = link_in(mail, "/cms/desk/review/")
    approver.sign_in_by_password(STAFF["approver"], staff.PASSWORD, review)
    approver.look("review", within=staff.DESK)
    assert all(text in approver.words("body") for text in (*staff.STATEMENTS, *staff.CHAPTERS))
    approver.send("#send-back", note="請寫上電話。")
    wait_for_mail(approver, STAFF["officer"], about="請寫上電話。")
    sent = len(mails(approver, STAFF["approver"]))
    told = len(mails(approver, STAFF["officer"]))
    staff.amend(officer, steps, CONTACT, "Hygiene Division\nTelephone: 2868 0000")
    staff.send(officer, steps)
    mail = wait_for_mail(approver, STAFF["approver"], more_than=sent, about=TITLE)
    approver.go(link_in(mail, "/cms/desk/review/"))
    approver.press("form[action$='/approve/'] button")
    approver.look("approved", within=staff.DESK)
    wait_for_mail(officer, STAFF["officer"], more_than=told, about=TITLE)

    # Open at once, in three languages, found from the home page and the register.
    officer.go(steps)
    paper = officer.page.locator(f"{staff.DESK} a[href*='/consultations/fehd/']").get_attribute(
        "href"
    )
    assert paper is not None
    visitor = on_phone(people, "visitor")
    for language, title in (
        ("en", staff.ENGLISH[TITLE]),
        ("zh-hans", "试行街市夜间开放"),
        ("zh-hant", TITLE),
    ):
        visitor.go(f"/{language}/consultations/fehd/")
        visitor.press(visitor.page.get_by_role("link", name=title))
        assert title in visitor.words("h1")
        assert visitor.page.locator(".hk-para").count() == 3
    paper = visitor.page.url
    visitor.look("paper")

    receipt = citizen.comment(visitor, paper, COMMENT, email=VISITOR, name="夜歸人")
    wait_for_mail(visitor, VISITOR, about="/receipts/")
    visitor.go(paper)
    engagement = visitor.page.locator("a[href$='/follow/']").get_attribute("href")
    assert engagement is not None
    number = engagement.split("/")[3]

    neighbour = on_phone(people, "neighbour")
    citizen.answer_cards(neighbour, number, ["agree", "disagree"], email=NEIGHBOUR)
    citizen.propose(neighbour, number, PROPOSAL)
    citizen.follow(neighbour, number)

    moderator = on_phone(people, "moderator")
    moderator.sign_in_by_password(STAFF["moderator"], staff.PASSWORD, "/zh-hant/moderation/")
    staff.decide(moderator, COMMENT, "publish")
    staff.decide(moderator, PROPOSAL, "withhold")

    # Told by mail and on the own page: what was decided, by which rule.
    decision = wait_for_mail(neighbour, NEIGHBOUR, about="請只說一件事。")
    assert PROPOSAL not in decision.splitlines()[0]
    neighbour.go("account/notices/")
    neighbour.look("notices")
    neighbour.press(neighbour.page.locator("main a[href*='/notices/']").first)
    assert "請只說一件事。" in neighbour.words()
    neighbour.look("receipt-withheld")
    neighbour.go("account/")
    neighbour.look("my-page")

    visitor.go(receipt)
    visitor.look("receipt-public")
    visitor.go(paper)
    comments = visitor.page.locator(".hk-para a[href*='/comments/']").first
    assert "1" in comments.inner_text()
    visitor.press(comments)
    assert COMMENT in visitor.words()
    assert "夜歸人" in visitor.words()
    assert VISITOR not in visitor.page.content()
    thread = visitor.page.url
    citizen.agree(neighbour, thread, COMMENT)
    citizen.report(neighbour, thread, COMMENT)

    staff.reply(officer, steps, COMMENT, REPLY)
    wait_for_mail(visitor, VISITOR, about="官方回覆")
    visitor.go("account/notices/")
    visitor.look("notices")
    visitor.press(".hk-notice a >> nth=0")
    visitor.go(thread)
    assert REPLY in visitor.words()
    visitor.look("comments-replied")

    staff.extend(officer, steps, "檔主要求多些時間。")
    wait_for_mail(neighbour, NEIGHBOUR, about="檔主要求多些時間。")
    visitor.go(paper)
    assert "檔主要求多些時間。" in visitor.words()
    visitor.look("paper-extended")


def test_an_outcome_is_written_approved_and_told(people: Any, platform: Platform) -> None:
    made = make(platform, "closed_paper", title="夜市試驗計劃")
    steps = f"/cms/desk/{made['id']}/"
    officer = at_desk(people, "officer")
    staff.answer(officer, steps, "我們先建廁所，再試行。")
    approver = people("approver-outcome")
    mail = wait_for_mail(approver, STAFF["approver"], about=f"{made['id']}/outcome/review/")
    review = link_in(mail, "/outcome/review/")
    approver.sign_in_by_password(STAFF["approver"], staff.PASSWORD, review)
    approver.look("outcome-review", within=staff.DESK)
    approver.press("form[action$='/outcome/approve/'] button")

    reader = on_phone(people, "reader")
    address = f"/e/{made['id']}/"
    reader.go(link_in(wait_for_mail(reader, CONTRIBUTOR, about=address), address))
    assert reader.page.url.endswith(f"/zh-hant/e/{made['id']}/outcome/")
    assert "我們先建廁所，再試行。" in reader.words("main")
    reader.look("paper-answered")
    reader.go("/zh-hant/")
    reader.look("home")
    assert reader.page.locator(f"a[href^='{made['paths']['zh-hant']}']").count() >= 1
