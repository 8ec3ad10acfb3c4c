"""What the walk of tasks does not do by hand, in the platform's own data: officers, people, a poll,
a survey of one place, a round whose volunteers have accepted, and time gone by.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.e2e.made_rounds import _build, _bureau, _day, _officer, _round_fields

LANGUAGE = "zh-hant"
PEOPLE = ("first", "second")
#: Points of the poll and of the survey; the reward costs both.
POLL, SURVEY = 5, 20


def email_of(who: str) -> str:
    """The address of one of the citizens."""
    return f"tasks-{who}@people.example"


def ready() -> dict[str, Any]:
    """All of it, open since yesterday; ids by what they are of."""
    from accounts.actions import open_account
    from crowdtasks.products.models import Build, Round
    from participation import faces
    from tests.e2e.made import PASSWORD
    from tests.factories.ledger import fill_budget
    from tests.factories.panel import taking_part, volunteer
    from tests.factories.questions import option, question, section

    roles = ("officer", "approver", "administrator")
    by = {role: _officer(role, LANGUAGE) for role in roles}
    people = [
        open_account(email=email_of(one), password=PASSWORD, language=LANGUAGE, display_name="街坊")
        for one in PEOPLE
    ]
    fill_budget(_bureau(), 1_000)

    def published(face: str, title: str, **fields: Any) -> Any:
        page = faces.start(
            kind=face,
            bureau=_bureau(),
            title=title,
            source_language=LANGUAGE,
            by=by["officer"],
            fields={
                "summary": "一分鐘的小事。",
                "about": "<p>看看大家怎樣想。</p>",
                "contact": "數碼服務組",
            }
            | fields,
            translator=str,
        )
        page.refresh_from_db()
        return faces.publish(page=page, by=None)

    days = {"opens_on": _day(-1), "closes_on": _day(20), "response_due": _day(80)}
    yes_no = [option("yes", "要"), option("no", "不要")]
    poll = published(
        "campaign",
        "公園要多些長椅嗎？",
        **days,
        **{"kind": "poll", "places": 5, "reward": POLL, "results_after_own": True},
        questions=[
            section("s1", "小調查", question("one", "q1", "要多些長椅嗎？", options=yes_no))
        ],
    )
    survey = published(
        "campaign",
        "你怎樣使用公園",
        **days,
        **{"kind": "survey", "places": 1, "reward": SURVEY, "review_rule": "all"},
        questions=[
            section("s1", "使用", question("one", "uses", "你每天去嗎？", options=yes_no)),
            section("s2", "意見", question("long", "why", "有甚麼要改善？")),
        ],
    )
    product = published("product", "預訂程式", opens_on=_day(-30), builds=[_build(LANGUAGE)])
    fields = _round_fields(LANGUAGE)
    tried = published(
        "round",
        "預訂程式：約見試用",
        **fields,
        who="invited",
        build=Build.objects.get(product=product.pk),
    )
    for account in people:
        volunteer(account, age="25-34", devices=["android"])
    row = Round.objects.select_related("engagement__owner").get(engagement=tried)
    taking_part(row, people)
    return {
        "poll": poll.public_id,
        "poll_path": poll.paths[LANGUAGE],
        "survey": survey.public_id,
        "survey_path": survey.paths[LANGUAGE],
        "round": tried.public_id,
        "day": _day(5).isoformat(),
        "today": _day(0).isoformat(),
    }


def overdue(id: str) -> dict[str, Any]:
    """The place that is held in this survey was to be used by a minute ago."""
    from core import clock
    from crowdtasks.models import Claim

    late = clock.now() - dt.timedelta(minutes=1)
    rows = Claim.objects.filter(campaign__engagement__public_id=id, state="live")
    return {"places": rows.update(claimed_at=late - dt.timedelta(hours=1), expires_at=late)}


def codes() -> dict[str, Any]:
    """The lines of a file of three voucher codes."""
    from tests.factories.rewards import codes

    return {"lines": codes(3)}


def proven() -> dict[str, Any]:
    """Raises unless the books hold."""
    from django.core.management import call_command

    call_command("verify_ledger")
    return {}
