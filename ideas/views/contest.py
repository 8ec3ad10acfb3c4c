"""A contest as citizens read it: brief, rules, phases, and the way to hand in an idea."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import clock, page_cache
from core.dates import FOREVER
from core.exceptions import Absent
from core.texts import known_language
from ideas import totals
from ideas.access import access_contest, access_public_contest
from ideas.ballots import has_begun, vote_of
from ideas.drawing import planned
from ideas.listing import public_ideas, shown_ideas
from ideas.models import ContestPage, ContestVote, Idea
from ideas.phases import Here, at, plan, shown
from ideas.reading import card, explained
from ideas.result_reading import summary
from ideas.rules import written
from participation import faces, live
from participation.access import access_engagement_of
from participation.models import Engagement
from participation.policies import can
from participation.querysets import CLOSING_SOON
from participation.stages import Stage, midnight_after, published_outcome, stage

IDEAS_SHOWN = 4
_PREVIEW_STAGES = {
    "open": Stage.OPEN,
    "upcoming": Stage.UPCOMING,
    "closed": Stage.OUTCOME_DUE,
    "outcome": Stage.OUTCOME_PUBLISHED,
}


def contest(request: HttpRequest, page: ContestPage, mode: str = "") -> HttpResponse:
    """The public page, or (``mode``) a draft as it will look at a later stage."""
    if mode:
        engagement = page.engagement or Engagement(title={}, summary={}, owner=page.bureau)
        return render(request, "ideas/contest.html", _context(page, engagement, mode))
    return _public(request, page, access_engagement_of(page, "contest"))


@require_safe
def address(request: HttpRequest, bureau: str, slug: str) -> HttpResponse:
    """The public page by its address, without walking the page tree for it."""
    page, engagement = access_public_contest(bureau, slug, known_language(get_language()))
    return _public(request, page, engagement)


def _public(request: HttpRequest, page: ContestPage, engagement: Engagement) -> HttpResponse:
    now = clock.now()
    return page_cache.keep(
        render(request, "ideas/contest.html", _context(page, engagement, "")),
        tags=[live.tag(engagement)],
        now=now,
        until=next_change(engagement, now),
    )


def next_change(engagement: Engagement, now: Any) -> Any:
    """The next instant at which pages of this contest read differently by time alone."""
    moments = [midnight_after(now)]
    if engagement.closes_at:
        moments.append(engagement.closes_at - CLOSING_SOON)
    for phase in engagement.phases.all():
        moments += [phase.opens_at, phase.closes_at]
    return min(moment for moment in moments if moment > now)


def _context(page: ContestPage, engagement: Engagement, mode: str) -> dict[str, Any]:
    now = clock.now()
    language = known_language(get_language())
    current = stage(engagement, now)
    if mode:
        current = _PREVIEW_STAGES.get(mode, Stage.OPEN)
        engagement.opens_at, engagement.closes_at = page.opens_at, page.closes_at
        engagement.response_due = page.response_due
        phases = shown(plan(page), now)
        submits, voting = mode == "open", Voting()
    else:
        phases = shown(list(engagement.phases.all()), now)
        submits, voting = is_open("submit", engagement), voting_of(engagement)
    here = at(phases, now)
    if mode and submits:
        here = Here(phases[0], None) if phases else here
    endless = engagement.closes_at == FOREVER
    ideas: list[Idea] = []
    total, rules = 0, None
    if engagement.pk and not mode:
        public = public_ideas(engagement)
        total = public.count()
        newest = public.newest().values_list("pk", flat=True)[:IDEAS_SHOWN]
        ideas = shown_ideas(newest, told=voting.told)
        rules = engagement.contest.rules.first()
    acts = f"/{language}/e/{engagement.public_id}/"
    outcome = published_outcome(engagement) if engagement.pk and not mode else None
    return {
        "page": page,
        "engagement": engagement,
        "bureau": engagement.owner,
        "state": current.value,
        "preview": mode,
        "submits": submits,
        "here": here,
        "words": faces.words_of(engagement),
        "voting": voting.open,
        "begun": voting.begun,
        "vote_told": voting.told,
        "basis": "" if endless else planned(page.vote_closes_at, page.jury_closes_on),
        "voters": live.kept_counts(engagement)["voters"] if voting.begun else 0,
        "explained": explained(page),
        "commentable": not mode and is_open("comment", engagement),
        "endless": endless,
        "phases": phases,
        "acts": acts,
        "cards": [card(idea, told=voting.told) for idea in ideas],
        "total": total,
        "rules": rules,
        "outcome": outcome,
        "part": summary(engagement) if outcome else {},
        "notices": list(engagement.public_notices.exclude(kind="late")[:10])
        if engagement.pk
        else [],
        "crumbs": [
            {"href": f"/{language}/", "text": _("Home")},
            {"href": f"/{language}/contests/", "text": _("Idea contests")},
            {
                "href": f"/{language}/contests/{engagement.owner.slug}/",
                "text": str(engagement.owner),
            },
        ],
    }


def is_open(verb: str, engagement: Engagement) -> bool:
    """Whether the verb is open to somebody: allowed, or allowed once signed in or verified."""
    verdict = can(verb, engagement=engagement, person=None, now=clock.now())
    return verdict.allowed or verdict.code in {"sign-in", "level"}


@dataclass(frozen=True)
class Voting:
    """What a public page says of the vote: nothing before it opens."""

    #: The vote while it is open.
    open: ContestVote | None = None
    #: The vote once it has opened.
    begun: ContestVote | None = None
    #: Whether everybody may see its totals now.
    told: bool = False


def voting_of(engagement: Engagement) -> Voting:
    """Where the vote stands, in one query; none where there is no vote or not yet."""
    now = clock.now()
    if not has_begun(engagement, now):
        return Voting()
    vote = vote_of(engagement)
    if vote is None:
        return Voting()
    return Voting(vote if is_open("vote", engagement) else None, vote, totals.shown(vote, now))


@require_safe
def rules_file(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """The rules of one version in the form its fingerprint is made of."""
    engagement = access_contest(public_id)
    version = engagement.contest.rules.filter(number=number).first()
    if version is None:
        raise Absent
    response = HttpResponse(
        written(version.rules).encode(), content_type="application/json; charset=utf-8"
    )
    name = f"rules-{engagement.public_id}-{version.number}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
