"""How a vote stands or ended, the file for whoever recounts it, and the program that does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import current_person
from core import clock
from core.exceptions import Absent
from ideas import totals
from ideas.access import access_vote
from ideas.actions.tally import content
from ideas.ballots import has_begun, has_ended
from ideas.models import ContestVote, Idea, VoteResult
from ideas.ranking import ranking
from ideas.voting import Standing
from participation import live
from participation.models import Choice, Vote
from participation.views.shared import about

PAGE_SIZE = 50
_VERIFIER = Path(__file__).parents[1] / "voting" / "verify_tally.py"


@never_cache
@require_safe
def totals_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """The ideas in order with their totals, or the sentence why there are none yet.

    Turnout is told always; totals only as ``totals.shown`` says, for this very reader.
    """
    vote = access_vote(public_id)
    engagement = vote.ballot.engagement
    now = clock.now()
    if not has_begun(engagement, now):
        raise Absent
    person = current_person(request)
    voted = (
        person is not None
        and Vote.objects.filter(ballot=vote.ballot, person=person, choice=Choice.AGREE).exists()
    )
    told = totals.shown(vote, now, voted=voted)
    ended = has_ended(engagement, now)
    context = {
        **about(engagement),
        "vote": vote,
        "explained": vote.way.explain(vote.rules),
        "told": told,
        "ended": ended,
        "result": getattr(vote, "result", None) if told and ended else None,
        "after_vote": not told and not ended and totals.counted_live(vote, now),
        "counting": ended and not hasattr(vote, "result"),
        "voters": live.kept_counts(engagement)["voters"],
        "program": _VERIFIER.name,
    }
    if told:
        asked = request.GET.get("page", "")
        pages = Paginator(ranking(vote), PAGE_SIZE)
        page = pages.get_page(asked if asked.isascii() else 1)
        context |= {"page": page, "rows": _rows(vote, list(page.object_list))}
    return render(request, "ideas/voting/totals.html", context)


def _rows(vote: ContestVote, standings: list[Standing]) -> list[dict[str, Any]]:
    ids = [one.public_id for one in standings]
    ideas = {
        idea.contribution.public_id: idea
        for idea in Idea.objects.filter(
            engagement=vote.pk, contribution__public_id__in=ids
        ).select_related("contribution", "cost")
    }
    return [
        {
            "standing": one,
            "idea": ideas.get(one.public_id),
            "cost": getattr(ideas.get(one.public_id), "cost", None),
            "given": [(value, one.counts.get(value, 0)) for value in reversed(vote.way.values)],
        }
        for one in standings
    ]


def _result(public_id: str) -> VoteResult:
    vote = access_vote(public_id)
    now = clock.now()
    if not has_ended(vote.ballot.engagement, now) or not totals.shown(vote, now):
        raise Absent
    return vote.result


@require_safe
def tally_file(request: HttpRequest, public_id: str) -> StreamingHttpResponse:
    """The file of the result, as it was written at the close. Absent while that is sealed."""
    result = _result(public_id)
    response = StreamingHttpResponse(content(result), content_type="text/plain; charset=utf-8")
    response.headers["Content-Length"] = str(result.size)
    response.headers["Content-Disposition"] = f'attachment; filename="tally-{public_id}.txt"'
    return response


@require_safe
def verifier(request: HttpRequest) -> HttpResponse:
    """The program that recounts the file, as it stands in the source."""
    response = HttpResponse(_VERIFIER.read_bytes(), content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="verify_tally.py"'
    return response
