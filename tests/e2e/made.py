"""What journeys need in the platform's own data, made there by a process beside it.

:func:`make` hands back what each function returns, which is to be JSON.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.e2e.conftest import Platform

PASSWORD = "a lantern on every balcony"
STAFF = {
    "officer": "journey-officer@people.example",
    "approver": "journey-approver@people.example",
    "moderator": "journey-moderator@people.example",
}
#: Who follows and has commented on the paper that closed.
CONTRIBUTOR = "journey-contributor@people.example"


def make(platform: Platform, name: str, **words: Any) -> dict[str, Any]:
    """Run one of the functions below, or ``module.function``, where the platform's data is."""
    module, _dot, function = name.rpartition(".")
    return platform.hands.make(module or "made", function, words)


def staff() -> dict[str, Any]:
    """An officer and an approver of one bureau, and a moderator; all read Traditional Chinese."""
    from accounts.actions import grant_role, open_account
    from accounts.models import Account, Bureau

    bureau = Bureau.objects.get(code="FEHD")
    for role, email in STAFF.items():
        if Account.objects.filter(email=email).exists():
            continue
        account = open_account(email=email, password=PASSWORD, language="zh-hant")
        body = None if role == "moderator" else bureau
        grant_role(account=account, role=role, bureau=body, by="system")
    return {"bureau": bureau.slug}


def open_paper(title: str) -> dict[str, Any]:
    """A paper that is open, with two statements; comments are read after publication."""
    return _paper(title, opens=-1, closes=40)


def closed_paper(title: str) -> dict[str, Any]:
    """A paper that closed yesterday, with one public comment of ``CONTRIBUTOR``."""
    from accounts.actions import open_account
    from accounts.models import Account
    from core import clock
    from participation.models import Engagement
    from tests.factories.participation import make_receipt

    with clock.freeze(clock.now() - dt.timedelta(days=30)):
        made = _paper(title, opens=-1, closes=29)
        account = Account.objects.filter(email=CONTRIBUTOR).first() or open_account(
            email=CONTRIBUTOR, language="zh-hant", display_name="北角老街坊"
        )
        with clock.travel(dt.timedelta(hours=1)):
            engagement = Engagement.objects.get(public_id=made["id"])
            make_receipt(engagement, "夜市要有廁所。", account=account, language="zh-hant")
    return made


def survey(title: str) -> dict[str, Any]:
    """An open paper with twelve questions of every kind."""
    from participation.models import Engagement
    from tests.factories.questionnaires import make_questionnaire

    made = _paper(title, opens=-1, closes=40)
    make_questionnaire(Engagement.objects.get(public_id=made["id"]))
    return made


def _paper(title: str, **days: int) -> dict[str, Any]:
    """Written in Traditional Chinese, so that no page of it has a Latin sentence of its own."""
    from accounts.models import Account, Bureau
    from tests.factories.consultations import chapter, make_paper, paragraph

    _page, engagement = make_paper(
        bureau=Bureau.objects.get(code="FEHD"),
        by=Account.objects.get(email=STAFF["officer"]),
        title=title,
        language="zh-hant",
        summary="我們徵詢街坊和檔主的意見。",
        contact="環境衞生科",
        body=[
            chapter("c1", "背景", paragraph("p1", "現時晚上八時關門。")),
            chapter("c2", "建議", paragraph("p2", "試行開放至晚上十一時。")),
        ],
        statements=[
            {"type": "statement", "id": "s1", "value": "檔位應該開到深夜。"},
            {"type": "statement", "id": "s2", "value": "租金應該下調。"},
        ],
        moderation_policy="after",
        **days,
    )
    return {"id": engagement.public_id, "paths": engagement.paths}


def draft_paper(title: str) -> dict[str, Any]:
    """A draft that lacks nothing but questions, in Traditional Chinese with its English version."""
    from accounts.models import Account, Bureau
    from tests.factories.consultations import chapter, make_paper_draft, paragraph

    page = make_paper_draft(
        bureau=Bureau.objects.get(code="FEHD"),
        by=Account.objects.get(email=STAFF["officer"]),
        title=title,
        language="zh-hant",
        summary="我們徵詢街坊和檔主的意見。",
        contact="環境衞生科",
        body=[chapter("c1", "背景", paragraph("p1", "現時晚上八時關門。"))],
        statements=[],
    )
    engagement = page.engagement
    assert engagement is not None
    return {"page": page.pk, "id": engagement.public_id}


def closed_reports() -> dict[str, Any]:
    """What the schedule does each minute, at once; the job is this process's or the worker's."""
    from core import jobs
    from feedback.actions.delivery import begin_closed

    begun = begin_closed()
    jobs.drain()
    return {"begun": begun}


def opinion_groups(title: str) -> dict[str, Any]:
    """An open paper whose statements two camps of people have answered."""
    from consultations.actions.opinion import keep_grouping
    from participation.models import Engagement
    from tests.factories.opinions import make_camps

    made = _paper(title, opens=-1, closes=40)
    engagement = Engagement.objects.get(public_id=made["id"])
    make_camps(engagement, sizes=(23, 17))
    words = "夜市應該每星期開放，並且設有足夠的洗手間、垃圾桶和座位"
    for place, statement in enumerate(engagement.statements.order_by("pk")):
        statement.text = {"zh-hant": f"{words}，第{place + 1}項。"}
        statement.save(update_fields=["text"])
    keep_grouping(engagement=engagement)
    return made
