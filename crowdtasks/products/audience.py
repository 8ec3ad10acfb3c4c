"""Who may try an invited round: asked of the room that invites, which registers itself here.

Rounds know that there are two kinds, and nothing of volunteers or invitations. Where no room
invites, an invited round can be tried by nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Person
from core.exceptions import DomainError, Refused
from crowdtasks.products.models import Round, WhoTries


@dataclass(frozen=True, kw_only=True)
class Audience:
    """``refusal`` says why a person may not try it (None: they may). ``begin`` and ``finish`` are
    called in the transactions that begin a try and hand one in, and raise what refuses it.

    ``invited``: whether a person takes part by an invitation, opened to everybody meanwhile or not.
    ``stands``: whether who may try it can no longer change. ``public`` is the context of what the
    round's page says besides (``audience_part`` names a template; ``open_to_all``), ``opened`` the
    same as a condition on engagements: the invited rounds that everybody may try.
    """

    refusal: Callable[[Round, Person | None], DomainError | None]
    begin: Callable[[Round, Person | None], None]
    finish: Callable[[Round, Person | None], None]
    invited: Callable[[Round, Person | None], bool]
    stands: Callable[[Round], bool]
    public: Callable[[Round], dict[str, Any]]
    opened: Q


_inviting: list[Audience] = []


def register(audience: Audience) -> None:
    """Name the room that invites; called from ``AppConfig.ready()``, the last one named counts."""
    _inviting[:] = [audience]


def refusal_of(round: Round, person: Person | None) -> DomainError | None:
    """Why this person may not try the round now; None where they may."""
    if round.who == WhoTries.ANYONE:
        return None
    if not _inviting:
        return Refused(_("This round is for volunteers who were invited to it."))
    return _inviting[0].refusal(round, person)


def begin(round: Round, person: Person | None) -> None:
    """A try begins, in this transaction. Raises what refuses it."""
    _follow(round, person, "begin")


def finish(round: Round, person: Person | None) -> None:
    """A try is handed in, in this transaction. Raises what refuses it."""
    _follow(round, person, "finish")


def _follow(round: Round, person: Person | None, what: str) -> None:
    if round.who == WhoTries.ANYONE:
        return
    refusal = refusal_of(round, person)
    if refusal is not None:
        raise refusal
    getattr(_inviting[0], what)(round, person)


def invited(round: Round, person: Person | None) -> bool:
    """Whether this person takes part because they were invited, and not because they came by."""
    if round.who == WhoTries.ANYONE or person is None or not _inviting:
        return False
    return _inviting[0].invited(round, person)


def stands(round: Round) -> bool:
    """Whether who may try it can no longer change: somebody was invited."""
    return bool(_inviting) and _inviting[0].stands(round)


def public(round: Round) -> dict[str, Any]:
    """What the round's page says of who may try it."""
    if round.who == WhoTries.ANYONE or not _inviting:
        return {"open_to_all": round.who == WhoTries.ANYONE}
    return _inviting[0].public(round)


def open_rounds() -> Q:
    """The rounds that everybody may try, as a condition on engagements."""
    found = Q(round__who=WhoTries.ANYONE)
    return found | _inviting[0].opened if _inviting else found
