"""Voting: choose, read once more, sign in last, hand in; change or withdraw until the close."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import current_account, current_person
from accounts.models import Person
from core import clock, limits
from core.exceptions import Absent
from core.form_pages import form_page
from ideas.access import access_vote
from ideas.actions.votes import KIND
from ideas.ballots import judge, options
from ideas.forms.ideas import ConfirmForm
from ideas.forms.votes import VoteForm
from ideas.models import ContestVote
from ideas.voting.kinds import Stars
from participation import held
from participation.actions.choices import withdraw_choices
from participation.actions.pending import complete_act, held_act, hold_act
from participation.models import Engagement, Receipt, Vote, VoteChoice
from participation.policies import can_vote, phases_for
from participation.views.shared import about, cannot, language, sign_in

METHODS = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(METHODS)
def my_vote(request: HttpRequest, public_id: str) -> HttpResponse:
    """All ideas of one's vote in one form; ``?add=`` brings one more. Nothing is counted here.

    Where ideas cost, the page says what those it shows as chosen cost together; a button works it
    out anew, which keeps nothing.
    """
    vote = access_vote(public_id)
    engagement = vote.ballot.engagement
    person = current_person(request)
    verdict = can_vote(engagement=engagement, person=person, now=clock.now())
    if request.method != "POST" and not verdict.allowed and not verdict.would_help:
        phases = phases_for("vote", engagement)
        return cannot(request, engagement, verdict, phases=phases, **_cast(engagement, person))
    chosen = _chosen(request, vote, person)
    added = request.GET.get("add", "")[:16]
    wanted = {*chosen, *_posted(request), *([added] if added else [])}
    listed = options(vote, wanted)
    on_ballot = {one.public_id for one in listed}
    if added and added not in on_ballot:
        raise Absent
    if added and added not in chosen and len(vote.way.values) == 1:
        chosen = {**chosen, added: vote.way.values[0]}
    picked = _posted(request) if request.method == "POST" else chosen

    def act(form: VoteForm) -> HttpResponse:
        choices = form.choices()
        more = "more" in request.POST
        if choices or not more:
            # What the rules refuse is said now, not after the way through sign-in.
            judge(vote.ballot, choices)
        kept = hold_act(
            engagement=engagement,
            kind=KIND,
            payload={"choices": choices},
            language=language(),
            source=limits.address(request),
            token=held.recall(request, engagement, KIND),
        )
        held.remember(request, kept)
        name = "ideas:list" if more else "ideas:vote_check"
        return HttpResponseRedirect(reverse(name, args=[engagement.public_id]))

    return form_page(
        request,
        "ideas/voting/my_vote.html",
        VoteForm,
        act=act,
        form_id="vote",
        part="idea" if "sum" in request.POST else "",
        kind=vote.way,
        options=listed,
        chosen=chosen,
        context={
            **_about(vote),
            "listed": listed,
            "sum": vote.way.sum_up((one for one in listed if one.public_id in picked), vote.rules),
            "gone": len(set(chosen) - on_ballot),
            "signed_in": person is not None,
            **_cast(engagement, person),
        },
    )


def _about(vote: ContestVote) -> dict[str, Any]:
    return {
        **about(vote.ballot.engagement),
        "vote": vote,
        "explained": vote.way.explain(vote.rules),
    }


def _posted(request: HttpRequest) -> list[str]:
    """Ideas a form names, so that it shows them again."""
    ids = request.POST.getlist("idea")
    ids += [
        name.removeprefix(Stars.PREFIX) for name in request.POST if name.startswith(Stars.PREFIX)
    ]
    return [one[:16] for one in ids]


def _kept(request: HttpRequest, engagement: Engagement) -> dict[str, int] | None:
    """What this visit has chosen and not handed in yet."""
    try:
        act = held_act(held.recall(request, engagement, KIND), kind=KIND)
    except Absent:
        return None
    found: dict[str, int] | None = act.payload.get("choices")
    return found


def _chosen(request: HttpRequest, vote: ContestVote, person: Person | None) -> dict[str, int]:
    """What this visit has chosen, else what this person's vote holds."""
    kept = _kept(request, vote.ballot.engagement)
    if kept is not None or person is None:
        return kept or {}
    rows = VoteChoice.objects.filter(vote__ballot=vote.ballot, vote__person=person)
    return dict(rows.values_list("entry__public_id", "value"))


def _cast(engagement: Engagement, person: Person | None) -> dict[str, Any]:
    """The way to the vote that this person has cast, if there is one."""
    if person is None:
        return {"receipt_path": ""}
    receipt = Receipt.objects.filter(
        engagement=engagement, person=person, contribution=None
    ).first()
    path = reverse("participation:receipt", args=[receipt.code]) if receipt else ""
    return {"receipt_path": path}


@never_cache
@require_http_methods(METHODS)
def check(request: HttpRequest, public_id: str) -> HttpResponse:
    """The vote once more; sign-in, then the button that hands it in."""
    vote = access_vote(public_id)
    engagement = vote.ballot.engagement
    account, person = current_account(request), current_person(request)
    token = held.recall(request, engagement, KIND)
    kept = held_act(token, kind=KIND)
    if "choices" not in kept.payload:
        return _handed_in(engagement, person)
    verdict = can_vote(engagement=engagement, person=person, now=clock.now())
    if request.method == "POST" and verdict.would_help:
        return sign_in(request, request.path)

    def act(form: ConfirmForm) -> HttpResponse:
        receipt = complete_act(token=token, person=person, account=account)
        return HttpResponseRedirect(reverse("participation:receipt", args=[receipt.code]))

    choices = kept.payload["choices"]
    listed = options(vote, choices)
    return form_page(
        request,
        "ideas/voting/check.html",
        ConfirmForm,
        act=act,
        form_id="check",
        context={
            **_about(vote),
            "verdict": verdict,
            "signed_in": person is not None,
            "chosen": [{"option": one, "value": choices[one.public_id]} for one in listed],
            "sum": vote.way.sum_up(listed, vote.rules),
            "gone": len(choices) - len(listed),
            **_cast(engagement, person),
        },
    )


def _handed_in(engagement: Engagement, person: Person | None) -> HttpResponse:
    path = _cast(engagement, person)["receipt_path"]
    return HttpResponseRedirect(path or reverse("ideas:my_vote", args=[engagement.public_id]))


@never_cache
@require_http_methods(METHODS)
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take the own vote back, after one question."""
    vote = access_vote(public_id)
    engagement = vote.ballot.engagement
    person = current_person(request)
    if person is None:
        return sign_in(request, request.path)
    verdict = can_vote(engagement=engagement, person=person, now=clock.now())
    if request.method != "POST" and not verdict.allowed:
        phases = phases_for("vote", engagement)
        return cannot(request, engagement, verdict, phases=phases, **_cast(engagement, person))
    if not Vote.objects.filter(ballot=vote.ballot, person=person).exists():
        raise Absent

    def act(form: ConfirmForm) -> HttpResponse:
        receipt = withdraw_choices(ballot=vote.ballot, person=person)
        return HttpResponseRedirect(reverse("participation:receipt", args=[receipt.code]))

    return form_page(
        request,
        "ideas/voting/withdraw.html",
        ConfirmForm,
        act=act,
        form_id="withdraw",
        context={**_about(vote), **_cast(engagement, person)},
    )
