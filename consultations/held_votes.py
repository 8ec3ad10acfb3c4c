"""Choices of a visit that is not signed in: kept in its session, counted after one sign-in.

The session maps an engagement's public id to the ballots' public ids and the choices. Nothing of it
is counted anywhere until ``count_held`` has cast it.
"""

import secrets
from dataclasses import dataclass

from django.http import HttpRequest

from accounts.models import Person
from consultations.models import Statement
from core import limits
from core.exceptions import DomainError
from participation.access import access_engagement
from participation.actions.votes import cast_votes
from participation.models import Engagement

_KEY = "held_votes"
_TOLD = "held_votes_told"
_SEED = "card_seed"
#: Engagements one visit may hold choices on; the oldest is forgotten first.
_MOST_ENGAGEMENTS = 10
_MOST_CHOICES = 500


@dataclass(frozen=True)
class Told:
    """What the reader is to be told once: how many were counted, which not and why.

    ``refused`` counts those left out; ``words`` are theirs where they may still be read.
    """

    counted: int
    refused: int
    words: list[dict[str, str]]
    sentence: str = ""


def _all(request: HttpRequest) -> dict[str, dict[str, int]]:
    kept = request.session.get(_KEY)
    return dict(kept) if isinstance(kept, dict) else {}


def held(request: HttpRequest, engagement: Engagement) -> dict[str, int]:
    """The choices held here, by the ballots' public ids."""
    return dict(_all(request).get(engagement.public_id, {}))


def hold(request: HttpRequest, engagement: Engagement, ballot: str, choice: int) -> bool:
    """Hold or change a choice; False when this visit already holds too many. Raises TooMany."""
    limits.spend("hold_vote", limits.address(request))
    kept = _all(request)
    here = dict(kept.pop(engagement.public_id, {}))
    if ballot not in here and len(here) >= _MOST_CHOICES:
        return False
    here[ballot] = choice
    kept[engagement.public_id] = here
    while len(kept) > _MOST_ENGAGEMENTS:
        del kept[next(iter(kept))]
    request.session[_KEY] = kept
    return True


def drop(request: HttpRequest, engagement: Engagement, ballot: str) -> None:
    """Forget the choice held for one ballot."""
    kept = _all(request)
    here = dict(kept.get(engagement.public_id, {}))
    if here.pop(ballot, None) is None:
        return
    kept[engagement.public_id] = here
    if not here:
        del kept[engagement.public_id]
    request.session[_KEY] = kept


def seed_of(request: HttpRequest, person: Person | None) -> str:
    """What fixes the order of cards for this reader: the person, else the visit."""
    if person is not None:
        return person.public_id
    seed = request.session.get(_SEED)
    if not isinstance(seed, str):
        seed = secrets.token_hex(8)
        request.session[_SEED] = seed
    return seed


def count_held(request: HttpRequest, person: Person) -> None:
    """Cast what this visit held, engagement by engagement, each in one go.

    Called by signing in and by the button that tries again. An engagement whose choices are
    refused as a whole (closed, a higher level asked for, too many at once) keeps the sentence for
    the reader; where asking again may help the choices stay held.
    """
    told = dict(request.session.get(_TOLD) or {})
    for public_id, choices in _all(request).items():
        try:
            engagement = access_engagement(public_id)
            cast = cast_votes(engagement=engagement, person=person, choices=choices)
        except DomainError as error:
            told[public_id] = {"counted": 0, "refused": list(choices), "sentence": str(error)}
            if error.status in {401, 403, 429}:
                continue
        else:
            told[public_id] = {"counted": len(cast.counted), "refused": cast.refused}
        kept = _all(request)
        kept.pop(public_id, None)
        request.session[_KEY] = kept
    request.session[_TOLD] = told


def take_told(request: HttpRequest, engagement: Engagement) -> Told | None:
    """What ``count_held`` left to say here; said once."""
    kept = dict(request.session.get(_TOLD) or {})
    here = kept.pop(engagement.public_id, None)
    if here is None:
        return None
    request.session[_TOLD] = kept
    left_out = Statement.objects.filter(
        engagement=engagement, ballot__public_id__in=here["refused"], state="published"
    )
    texts = [each.text for each in left_out] if here["refused"] else []
    return Told(here["counted"], len(here["refused"]), texts, here.get("sentence", ""))
