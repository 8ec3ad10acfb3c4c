"""Ideas as everybody reads them: the list, one idea, its versions, one after another."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import current_person
from core import clock, limits, page_cache
from core.exceptions import Absent, SignInNeeded
from ideas.access import access_contest, access_idea, access_lead, access_written_idea
from ideas.asked import lines_of
from ideas.authors import coauthors_of, names_of, writes
from ideas.ballots import phase_of
from ideas.listing import (
    SEEDS,
    keys_in_order,
    look_up,
    open_to,
    public_ideas,
    read_filters,
    shown_ideas,
    sorts_of,
)
from ideas.models import Idea
from ideas.more import more_like
from ideas.reading import card, counted_at_source, district_name, versions
from ideas.standing import standing
from ideas.views.contest import is_open, next_change, voting_of
from participation import live
from participation.attachments.shown import files_of
from participation.comment_list import comment_page, sides_of
from participation.models import Engagement
from participation.views.shared import about, language


@require_safe
def idea_list(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ideas as cards; filters, order and seed in the address, no scripts needed.

    Shuffled without a seed leads to a seed drawn for this visit, so that what is linked and paged
    through stays in one order.
    """
    engagement = access_contest(public_id)
    voting = voting_of(engagement)
    filters = open_to(read_filters(request.GET), told=voting.told)
    if filters.sort == "shuffled" and not filters.seed:
        seed = secrets.randbelow(SEEDS) + 1
        drawn = HttpResponseRedirect(request.path + filters.query(seed=seed, page=filters.page))
        drawn.headers["Cache-Control"] = "no-store"
        return drawn
    if filters.text:
        limits.spend("search", limits.address(request))
    now = clock.now()
    listing = look_up(engagement, filters, told=voting.told)
    sorts = [
        {
            "key": key,
            "text": text,
            "href": filters.query(sort=key, seed=filters.seed or 1),
            "current": key == filters.sort,
        }
        for key, text in sorts_of(engagement, told=voting.told).items()
    ]
    context = {
        **about(engagement),
        "listing": listing,
        "cards": [card(idea, told=voting.told, ballot=voting.open) for idea in listing.ideas],
        "sorts": sorts,
        "feed_query": filters.narrowing_query(),
        "unfolded": bool(filters.category or filters.tag or filters.district or filters.status),
        "action": request.path,
        "hidden": [
            {"name": "seed", "value": filters.seed}
            if filters.sort == "shuffled"
            else {"name": "sort", "value": filters.sort}
        ],
        "reset": filters.query(category=(), tag=(), district=(), status=(), text=""),
        "submits": is_open("submit", engagement),
        "voting": voting.open,
        "voters": live.kept_counts(engagement)["voters"] if voting.open else 0,
    }
    response = render(request, "ideas/list.html", context)
    return page_cache.keep(
        response, tags=[live.tag(engagement)], now=now, until=next_change(engagement, now)
    )


@require_safe
def one(request: HttpRequest, public_id: str, place: int) -> HttpResponse:
    """One idea at a time, in the order of the list's address: for a phone, and for fair reading."""
    engagement = access_contest(public_id)
    voting = voting_of(engagement)
    filters = open_to(read_filters(request.GET), told=voting.told)
    keys = keys_in_order(engagement, filters, public_ideas(engagement).count())
    total = len(keys)
    found = shown_ideas(keys[place - 1 : place], told=voting.told) if 0 < place <= total else []
    if not found:
        raise Absent
    now = clock.now()
    context = {
        **about(engagement),
        "card": card(found[0], told=voting.told, ballot=voting.open),
        "place": place,
        "total": total,
        "before": place - 1 if place > 1 else 0,
        "after": place + 1 if place < total else 0,
        "query": filters.query(),
        "voting": voting.open,
    }
    response = render(request, "ideas/one.html", context)
    return page_cache.keep(
        response, tags=[live.tag(engagement)], now=now, until=next_change(engagement, now)
    )


@require_safe
def idea_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """An idea with its comments: the same bytes for everybody. A merged one's address leads on."""
    try:
        idea = access_idea(public_id)
    except Absent:
        lead = access_lead(public_id)
        return HttpResponseRedirect(reverse("ideas:idea", args=[lead.contribution.public_id]))
    engagement = idea.engagement
    now = clock.now()
    likes = more_like(idea, language(), now)
    response = render(
        request,
        "ideas/idea.html",
        {**_context(idea, engagement), "more": [more for _row, more in likes]},
    )
    # What is withheld elsewhere stands here no longer either.
    tags = {live.tag(each) for each in (engagement, *(row.engagement for row, _more in likes))}
    return page_cache.keep(response, tags=sorted(tags), now=now, until=next_change(engagement, now))


def _context(idea: Idea, engagement: Engagement) -> dict[str, Any]:
    entry = idea.contribution
    voting = voting_of(engagement)
    return {
        **about(engagement),
        "card": card(idea, told=voting.told, ballot=voting.open),
        "idea": idea,
        "contribution": entry,
        # What was changed before anybody could read it is no news.
        "coauthors": names_of(coauthors_of([idea]).get(idea.pk, [])),
        "edited": bool(
            entry.edited_at and entry.published_at and entry.edited_at > entry.published_at
        ),
        "answers": lines_of(idea, engagement, language=language(), written_in=entry.language),
        "district": district_name(idea.district),
        "counted_there": counted_at_source(idea),
        **standing(idea),
        "files": files_of([entry]).get(entry.pk, []),
        "thread_row": idea.thread,
        "shown": comment_page(idea.thread, "newest", "1"),
        "sides": sides_of(idea.thread),
        "can_write": is_open("comment", engagement),
        "voting": voting.open,
        "vote_opens_at": _vote_opens(engagement),
        # Where nobody ever votes, a comment is the way to be for it.
        "talks": phase_of(engagement) is None and is_open("comment", engagement),
        "list_path": reverse("ideas:list", args=[engagement.public_id]),
    }


def _vote_opens(engagement: Engagement) -> dt.datetime | None:
    """When people will be able to support it by a vote; None once they can, and without a vote."""
    phase = phase_of(engagement)
    return phase.opens_at if phase is not None and phase.opens_at > clock.now() else None


@never_cache
@require_safe
def idea_versions(request: HttpRequest, public_id: str) -> HttpResponse:
    """What each edit changed: the public versions, or to its authors all."""
    person = current_person(request)
    own = False
    try:
        idea = access_idea(public_id)
        own = writes(idea, person)
    except Absent:
        idea = _own(public_id, request)
        own = True
    context = {
        **about(idea.engagement),
        "idea": idea,
        "contribution": idea.contribution,
        "versions": versions(idea, own=own),
        "own": own,
    }
    return render(request, "ideas/versions.html", context)


def _own(public_id: str, request: HttpRequest) -> Idea:
    try:
        return access_written_idea(public_id, current_person(request))
    except SignInNeeded:
        # Who is nobody learns nothing of an idea that is not public.
        raise Absent from None
