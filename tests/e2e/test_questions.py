"""An officer asks five questions in the CMS, tries them, and citizens reach the form."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e import question_steps as asking
from tests.e2e import staff_steps as staff
from tests.e2e.conftest import Platform
from tests.e2e.made import STAFF, make
from tests.e2e.walker import Walker, link_in, mails, wait_for_mail

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("width", [1280, 390])
def test_questions_from_the_editor_to_the_citizens_form(
    people: Any, platform: Platform, bureau: str, width: int
) -> None:
    title = f"夜市問卷{width}"
    made = make(platform, "draft_paper", title=title)
    officer: Walker = people(f"officer-{width}", width=width)
    staff.to_desk(officer, "officer")
    asking.write(officer, made["page"])
    asking.see(officer)
    asking.save(officer)
    asking.try_it(officer, made["id"])
    asking.translate(officer, made["id"])
    officer.go(f"/cms/desk/{made['id']}/")
    officer.look("steps", within=staff.DESK)
    assert "5條問題" in officer.words(staff.DESK)

    sent = len(mails(officer, STAFF["approver"]))
    staff.send(officer, f"/cms/desk/{made['id']}/")
    approver: Walker = people(f"approver-{width}", width=width)
    mail = wait_for_mail(approver, STAFF["approver"], more_than=sent, about=title)
    review = link_in(mail, "/cms/desk/review/")
    approver.sign_in_by_password(STAFF["approver"], staff.PASSWORD, review)
    assert all(words in approver.words("body") for _icon, words, _options in asking.ASKED)
    assert asking.SENTENCE in approver.words("body")
    approver.look("review", within=staff.DESK)
    approver.press("form[action$='/approve/'] button")

    citizen: Walker = people(f"citizen-{width}", width=width, scripts=False)
    citizen.go("/zh-hant/consultations/")
    citizen.press(f"main a:has-text('{title}')")
    citizen.look("paper")
    citizen.press("main a.govuk-button[href$='/answer/']")
    assert f"/zh-hant/e/{made['id']}/answer/" in citizen.page.url
    citizen.press("main form button[name=route]")
    assert asking.ASKED[0][1] in citizen.words()


def test_a_copied_question_keeps_its_condition(
    people: Any, platform: Platform, bureau: str
) -> None:
    made = make(platform, "draft_paper", title="夜市問卷副本")
    officer: Walker = people("officer-copy", width=1280)
    staff.to_desk(officer, "officer")
    asking.write(officer, made["page"])
    asking.see(officer)
    asking.copy_a_question(officer)
    asking.pick_without_script(officer, made["page"])
    asking.copy_a_section(officer, made["page"])
