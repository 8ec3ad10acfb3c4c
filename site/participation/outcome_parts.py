"""What a room publishes with the outcome of its engagements, such as who is chosen and why.

Participation knows such parts by registration only, one for each kind of engagement. They go the
outcome's way between two officers: what the part lacks keeps the outcome from being sent, who
wrote of it may not approve it, and it becomes public in the outcome's own transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from core import jobs
from participation.models import Engagement, Outcome


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing the part lacks: a sentence, what it is about, and the page where it is mended."""

    sentence: str | Promise
    path: str
    title: str = ""
    #: The language of ``title``.
    language: str = ""


@dataclass(frozen=True, kw_only=True)
class OutcomePart:
    """How the part of one kind of engagement is judged, published, told and shown.

    ``lacks(engagement)``: what keeps the outcome from being sent; a constant number of queries.
    ``writers(engagement)``: primary keys of the persons who wrote of it.
    ``written(person)``: engagements (primary keys) whose part that person wrote of.
    ``publish(engagement)``: makes it public, in the outcome's transaction; gives the rows for the
    audit, or raises a DomainError, which keeps all of it from being published.
    ``tell(outcome)``: tells whom the part concerns, and sees that the outcome is told after it.
    ``desk(engagement)``: the words and the address of its page for officers.
    ``template`` and ``context(engagement, draft)``: how it stands on the outcome's page.
    """

    kind: str
    lacks: Callable[[Engagement], list[Lack]]
    writers: Callable[[Engagement], set[int]]
    written: Callable[[int], QuerySet[Any]]
    publish: Callable[[Engagement], list[Model]]
    tell: Callable[[Outcome], None]
    desk: Callable[[Engagement], tuple[str | Promise, str] | None]
    template: str
    context: Callable[[Engagement, bool], dict[str, Any]]


_parts: dict[str, OutcomePart] = {}


def register(part: OutcomePart) -> None:
    """Called from ``AppConfig.ready()``. A second, different one of a kind is refused."""
    known = _parts.get(part.kind)
    if known is not None and known is not part:
        raise ValueError(f"Outcomes of '{part.kind}' have a part already.")
    _parts[part.kind] = part


def part_of(engagement: Engagement) -> OutcomePart | None:
    """The part of this engagement's kind, None where it has none."""
    return _parts.get(engagement.kind)


def lacks_of(engagement: Engagement) -> list[Lack]:
    """What the part lacks; nothing where there is none."""
    part = part_of(engagement)
    return part.lacks(engagement) if part else []


def writers_of(engagement: Engagement) -> set[int]:
    """Primary keys of the persons who wrote of the part."""
    part = part_of(engagement)
    return part.writers(engagement) if part else set()


def written_by(person: int) -> list[QuerySet[Any]]:
    """Engagements (primary keys) that a person wrote a part of, as one subquery a kind."""
    return [part.written(person) for part in _parts.values()]


def publish(engagement: Engagement) -> list[Model]:
    """Publish the part with the outcome; the rows it wrote."""
    part = part_of(engagement)
    return part.publish(engagement) if part else []


def tell(outcome: Outcome) -> None:
    """Tell everybody of a published outcome: whom the part concerns first, in its own words.

    A notice is unique by event and recipient, so who was told of the part is not told again.
    """
    part = part_of(outcome.engagement)
    if part is None:
        tell_everybody(outcome)
    else:
        part.tell(outcome)


def tell_everybody(outcome: Outcome) -> None:
    """Tell those who took part or follow."""
    jobs.enqueue("participation.tell_readers", "outcome", outcome.pk)


def event_key(engagement: Engagement) -> str:
    """Under which an outcome is told; a part tells its own under the same."""
    return f"outcome:{engagement.public_id}"


def shown(engagement: Engagement, *, draft: bool = False) -> dict[str, Any] | None:
    """``{"template", **context}`` for pages of the outcome; None where there is nothing."""
    part = part_of(engagement)
    return {"template": part.template, **part.context(engagement, draft)} if part else None
