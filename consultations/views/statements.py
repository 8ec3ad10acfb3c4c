"""Statement cards: one at a time, three buttons in a form, POST and redirect to the next."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import current_person
from accounts.models import Person
from consultations import held_votes
from consultations.access import access_statement
from consultations.models import Statement
from consultations.statements import in_card_order, is_sealed, recent_counts
from core import clock
from core.exceptions import Absent, TooMany
from core.texts import pick
from participation.access import access_engagement
from participation.actions.votes import cast_vote, choice_from_form
from participation.models import Choice, Engagement, Vote
from participation.policies import Verdict, can_propose_statement, can_vote, require
from participation.stages import stage

CHOICE_NAMES = {1: "agree", -1: "disagree", 0: "pass"}


@dataclass(frozen=True)
class OwnChoice:
    """A choice of this reader: counted, or held for the visit."""

    statement: Statement
    choice: str
    counted: bool


@dataclass(frozen=True)
class Deck:
    """This reader's cards: what comes next, and what was answered (by ballot's primary key)."""

    order: list[Statement]
    answered: dict[int, OwnChoice]

    @property
    def left(self) -> list[Statement]:
        return [each for each in self.order if each.ballot_id not in self.answered]

    @property
    def held(self) -> list[OwnChoice]:
        return [each for each in self.answered.values() if not each.counted]


def _page(engagement: Engagement, name: str, **query: str) -> str:
    path = reverse(f"consultations:{name}", args=[engagement.public_id])
    return f"{path}?{urlencode(query)}" if query else path


def about(engagement: Engagement) -> dict[str, Any]:
    """What every statement page says of its engagement."""
    paths = engagement.paths or {}
    return {
        "engagement": engagement,
        "engagement_title": pick(engagement.title),
        "engagement_path": pick(paths).text if paths else "",
        "state": stage(engagement, clock.now()).value,
        "attribution": pick(engagement.attribution),
        "sealed": is_sealed(engagement, clock.now()),
    }


def deck(request: HttpRequest, engagement: Engagement, person: Person | None) -> Deck:
    """The published statements in this reader's order, with the choices made so far."""
    statements = list(
        engagement.statements.filter(state="published", retired_at=None).select_related("ballot")
    )
    counts = recent_counts(engagement)
    order = in_card_order(
        statements,
        counts,
        seed=held_votes.seed_of(request, person),
        sealed=is_sealed(engagement, clock.now()),
    )
    waiting = held_votes.held(request, engagement)
    cast: dict[int, int] = {}
    if person is not None:
        mine = Vote.objects.filter(person=person, ballot__engagement=engagement)
        cast = dict(mine.values_list("ballot_id", "choice"))
    answered = {}
    for statement in statements:
        held = waiting.get(statement.ballot.public_id)
        # What was chosen in this visit is newer than what was counted before.
        choice = cast.get(statement.ballot_id) if held is None else held
        if choice in CHOICE_NAMES:
            answered[statement.ballot_id] = OwnChoice(statement, CHOICE_NAMES[choice], held is None)
    return Deck(order, answered)


def _first(cards: Deck, wanted: str) -> Statement | None:
    """The card to show: the one asked for, answered or not, else the next one left."""
    for statement in cards.order:
        if wanted and statement.public_id == wanted:
            return statement
    return next(iter(cards.left), None)


def _context(request: HttpRequest, engagement: Engagement) -> dict[str, Any]:
    person = current_person(request)
    now = clock.now()
    verdict = can_vote(engagement=engagement, person=person, now=now)
    cards = deck(request, engagement, person)
    wanted = request.GET.get("statement", "")
    shown = _first(cards, wanted) if verdict.allowed or verdict.would_help else None
    before = request.GET.get("done", "")
    done = next(
        (each for each in cards.answered.values() if each.statement.public_id == before), None
    )
    in_mind = request.GET.get("choice", "")
    own = cards.answered.get(shown.ballot_id) if shown is not None else None
    here = _page(engagement, "statements")
    return {
        **about(engagement),
        "verdict": verdict,
        "signed_in": person is not None,
        "statement": shown,
        "own": own,
        "in_mind": in_mind if in_mind in CHOICE_NAMES.values() and wanted and not own else "",
        "done": done,
        "answered": len(cards.answered),
        "left": len(cards.left),
        "total": len(cards.order),
        "held": cards.held,
        "told": held_votes.take_told(request, engagement),
        "sign_in_path": f"/{get_language()}/account/sign-in/?{urlencode({'next': here})}",
        "may_propose": _may_propose(engagement, person),
    }


