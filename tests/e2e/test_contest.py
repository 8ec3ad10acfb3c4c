"""A contest from its call to what became of the ideas, and each way of voting, as people do it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e import contest_steps as steps
from tests.e2e.conftest import Platform
from tests.e2e.made import PASSWORD, STAFF, make
from tests.e2e.walker import Walker, link_in, wait_for_mail

pytestmark = pytest.mark.e2e

TITLE, OURS, OTHER, DECLINED = "涼快街市", "街市屋頂種草", "街市加裝風扇", "檔位旁種樹"
REASON, PRIZE = "最多街坊受惠。", "試行一年"
SHORT = "首名的點子會試行一年。"


def test_a_contest_from_call_to_award(people: Any, platform: Platform) -> None:
    made = make(platform, "made_contest.whole", title=TITLE)
    contest = made["id"]

    # Written by two, the first on a phone without scripts.
    author: Walker = people("contest-author", scripts=False)
    author_mail = f"author2-{contest}@people.example"
    receipt = steps.hand_in(
        author,
        contest,
        title=OURS,
        text="草隔熱，街市涼快。",
        email=author_mail,
        name=f"種草人{contest}",
    )
    second: Walker = people("contest-second", language="zh-hans", scripts=False)
    second_mail = f"second-{contest}@people.example"
    steps.invite(author, receipt, second_mail)
    steps.join(second, second_mail, f"同种{contest}")

    # The bureau accepts two ideas and declines one.
    make(platform, "made_contest.later", id=contest, phase="screening")
    officer: Walker = people("contest-officer", width=1280)
    officer.sign_in_by_password(STAFF["officer"], PASSWORD, f"/zh-hant/e/{contest}/screening/")
    steps.screen(officer, contest, OURS, "accepted")
    steps.screen(officer, contest, OTHER, "accepted")
    steps.screen(officer, contest, DECLINED, "declined", "已經有別的計劃。")

    # People vote; the total is told at the close.
    make(platform, "made_contest.later", id=contest, phase="vote")
    for number, (language, title) in enumerate(
        (("zh-hant", OURS), ("en", OURS), ("zh-hans", OTHER))
    ):
        voter: Walker = people(f"contest-voter-{language}", language=language, scripts=False)
        steps.choose(voter, contest, title)
        steps.vote(voter, f"voter{number}-{contest}@people.example")

    # Three jurors, one with a conflict.
    make(platform, "made_contest.later", id=contest, phase="jury")
    make(platform, "made_contest.counted")
    voter.go(f"e/{contest}/votes/")
    voter.look("votes-counted")
    jurors = [f"juror{number}-{contest}@people.example" for number in range(3)]
    officer.go(f"e/{contest}/jury/chair/")
    for email in jurors:
        officer.send("#juror", email=email)
    officer.look("chair")
    scores = ({OURS: (9, 8), OTHER: (5, 6)}, {OURS: (7, 7), OTHER: (6, 3)}, {OTHER: (8, 8)})
    for number, (email, marks) in enumerate(zip(jurors, scores, strict=True)):
        juror: Walker = people(
            f"contest-juror{number}", language=("zh-hant", "en", "zh-hans")[number], width=1280
        )
        steps.take_seat(juror, contest, email)
        steps.judge(juror, contest, marks, conflict="" if OURS in marks else OURS)

    # The officer closes the jury and writes the reasons; another publishes them with the answer.
    officer.go(f"e/{contest}/jury/chair/")
    officer.look("chair-scored")
    officer.press("form[action$='/jury/chair/close/'] button")
    make(platform, "made_contest.later", id=contest, phase="result")
    officer.go(f"e/{contest}/result/desk/")
    officer.look("result-waits")
    officer.press("#draw button")
    officer.look("result-drawn")
    steps.decide(officer, OURS, "awarded", REASON, PRIZE)
    steps.decide(officer, OTHER, "shortlisted", "也很實用。")
    steps.answer(officer, contest, SHORT)
    approver: Walker = people("contest-approver", language="en", width=1280)
    mail = wait_for_mail(approver, STAFF["approver"], about=f"{contest}/outcome/review/")
    approver.sign_in_by_password(
        STAFF["approver"], PASSWORD, "/" + link_in(mail, "/outcome/review/").split("/", 3)[3]
    )
    approver.look("outcome-review", within=steps.DESK)
    approver.press("form[action$='/outcome/approve/'] button")

    # Everybody reads it, in each language; its authors are told.
    for reader in (author, voter, approver):
        reader.go(f"/{reader.language}/e/{contest}/result/")
        reader.look("result")
        assert OURS in reader.words()
    assert REASON in author.words()
    for walker, email in ((author, author_mail), (second, second_mail)):
        told = wait_for_mail(walker, email, about=OURS)
        assert OURS in told
    author.go(receipt)
    author.press("main section a[href*='/ideas/'] >> nth=0")
    author.look("idea-awarded")
    assert "得獎" in author.words()


@pytest.mark.parametrize(
    ("kind", "who"),
    [
        ("approval", ("zh-hant", 390, False)),
        ("votes", ("zh-hans", 390, False)),
        ("stars", ("en", 1280, True)),
        ("budget", ("zh-hant", 1280, True)),
    ],
)
def test_each_way_of_voting(
    people: Any, platform: Platform, bureau: str, kind: str, who: tuple[str, int, bool]
) -> None:
    language, width, scripts = who
    made = make(platform, "made_contest.voting", title=f"投票{kind}", kind=kind)
    contest, ideas = made["id"], made["ideas"]
    voter: Walker = people(f"vote-{kind}", language=language, width=width, scripts=scripts)
    page = voter.page
    stars = {OTHER: "5", DECLINED: "2"} if kind == "stars" else {}
    steps.choose(voter, contest, OTHER)
    if stars:
        page.select_option(f"[name='stars-{ideas[OTHER]}']", stars[OTHER])
    voter.press("#vote button[name=more]")
    steps.choose(voter, contest, DECLINED)
    if stars:
        page.select_option(f"[name='stars-{ideas[DECLINED]}']", stars[DECLINED])
    if kind == "budget":
        # The server adds up, and keeps nothing by it.
        voter.press("#vote button[name=sum]")
        assert "超出預算" in voter.words()
        assert page.locator("#vote [name=idea]:checked").count() == 2
        voter.look("vote-sum")
    if kind in {"votes", "budget"}:
        # One vote each, or 120 dollars of 100: refused, with everything kept.
        voter.press("#vote button[type=submit] >> nth=0")
        assert page.locator(".govuk-error-summary").count() == 1
        assert page.locator("#vote [name=idea]:checked").count() == 2
        voter.look("vote-refused")
        page.uncheck(f"#vote [name=idea][value='{ideas[DECLINED]}']")
    receipt = steps.vote(voter, f"{kind}-{contest}@people.example")
    make(platform, "made_contest.counted")
    voter.go(f"e/{contest}/votes/")
    voter.look("votes")
    voter.go(receipt)
    voter.press("main a[href$='/vote/withdraw/']")
    voter.look("vote-withdraw")
    voter.press(f"main form[method=post] {steps.SEND}")
    voter.look("vote-withdrawn")
