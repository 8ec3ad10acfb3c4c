"""Two rounds of one product, from a poster to a voucher: citizens on a phone, officers at a desk.

Round 1 is open to all: tried without an account, its points claimed at sign-in, held and released;
what goes wrong is reported with pictures, worked through and mended in build 2. Round 2 is for
volunteers who were drawn; its figures are compared with the first. The points buy a voucher.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.e2e import build_steps as cms
from tests.e2e import finding_steps as finding
from tests.e2e import round_desk_steps as desk
from tests.e2e import try_steps as trying
from tests.e2e import voucher_steps as voucher
from tests.e2e.conftest import Platform
from tests.e2e.made import make
from tests.e2e.round_words import AGES, WHICH, WORDS, read
from tests.e2e.walker import Walker, link_in, wait_for_mail

pytestmark = pytest.mark.e2e

#: What the one who reports with an account reads: not what the officers read.
OTHER = {"zh-hant": "en", "en": "zh-hant", "zh-hans": "en"}


@pytest.mark.parametrize(
    ("language", "scripts"),
    [
        pytest.param("zh-hant", False, id="zh-hant"),
        pytest.param("en", True, id="en-with-scripts", marks=pytest.mark.long),
        pytest.param("zh-hans", False, id="zh-hans", marks=pytest.mark.long),
    ],
)
def test_two_rounds_from_a_poster_to_a_voucher(
    people: Any, platform: Platform, tmp_path: Path, language: str, scripts: bool
) -> None:
    words, picture = WORDS[language], finding.screen(tmp_path)
    made = make(platform, "made_rounds.first", language=language)
    product, round_1 = made["product"], made["id"]
    title_1, title_2 = (read(language, f"{WHICH[language]}第{one}回合") for one in "一二")

    def person(name: str, **how: Any) -> Walker:
        how = {"language": language, **how}
        walker: Walker = people(f"two-rounds-{language}-{name}", **how)
        return walker

    # Tried from the poster without an account; what goes wrong is reported on the way.
    citizen = person("citizen", scripts=scripts)
    email = f"citizen-{round_1}@people.example"
    trying.from_poster(citizen, made["path"], words.ten_points)
    citizen.press("#begin button[type=submit]")
    found = finding.report_at_step(citizen, words.happened, picture)
    citizen.press("main a[href$='/try/']")
    citizen.look("try-begun")
    citizen.press("#begin button[type=submit]")
    trying.steps(citizen)
    citizen.look("questions")
    make(platform, "made_rounds.took", id=round_1, minutes=0)
    receipt = trying.hand_in(citizen)
    citizen.look("receipt")
    trying.claim(citizen, round_1, receipt, email=email, title=title_1)

    # Somebody signed in reports for everybody to read, in a language of their own.
    member = person("member", language=OTHER[language])
    said, member_email = WORDS[member.language], f"member-{round_1}@people.example"
    member.go(f"e/{product}/problem/")
    member.confirm_email(member_email)
    finding.report_by_keyboard(member, said.happened, picture)
    assert make(platform, "made_rounds.read_findings", product=product, language=language) == {
        "read": 1
    }

    # The officer lets the points go and works through the findings.
    officer = person("officer", width=1280)
    desk.sign_in(officer, "officer", f"/{language}/e/{round_1}/try/desk/")
    desk.let_points_go(officer, email, read(language, "找一個位置"))
    citizen.go(f"e/{round_1}/reward/")
    citizen.look("reward")
    citizen.go("account/points/")
    citizen.look("points-released")
    assert citizen.page.locator("main dl dd").first.inner_text() == "10"
    officer.go(f"e/{product}/findings/desk/")
    finding.triage(officer, words.happened)
    member.go("account/findings/")
    member.look("mine-promised")
    assert said.mended in member.words()
    assert said.not_public in member.words()

    # Build 2 is written, approved and public: everybody is told.
    approver = person("approver", width=1280)
    desk.sign_in(approver, "approver", "/cms/")
    cms.write_build(officer, product)
    cms.approved(officer, approver, product, step="product")
    mail = wait_for_mail(member, member_email, about=said.shipped)
    member.go(link_in(mail, "/receipts/"))
    member.look("receipt-mended")
    assert said.mended in member.words()
    member.go("account/findings/")
    member.look("mine")
    assert said.mended in member.words()
    assert said.not_public not in member.words()
    member.go("account/notices/")
    assert said.shipped in member.words()
    member.look("notices")
    member.close()
    officer.go(f"e/{product}/findings/desk/")
    finding.mended(officer, words.known)
    citizen.go(found)
    assert words.mended in citizen.words()
    citizen.look("receipt-mended")

    # The first round ends with an answer; the second is written, approved, and draws volunteers.
    make(platform, "made_rounds.answered", id=round_1, language=language)
    made |= make(platform, "made_rounds.second", product=product, language=language)
    round_2 = made["id"]
    cms.read_round(officer, made)
    cms.approved(officer, approver, round_2, step="round")
    approver.close()
    trying.volunteer(citizen, AGES[language])
    citizen.go(f"e/{round_2}/try/")
    citizen.look("not-invited")
    citizen.press("a.govuk-back-link")
    citizen.look("round-2-before")
    path_2 = citizen.page.url
    number = make(platform, "made_rounds.of_age", language=language)["number"]
    desk.draw(officer, round_2, age=AGES[language], number=number, email=email)

    # Drawn, told by mail, accepted, tried, with the ten statements.
    mail = wait_for_mail(citizen, email, about=title_2)
    trying.accept(citizen, link_in(mail, "/invitation/"))
    trying.steps(citizen)
    citizen.look("questions-scale")
    make(platform, "made_rounds.took", id=round_2, minutes=4)
    trying.hand_in(citizen, scale=True)
    citizen.look("receipt-2")
    citizen.go(f"e/{round_2}/invitation/")
    citizen.look("done")
    make(platform, "made_rounds.others_tried", id=round_2)
    desk.read_desk(officer, round_2)

    # What everybody reads: figures compared, findings with their pictures, both rounds.
    reader = person("reader", scripts=scripts)
    reader.go(f"e/{round_2}/figures/")
    reader.look("figures")
    assert words.compared in reader.words()
    assert words.more in reader.words()
    reader.go(path_2)
    reader.look("round-2")
    reader.go(made["path"])
    reader.look("round-1-answered")
    reader.go(f"e/{product}/findings/")
    reader.look("findings")
    assert said.happened in reader.words()
    assert reader.page.locator("main img.hk-files__picture").count() == 1
    reader.go(f"e/{round_1}/findings/")
    reader.look("findings-of-round")
    reader.go(made["product_path"])
    reader.look("product")
    assert words.two_mended in reader.words()
    assert title_1 in reader.words()
    card = reader.page.locator(".hk-card", has_text=title_2)
    assert card.locator(".govuk-tag").inner_text() == words.trying

    # Volunteering begins with signing in, for who has not.
    reader.go("volunteers/")
    reader.press("main a[href$='/volunteers/me/']")
    assert f"/{language}/account/sign-in/" in reader.page.url

    # The points of both rounds for a voucher, its code, and the statement of it all.
    name = read(language, "場地單人券")
    code = voucher.redeem(citizen, made["voucher"], name)
    voucher.sign_in_again(citizen, email, code)
    voucher.statement(citizen, (title_1, title_2), name, code)
    citizen.go("account/")
    citizen.look("my-page")
    trying.leave(citizen)
    make(platform, "made_rounds.proven", id=round_2)