def _may_propose(engagement: Engagement, person: Person | None) -> bool:
    verdict = can_propose_statement(engagement=engagement, person=person, now=clock.now())
    return verdict.allowed or verdict.would_help


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cards(request: HttpRequest, public_id: str) -> HttpResponse:
    """The card page. A choice is counted at once for a person, held for a visitor."""
    engagement = access_engagement(public_id)
    if request.method == "POST":
        return _answer(request, engagement)
    return render(request, "consultations/statements/cards.html", _context(request, engagement))


@never_cache
@require_safe
def card(request: HttpRequest, public_id: str) -> HttpResponse:
    """The card alone, for a page that loads it in place; its form leads to the card page."""
    engagement = access_engagement(public_id)
    return render(request, "consultations/statements/_card.html", _context(request, engagement))


def _answer(request: HttpRequest, engagement: Engagement) -> HttpResponse:
    choice = choice_from_form(request.POST.get("choice"))
    statement = access_statement(engagement, request.POST.get("statement"))
    person = current_person(request)
    verdict = can_vote(engagement=engagement, person=person, now=clock.now())
    if person is None:
        _hold(request, engagement, statement, choice, verdict)
    else:
        cast_vote(ballot=statement.ballot, person=person, choice=choice)
        # Counted now is newer than what this visit still holds for the statement.
        held_votes.drop(request, engagement, statement.ballot.public_id)
    to = request.POST.get("next", "")
    if to and url_has_allowed_host_and_scheme(to, allowed_hosts=None) and to.startswith("/"):
        return HttpResponseRedirect(to)
    return HttpResponseRedirect(_page(engagement, "statements", done=statement.public_id))


def _hold(
    request: HttpRequest,
    engagement: Engagement,
    statement: Statement,
    choice: Choice,
    verdict: Verdict,
) -> None:
    """Keep a visitor's choice; refuse now what signing in could not mend."""
    if not verdict.would_help:
        require(verdict)
    if not held_votes.hold(request, engagement, statement.ballot.public_id, choice.value):
        raise TooMany(_("Confirm your e-mail first: your choices so far are counted then."))


@never_cache
@require_safe
def own_choices(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every choice of this reader here, each with the three buttons to change it."""
    engagement = access_engagement(public_id)
    person = current_person(request)
    cards = deck(request, engagement, person)
    verdict = can_vote(engagement=engagement, person=person, now=clock.now())
    here = _page(engagement, "own_choices")
    context = {
        **about(engagement),
        "verdict": verdict,
        "open": verdict.allowed or verdict.would_help,
        "signed_in": person is not None,
        "choices": [cards.answered[each.ballot_id] for each in _by_order(cards)],
        "held": cards.held,
        "told": held_votes.take_told(request, engagement),
        "here": here,
        "sign_in_path": f"/{get_language()}/account/sign-in/?{urlencode({'next': here})}",
    }
    return render(request, "consultations/statements/mine.html", context)


def _by_order(cards: Deck) -> list[Statement]:
    answered = [each for each in cards.order if each.ballot_id in cards.answered]
    return sorted(answered, key=lambda each: (each.order, each.pk))


@never_cache
@require_POST
def count_choices(request: HttpRequest, public_id: str) -> HttpResponse:
    """Try again to count what was held, for instance after a limit or a verification."""
    engagement = access_engagement(public_id)
    person = current_person(request)
    require(can_vote(engagement=engagement, person=person, now=clock.now()))
    if person is None:
        raise Absent
    held_votes.count_held(request, person)
    return HttpResponseRedirect(_page(engagement, "statements"))
