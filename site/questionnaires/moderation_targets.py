"""What moderators read here: written answers one by one, and the names responses are shown under.

Moderation knows only the kind and an opaque id; this says how a target is shown and what a
decision does to the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from core import clock
from core.texts import pick
from moderation import registry
from moderation.registry import Passage, Target, TargetView
from participation.entry_targets import entry_view, lock_entry
from participation.models import PublishChoice
from participation.name_targets import name_beside
from participation.policies import can_see_results
from questionnaires.actions.moderating import decide_answer, decide_signature
from questionnaires.models import Answer, Capacity, Response, TextState

_ENTRY = (
    "contribution__engagement__owner",
    "contribution__engagement__outcome",
    "contribution__person",
    "contribution__receipt",
)


def load_answer(public_id: str) -> TargetView | None:
    """A written answer as a moderator reads it, under its question."""
    return load_answers([public_id]).get(public_id)


def load_answers(public_ids: Iterable[str]) -> Mapping[str, TargetView]:
    """Several at once for the queue, in one query; none of a response that was withdrawn."""
    rows: QuerySet[Answer] = (
        Answer.objects.filter(public_id__in=list(public_ids), response__live=True)
        .exclude(state=TextState.NONE)
        .select_related("question", *(f"response__{name}" for name in _ENTRY))
    )
    return {row.public_id: _answer_view(row) for row in rows}


def _answer_view(answer: Answer) -> TargetView:
    question = pick(answer.question.title, get_language())
    view = _view(answer.response)
    return replace(
        view,
        public_id=answer.public_id,
        text=answer.text,
        version=answer.version,
        passages=(
            Passage(label=_("The question"), text=question.text, language=question.language),
        ),
        public=view.public and answer.state == TextState.PUBLISHED and _is_open(answer.response),
        public_path=f"/e/{view.engagement_id}/said/{answer.public_id}/",
    )


def _view(response: Response) -> TargetView:
    """The response's entry, under the name it is shown with."""
    view = entry_view(response.contribution)
    return replace(view, author_name=response.organisation or view.author_name)


def _is_open(response: Response) -> bool:
    """Whether answers may be read yet: sealed, they are nobody's to report either."""
    engagement = response.contribution.engagement
    return can_see_results(engagement=engagement, now=clock.now()).allowed


def name_of_answer(public_id: str) -> tuple[str, str] | None:
    """The target of the name everybody reads beside an answer; None for none.

    An alias or an organisation's name is read once it was cleared, and is the response's own.
    """
    response = (
        Response.objects.filter(answers__public_id=public_id, live=True)
        .select_related("contribution")
        .first()
    )
    if response is None:
        return None
    entry = response.contribution
    if response.capacity == Capacity.ORGANISATION or entry.publish_choice == PublishChoice.ALIAS:
        cleared = response.signature_state == TextState.PUBLISHED
        return ("response", entry.public_id) if cleared else None
    return name_beside(entry.public_id)


def load_signature(public_id: str) -> TargetView | None:
    """The alias or the organisation's name of a response, by its entry's public id."""
    return load_signatures([public_id]).get(public_id)


def load_signatures(public_ids: Iterable[str]) -> Mapping[str, TargetView]:
    """Several at once for the queue, in one query."""
    rows: QuerySet[Response] = (
        Response.objects.filter(contribution__public_id__in=list(public_ids), live=True)
        .exclude(signature_state=TextState.NONE)
        .select_related(*_ENTRY)
    )
    return {row.contribution.public_id: _signature_view(row) for row in rows}


def _signature_view(response: Response) -> TargetView:
    view = _view(response)
    return replace(
        view,
        text=view.author_name,
        version=response.contribution.version,
        public=view.public
        and response.signature_state == TextState.PUBLISHED
        and _is_open(response),
        public_path=f"/e/{view.engagement_id}/said/",
    )


def lock_entry_of_answer(public_id: str) -> None:
    """Hold the entry the answer belongs to, as changing or withdrawing it does."""
    entry = Answer.objects.filter(public_id=public_id).values_list(
        "response__contribution__public_id", flat=True
    )
    for found in entry:
        lock_entry(found)


def publish_answer(public_id: str, by: Account, version: int) -> None:
    """Let everybody read the answer."""
    decide_answer(public_id=public_id, by=by, version=version, publish=True)


def withhold_answer(public_id: str, by: Account, version: int, rule: str, sentence: str) -> None:
    """Seal the answer; the response's choices go on counting."""
    decide_answer(public_id=public_id, by=by, version=version, publish=False)


def publish_signature(public_id: str, by: Account, version: int) -> None:
    """Let the name stand beside the response."""
    decide_signature(public_id=public_id, by=by, version=version, publish=True)


def withhold_signature(public_id: str, by: Account, version: int, rule: str, sentence: str) -> None:
    """Hide the name; the response stays."""
    decide_signature(public_id=public_id, by=by, version=version, publish=False)


def register() -> None:
    """Called from ``ready()``."""
    registry.register(
        Target(
            kind="answer",
            title=_("Answer"),
            load=load_answer,
            load_many=load_answers,
            publish=publish_answer,
            withhold=withhold_answer,
            lock=lock_entry_of_answer,
            name_of=name_of_answer,
        )
    )
    registry.register(
        Target(
            kind="response",
            title=_("Name on a response"),
            load=load_signature,
            load_many=load_signatures,
            publish=publish_signature,
            withhold=withhold_signature,
            lock=lock_entry,
        )
    )
