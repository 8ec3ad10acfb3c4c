"""Rooms in which answering is more than answering: what they ask before, and do afterwards.

A room registers a gate for its kind of engagement in ``AppConfig.ready()``. Where there is none,
anybody whom the policy lets answers, and that is all. What a gate raises undoes what it belongs to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise

from accounts.models import Person
from accounts.persons import lock_person
from participation.models import Contribution, Engagement
from questionnaires.definition import Definition
from questionnaires.models import Draft, Questionnaire, Response

Asked = Callable[[Engagement, Definition, Person | None, Mapping[str, Any]], Definition]


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What the page where answering begins says besides.

    ``path`` leads to a page of the room's own that is begun instead. ``sentence`` says why nobody
    can begin now. ``part`` is a template's name with its ``context``; ``signs_in`` is for what is
    somebody's from the beginning.
    """

    path: str = ""
    sentence: str | Promise = ""
    part: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)
    signs_in: bool = False


@dataclass(frozen=True, kw_only=True)
class Gate:
    """``begin`` is called in the transaction that begins a draft, ``receive`` in the one that
    enters a new response (with the draft it came from, if any): with each they may refuse.

    ``opening`` and ``receipt`` (whether the reader is the response's author) only say something.
    ``asked`` narrows what is asked to what this person is asked, or was, by what they answered.
    """

    opening: Callable[[Engagement, Person | None], Opening]
    begin: Callable[[Draft], None]
    receive: Callable[[Response, Draft | None], None]
    receipt: Callable[[HttpRequest, Contribution, bool], dict[str, Any]]
    asked: Asked | None = None
    #: Whether handing in writes more of the person's than the response: then the person is held
    #: before anything is (``persons.lock_person``), as merging two persons holds them.
    holds_person: bool = False


_gates: dict[str, Gate] = {}
_NOTHING = Opening()


def register(kind: str, gate: Gate) -> None:
    """Set the gate of a kind of engagement; the last one named counts."""
    _gates[kind] = gate


def opening_of(engagement: Engagement, person: Person | None) -> Opening:
    """What is said where answering begins; nothing in most rooms."""
    gate = _gates.get(engagement.kind)
    return gate.opening(engagement, person) if gate else _NOTHING


def asked_of(
    engagement: Engagement,
    definition: Definition,
    person: Person | None,
    answers: Mapping[str, Any] | None = None,
) -> Definition:
    """Of all that is asked, what this person is; ``answers`` are of a response that was sent."""
    gate = _gates.get(engagement.kind)
    if gate is None or gate.asked is None:
        return definition
    return gate.asked(engagement, definition, person, answers or {})


def begin(draft: Draft) -> None:
    """A draft was begun, in this transaction."""
    if gate := _gates.get(draft.questionnaire.engagement.kind):
        gate.begin(draft)


def hold(questionnaire: Questionnaire | None, person: Person | None) -> Person | None:
    """The very first in the transaction that enters a response: whose it will be, held where the
    gate says so. Who was merged a moment ago is the other one by now."""
    if questionnaire is None or person is None:
        return person
    gate = _gates.get(questionnaire.engagement.kind)
    if gate is None or not gate.holds_person:
        return person
    return lock_person(person)


def receive(response: Response, draft: Draft | None) -> None:
    """A new response was entered, in this transaction."""
    if gate := _gates.get(response.questionnaire.engagement.kind):
        gate.receive(response, draft)


def receipt_part(request: HttpRequest, contribution: Contribution, own: bool) -> dict[str, Any]:
    """What the receipt of a response shows besides: ``room_part`` is a template's name."""
    gate = _gates.get(contribution.engagement.kind)
    return gate.receipt(request, contribution, own) if gate else {}
