"""Contests in their jury phase, jurors and sheets, made by the real actions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from accounts.actions.roles import grant_role
from accounts.models import Account, Role
from core import clock
from ideas.actions.judging import criteria_of, declare_interests, save_judgement, submit_sheet
from ideas.actions.jury import appoint_juror
from ideas.models import Contest, Idea, Juror
from participation.models import Engagement
from tests.factories.consultations import today
from tests.factories.desk import make_officer
from tests.factories.engagements import make_account
from tests.factories.ideas import make_contest, make_public_idea

#: Days from today: the call ends, the jury ends.
CALL, JURY = 5, 15


def scoring_day() -> dt.datetime:
    """An instant within the jury phase of ``make_judged``."""
    return clock.now() + dt.timedelta(days=CALL + 3)


def make_judged(*titles: str, **fields: Any) -> tuple[Engagement, list[Idea]]:
    """A contest with a jury and public ideas; its jury phase is ``scoring_day``'s."""
    _page, engagement = make_contest(
        closes=CALL, jury_closes_on=today() + dt.timedelta(days=JURY), **fields
    )
    return engagement, [make_public_idea(engagement, title) for title in titles]


def make_juror_account(engagement: Engagement, email: str = "") -> Account:
    """Somebody who holds the role for the contest's owner."""
    account = make_account(email)
    grant_role(account=account, role=Role.JUROR, bureau=engagement.owner, by="system")
    return account


def make_juror(
    engagement: Engagement, account: Account | None = None, by: Account | None = None
) -> tuple[Juror, Account]:
    """A seat and the account of who has it."""
    account = account or make_juror_account(engagement)
    juror = appoint_juror(
        engagement=engagement,
        email=account.email,
        by=by or make_officer(engagement.owner),
        language="en",
    )
    return juror, account


def score(
    juror: Juror,
    account: Account,
    marks: dict[Idea, tuple[int, ...]],
    *,
    submit: bool = True,
    conflicts: Iterable[str] = (),
) -> None:
    """Declare the conflicts, give the marks in the order of the criteria, submit."""
    declare_interests(juror=juror, ideas=conflicts, by=account)
    keys = [row.block_id for row in criteria_of(Contest.objects.get(pk=juror.contest_id))]
    for idea, given in marks.items():
        save_judgement(
            juror=juror,
            idea=idea,
            marks=dict(zip(keys, given, strict=True)),
            comment=f"On {idea.title}.",
            language="en",
            by=account,
        )
    if submit:
        submit_sheet(juror=juror, by=account)
