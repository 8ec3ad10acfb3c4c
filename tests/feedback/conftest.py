"""What tests of reports share: one engagement with something of everything, and who reads it."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass

import pytest

from accounts.models import Account, Role
from core.models import HomePage
from participation.models import Engagement
from questionnaires.models import Questionnaire
from tests.factories.engagements import grant, make_account, make_bureau, make_engagement
from tests.factories.participation import decide, make_comment, make_official_reply, make_receipt
from tests.factories.reports import make_questionnaire, make_response
from tests.factories.statements import make_statement, make_votes

FORMULAS = ("=1+1", "+SUM(A1)", "@cmd", "-2+3", "＝1+1", "\u200b=1+1", ';=HYPERLINK("x")', '"=1')
PLANTED = "<script>alert(1)</script> <img src=x onerror=alert(2)> https://evil.example/x.png"


@dataclass
class Case:
    """An engagement of EPD with LCSD as partner, and officers of EPD, LCSD and HD."""

    engagement: Engagement
    questionnaire: Questionnaire
    officer: Account
    approver: Account
    partner: Account
    foreign: Account
    administrator: Account


def officer_of(code: str, role: Role = Role.OFFICER) -> Account:
    account = make_account(display_name=f"Officer {code}")
    grant(account, role, make_bureau(code))
    return account


def make_case(**fields) -> Case:
    """Nothing was received yet."""
    engagement = make_engagement(
        bureau=make_bureau("EPD"), title="Waste charging", moderation_policy="after", **fields
    )
    engagement.partners.add(make_bureau("LCSD"))
    administrator = make_account()
    grant(administrator, Role.ADMINISTRATOR)
    return Case(
        engagement=engagement,
        questionnaire=make_questionnaire(engagement),
        officer=officer_of("EPD"),
        approver=officer_of("EPD", Role.APPROVER),
        partner=officer_of("LCSD"),
        foreign=officer_of("HD"),
        administrator=administrator,
    )


def fill(case: Case) -> None:
    """Comments in every state, statements with votes, responses of every kind of question."""
    engagement = case.engagement
    first = make_comment(engagement, "The bags are too small for a family of six.")
    make_comment(engagement, "垃圾袋太細喇，深水埗𨋢口衞生差。", language="zh-hant")
    make_comment(engagement, "垃圾袋太细喇 深水埗𨋢口卫生差", language="zh-hans")
    make_receipt(engagement, "For the bureau only.", publish_choice="confidential")
    withheld = make_receipt(engagement, "Rude words about a neighbour.").contribution
    withheld.state = "withheld"
    withheld.save()
    gone = make_receipt(engagement, "I take this back.").contribution
    gone.state = "withdrawn"
    gone.save()
    held = make_receipt(engagement, "Waits for a moderator.").contribution
    held.state = "held"
    held.save()
    for text in (*FORMULAS, PLANTED):
        make_comment(engagement, text)
    make_official_reply(first, case.officer)
    statement = make_statement(engagement, "Trees come first.")
    make_votes(statement, {1: 5, -1: 3, 0: 1})
    make_statement(engagement, "=2+2", state="withheld")
    answers = {
        "one": "one-yes",
        "several": {"options": ["several-yes", "several-other"], "other": "Bring a trolley"},
        "scale": 4,
        "number": "12.5",
        "date": "2026-02-28",
        "long": "Collect on Sundays too.",
        "consent": True,
    }
    make_response(case.questionnaire, answers)
    make_response(
        case.questionnaire,
        {**answers, "one": "one-no", "number": "7", "long": "collect on sundays, too!"},
        organisation="=Friends of the Harbour",
        state="published",
        text_state="published",
        channel="paper",
        language="zh-hant",
    )
    make_response(
        case.questionnaire,
        {"one": "one-yes", "scale": 1, "long": "Kept back"},
        state="published",
        text_state="withheld",
    )
    make_response(case.questionnaire, answers, state="withdrawn")


@pytest.fixture
def case(tree: dict[str, HomePage]) -> Case:
    """Everything filled in."""
    made = make_case()
    fill(made)
    return made


__all__ = ["Case", "decide", "fill", "make_case"]


def _lacks(what: str) -> None:
    """Skip by name what this machine cannot show; with CI=true nothing may be skipped."""
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture
def soffice() -> str:
    """The LibreOffice of this machine."""
    found = shutil.which("soffice")
    if found is None:
        _lacks("LibreOffice is missing: scripts/services install")
    return str(found)
