"""Tasks and what is round them: a poll that pays at once, a survey of one place that was lost and
is taken again, one officer's no and another's yes, stock and a reward, a session and who waits.

Citizens on a phone without scripts, officers and the administrator at a desk.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from crowdtasks.rewards.forms.stock import field_key
from tests.e2e import voucher_steps as voucher
from tests.e2e.conftest import Platform
from tests.e2e.made import PASSWORD, make
from tests.e2e.made_rounds import email_of as staff_of
from tests.e2e.made_tasks import LANGUAGE, POLL, SURVEY, email_of
from tests.e2e.staff_steps import DESK
from tests.e2e.walker import Walker, wait_for_mail

pytestmark = pytest.mark.e2e

#: A reward's texts, in English and in Chinese; the Simplified follows.
TEXTS = {
    "name": ("Ticket for one", "場地單人券"),
    "summary": ("Lets you in once.", "可入場一次。"),
    "terms": ("Not to be sold on.", "不可轉售。"),
}


@pytest.fixture(scope="module")
def made(platform: Platform) -> dict[str, Any]:
    return make(platform, "made_tasks.ready")


def points(walker: Walker) -> list[str]:
    """What can be spent and what is held, from the page of one's points."""
    walker.go("account/points/")
    return walker.page.locator("main dl dd").all_inner_texts()[:2]


def begin_survey(walker: Walker, made: dict[str, Any], step: str) -> None:
    """From the task's page to its first question, with a place."""
    walker.go(made["survey_path"])
    walker.look(f"survey-{step}")
    walker.press("main a[href$='/answer/']")
    walker.look(f"survey-start-{step}")
    walker.press("main form button[type=submit]")


def send_survey(walker: Walker) -> None:
    """The second part and the check; the first was answered."""
    page = walker.page
    page.fill("main textarea", "多些樹蔭，少些圍欄。")
    walker.press("main form button[type=submit]:not([formaction])")
    walker.look("survey-check")
    if page.locator("[name=publish_choice]").count():
        page.check("[name=publish_choice][value=confidential]")
    walker.press("main form button[type=submit]:not([formaction])")
    walker.look("survey-receipt")
    assert "/receipts/" in page.url, walker.words()


def test_points_from_a_poll_and_from_a_place_that_was_lost_and_found(
    people: Any, platform: Platform, made: dict[str, Any]
) -> None:
    citizen: Walker = people("tasks-first", language=LANGUAGE, scripts=False)
    other: Walker = people("tasks-second", language=LANGUAGE, scripts=False)
    page = citizen.page
    # A poll is one screen, and its points are there at once.
    citizen.sign_in_by_password(email_of("first"), PASSWORD, f"/{LANGUAGE}/account/points/")
    citizen.go("tasks/")
    citizen.look("tasks")
    citizen.go(made["poll_path"])
    citizen.look("poll-page")
    citizen.press("main a[href$='/poll/']")
    citizen.look("poll")
    page.locator("main input[type=radio]").first.check()
    citizen.press("main form button[type=submit]")
    citizen.look("poll-sent")
    assert points(citizen) == [str(POLL), "0"]

    # The one place of a survey: it is somebody's until its time is over.
    begin_survey(citizen, made, "begun")
    citizen.look("survey-part-1")
    page.locator("main input[type=radio]").first.check()
    citizen.press("main form button[type=submit]:not([formaction])")
    citizen.look("survey-part-2")
    citizen.go("account/")
    citizen.look("my-page-with-a-place")
    section = page.locator("#my-tasks")
    assert "名額為你保留至" in section.inner_text()
    other.sign_in_by_password(email_of("second"), PASSWORD, f"/{LANGUAGE}/account/points/")
    other.go(made["survey_path"])
    other.press("main a[href$='/answer/']")
    other.look("survey-no-place")
    assert other.page.locator("main form button[type=submit]").count() == 0
    assert other.page.locator("main textarea, main input[type=radio]").count() == 0
    assert make(platform, "made_tasks.overdue", id=made["survey"]) == {"places": 1}
    # What was answered is there, and the place can be had again.
    citizen.go("account/")
    citizen.look("my-page-too-late")
    citizen.press("#my-tasks a[href$='/answer/']")
    citizen.look("survey-again")
    assert "名額為你保留至" not in citizen.words()
    citizen.press("main a.govuk-button")
    citizen.look("survey-resumed")
    assert "1. 你每天去嗎？\n\n要\n" in citizen.words()
    citizen.press("main a[href*='/part/2/']")
    send_survey(citizen)
    assert points(citizen) == [str(POLL), str(SURVEY)]
    citizen.look("points-held")

    # One officer declines, and another looks again when asked to.
    officer: Walker = people("tasks-officer", language=LANGUAGE, width=1280)
    desk = f"/{LANGUAGE}/e/{made['survey']}/task/desk/"
    officer.sign_in_by_password(staff_of("officer", LANGUAGE), PASSWORD, desk)
    officer.look("desk")
    decide(officer, "decline", "看來沒有讀過問題。")
    assert points(citizen) == [str(POLL), str(SURVEY)]
    citizen.go("account/")
    citizen.press(page.locator("#my-tasks a", has_text="你怎樣使用公園"))
    citizen.look("declined")
    assert "看來沒有讀過問題。" in citizen.words()
    citizen.press("main a[href$='/task/appeal/']")
    citizen.look("appeal")
    page.fill("main textarea", "我每天都去，請再看一次。")
    citizen.press("main form button[type=submit]")
    citizen.look("appealed")
    second: Walker = people("tasks-approver", language=LANGUAGE, width=1280)
    second.sign_in_by_password(staff_of("approver", LANGUAGE), PASSWORD, desk)
    decide(second, "accept", "", said="我每天都去，請再看一次。")
    assert points(citizen) == [str(POLL + SURVEY), "0"]
    citizen.look("points-released")
    for walker in (other, officer, second):
        walker.close()

    spend_them(people, citizen, platform, made)


