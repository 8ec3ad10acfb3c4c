"""Contests for the browser, and time gone by, in the platform's own data."""

from __future__ import annotations

import datetime as dt
from typing import Any

VOTES = dt.timedelta(days=20)


def whole(title: str) -> dict[str, Any]:
    """A contest in its call with every phase to come: screening, vote, jury, result."""
    from ideas.models import Idea
    from tests.factories.consultations import today

    engagement = _contest(
        title,
        closes=10,
        vote_opens_on=today() + VOTES,
        vote_closes_on=today() + VOTES + dt.timedelta(days=10),
        jury_closes_on=today() + VOTES + dt.timedelta(days=20),
        response_due=today() + VOTES + dt.timedelta(days=40),
        jury_weight=60,
        prizes="首名的點子會試行一年。",
    )
    said = {
        idea.title: idea.contribution.public_id
        for idea in Idea.objects.filter(engagement=engagement).select_related("contribution")
    }
    return {"id": engagement.public_id, "paths": engagement.paths, "ideas": said}


def voting(title: str, kind: str) -> dict[str, Any]:
    """A contest whose public votes in this way now, on two ideas that cost 60 dollars each."""
    from ideas.access import access_vote
    from ideas.actions.votes import set_costs
    from ideas.models import Idea
    from tests.factories.consultations import today
    from tests.factories.desk import make_officer
    from tests.factories.votes import key, open_now

    engagement = _contest(
        title,
        vote_opens_on=today() + dt.timedelta(days=41),
        vote_closes_on=today() + dt.timedelta(days=60),
        response_due=today() + dt.timedelta(days=90),
        vote_kind=kind,
        vote_most=1,
        vote_budget=100,
    )
    vote = access_vote(engagement.public_id)
    ideas = Idea.objects.filter(engagement=engagement).select_related("contribution")
    if vote.way.needs_cost:
        officer = make_officer(engagement.owner, f"costs-{engagement.public_id}@people.example")
        set_costs(engagement=engagement, costs={key(idea): 60 for idea in ideas}, by=officer)
    open_now(vote)
    return {"id": engagement.public_id, "ideas": {idea.title: key(idea) for idea in ideas}}


def later(id: str, phase: str) -> dict[str, Any]:
    """Time goes by until an hour into a phase: all this contest has is older by as much."""
    from django.db.models import F

    from core import clock
    from core.dates import FOREVER
    from ideas.models import Idea
    from participation.models import Contribution, Engagement, Phase, Vote

    engagement = Engagement.objects.get(public_id=id)
    gone = engagement.phases.get(key=phase).opens_at - clock.now() + dt.timedelta(hours=1)
    days = dt.timedelta(days=gone.days)
    mine = {"engagement": engagement}
    for rows, *names in (
        (Phase.objects.filter(**mine), "opens_at"),
        (Phase.objects.filter(**mine).exclude(closes_at=FOREVER), "closes_at"),
        (Contribution.objects.filter(**mine), "received_at", "published_at"),
        (Idea.objects.filter(**mine), "received_at", "changed_at"),
        (Vote.objects.filter(ballot__engagement=engagement), "cast_at"),
        (Engagement.objects.filter(public_id=id), "opens_at", "closes_at", "published_at"),
    ):
        rows.update(**{name: F(name) - gone for name in names})
    engagement.response_due -= days  # type: ignore[operator]
    engagement.save(update_fields=["response_due"])
    return {"days": days.days}


def counted() -> dict[str, Any]:
    """What the schedule does each minute, at once."""
    from core import jobs
    from ideas.tasks import count_votes, tally_what_closed

    count_votes()
    tally_what_closed()
    jobs.drain()
    return {}


def _contest(title: str, **fields: Any) -> Any:
    """Written in Traditional Chinese, so that no page of it has a Latin sentence of its own; with
    two public ideas. Ideas are read after publication.
    """
    from accounts.actions import open_account
    from accounts.models import Account, Bureau
    from tests.e2e.made import STAFF
    from tests.factories.ideas import categories, criteria, make_contest, make_public_idea

    judged = criteria(70, 30)
    for place, name in enumerate(("效果", "可行")):
        judged[place]["value"] |= {"name": name, "detail": "愈高愈好。"}
    _page, engagement = make_contest(
        bureau=Bureau.objects.get(code="FEHD"),
        by=Account.objects.get(email=STAFF["officer"]),
        title=title,
        language="zh-hant",
        summary="我們徵集街坊的點子。",
        contact="環境衞生科",
        brief="<p>令街市好逛一點。</p>",
        eligibility="任何人。",
        terms="點子屬作者所有。",
        criteria=judged,
        categories=categories("綠化", "交通"),
        moderation_policy="after",
        **fields,
    )
    author = open_account(
        email=f"author-{engagement.public_id}@people.example",
        language="zh-hant",
        display_name=f"街坊{engagement.public_id}",
    )
    for idea in ("街市加裝風扇", "檔位旁種樹"):
        make_public_idea(
            engagement, idea, text="天氣太熱，街坊不願來。", language="zh-hant", account=author
        )
    return engagement


def call(title: str) -> dict[str, Any]:
    """A contest in its call, with two public ideas."""
    engagement = _contest(title)
    return {"id": engagement.public_id, "paths": engagement.paths}