def decide(walker: Walker, verdict: str, reason: str, said: str = "") -> None:
    """From the desk to the one response that waits, and its decision."""
    walker.press("main a[href$='/task/review/']")
    walker.look("review")
    walker.press("main .hk-card a")
    walker.look("decide")
    assert said in walker.words()
    walker.page.check(f"#decide [name=verdict][value={verdict}]")
    if reason:
        walker.page.fill("#decide [name=reason]", reason)
    walker.press("#decide button[type=submit]")
    walker.look("decided")


def spend_them(people: Any, citizen: Walker, platform: Platform, made: dict[str, Any]) -> None:
    """An administrator writes a reward, gives it codes and offers it; the points buy one."""
    keeper: Walker = people("tasks-keeper", language=LANGUAGE, width=1280)
    page = keeper.page
    keeper.sign_in_by_password(staff_of("administrator", LANGUAGE), PASSWORD, "/cms/rewards/")
    keeper.look("stock", within=DESK)
    keeper.press("main a[href$='/cms/rewards/new/']")
    page.locator("main form [name=kind][value=voucher]").check()
    page.select_option("main form [name=bureau]", index=1)
    page.fill("main form [name=points]", str(POLL + SURVEY))
    page.fill("main form [name=first_day]", made["today"])
    for text, words in TEXTS.items():
        page.fill(f"main form [name='{field_key(text, 'en')}']", words[0])
        page.fill(f"main form [name='{field_key(text, LANGUAGE)}']", words[1])
    keeper.look("reward-new", within=DESK)
    keeper.press("main form button[type=submit]")
    keeper.look("reward-made", within=DESK)
    keeper.press("main a[href$='/codes/']")
    content = "\n".join(make(platform, "made_tasks.codes")["lines"]).encode()
    page.set_input_files(
        "main form [name=file]", {"name": "codes.csv", "mimeType": "text/csv", "buffer": content}
    )
    keeper.press("main form button[type=submit]")
    keeper.look("reward-stocked", within=DESK)
    keeper.press("main form[action$='/offer/'] button")
    keeper.look("reward-offered", within=DESK)
    reward = re.search(r"/cms/rewards/(\w+)/", page.url)
    assert reward is not None, page.url
    voucher.redeem(citizen, reward.group(1), TEXTS["name"][1])
    assert points(citizen) == ["0", "0"]
    keeper.go("/cms/rewards/")
    keeper.look("stock-after", within=DESK)


def test_a_session_has_places_and_a_list_of_who_waits(
    people: Any, platform: Platform, made: dict[str, Any]
) -> None:
    officer: Walker = people("session-officer", language=LANGUAGE, width=1280)
    desk = f"/{LANGUAGE}/e/{made['round']}/volunteers/"
    officer.sign_in_by_password(staff_of("officer", LANGUAGE), PASSWORD, desk)
    officer.look("panel-desk")
    officer.press("main a[href$='/volunteers/sessions/']")
    page = officer.page
    page.locator("main [name=kind]").first.check()
    year, month, day = made["day"].split("-")
    for name, value in {"day_day": day, "day_month": month, "day_year": year}.items():
        page.fill(f"main [name={name}]", value)
    for name, value in {
        "time": "14:30",
        "minutes": "60",
        "places": "1",
        "where": "沙田圖書館二樓",
        "note": "請帶手機。",
    }.items():
        page.fill(f"main [name={name}]", value)
    officer.look("session-new")
    officer.press("main form button[type=submit]")
    officer.look("session-offered")

    walkers = []
    for who in ("first", "second"):
        walker: Walker = people(f"session-{who}", language=LANGUAGE, scripts=False)
        place = f"/{LANGUAGE}/e/{made['round']}/invitation/"
        walker.sign_in_by_password(email_of(who), PASSWORD, place)
        walker.look("invitation")
        walker.press("main a[href$='/sessions/']")
        walker.look("sessions")
        walker.press("main form[action$='/book/'] button")
        walker.look("session-booked")
        walkers.append(walker)
    first, second = walkers
    assert first.page.locator("main a[href$='.ics']").count() == 1
    assert second.page.locator("main a[href$='.ics']").count() == 0
    officer.go(desk + "sessions/")
    officer.press("main table a")
    officer.look("session-full")
    # Whoever waits has the place that comes free, and is told.
    first.press("main form[action$='/cancel/'] button")
    first.look("session-cancelled")
    wait_for_mail(second, email_of("second"), about="有人取消")
    second.go(f"e/{made['round']}/sessions/")
    second.look("session-moved-up")
    assert second.page.locator("main a[href$='.ics']").count() == 1
    make(platform, "made_tasks.proven")
