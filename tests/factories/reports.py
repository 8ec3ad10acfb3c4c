"""An engagement with something of everything, and its questions answered, for tests of reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from itertools import count
from typing import Any

from core import clock, jobs
from core.fold import fold
from feedback.actions.snapshots import ask_report
from feedback.models import Making, Snapshot
from participation.models import Contribution, Engagement
from questionnaires.models import (
    Answer,
    AnswerChoice,
    Option,
    Question,
    Questionnaire,
    Response,
    Section,
)

_numbers = count(1)


def make_questionnaire(engagement: Engagement) -> Questionnaire:
    """One section of questions of every kind, each with an anchor named after its kind."""
    now = clock.now()
    questionnaire = Questionnaire.objects.create(engagement=engagement, published_at=now)
    section = Section.objects.create(
        questionnaire=questionnaire, block_id="s1", order=1, title={"en": "All"}
    )
    kinds: list[tuple[str, dict[str, Any]]] = [
        ("one", {}),
        ("several", {}),
        ("scale", {"least": 1, "most": 5, "labels": {"1": {"en": "Bad", "zh-hant": "差"}}}),
        ("number", {}),
        ("date", {}),
        ("long", {}),
        ("consent", {}),
        ("information", {}),
    ]
    for place, (kind, settings) in enumerate(kinds, start=1):
        question = Question.objects.create(
            questionnaire=questionnaire,
            section=section,
            block_id=kind,
            anchor=f"q-{kind}",
            order=place,
            number=place if kind != "information" else 0,
            kind=kind,
            title={"en": f"Question of kind {kind}?", "zh-hant": f"問題：{kind}？"},
            settings=settings,
        )
        if kind in {"one", "several"}:
            for at, label in enumerate(("Yes", "No", "Other"), start=1):
                Option.objects.create(
                    question=question,
                    block_id=f"{kind}-{label.lower()}",
                    order=at,
                    label={"en": label, "zh-hant": f"選項{at}"},
                    other=label == "Other",
                )
    return questionnaire


def make_response(
    questionnaire: Questionnaire,
    answers: Mapping[str, Any],
    *,
    state: str = "confidential",
    organisation: str = "",
    language: str = "en",
    text_state: str = "none",
    channel: str = "web",
    **fields: Any,
) -> Response:
    """A response with answers by block id: option keys, numbers, dates, texts as they are."""
    now = clock.now()
    contribution = Contribution.objects.create(
        engagement=questionnaire.engagement,
        kind="response",
        language=language,
        channel=channel,
        received_at=now,
        state=state,
        text="",
        publish_choice="confidential" if state == "confidential" else "name",
    )
    response = Response.objects.create(
        contribution=contribution,
        questionnaire=questionnaire,
        capacity="organisation" if organisation else "individual",
        organisation=organisation,
        live=state != "withdrawn",
        begun_at=now,
        level=1,
        **fields,
    )
    for question in questionnaire.questions.filter(block_id__in=answers):
        value = answers[question.block_id]
        answer = Answer(response=response, question=question, state=text_state)
        if question.kind in {"scale", "number"}:
            answer.number = Decimal(str(value))
        elif question.kind == "consent":
            answer.number = Decimal(1)
        elif question.kind == "date":
            answer.date = dt.date.fromisoformat(value)
        elif question.kind in {"short", "long"}:
            answer.text, answer.folded = value, fold(value)
        elif isinstance(value, dict):
            answer.text, answer.folded = value["other"], fold(value["other"])
        answer.save()
        if question.kind in {"one", "several"}:
            keys = value["options"] if isinstance(value, dict) else value
            for option in question.options.filter(
                block_id__in=[keys] if isinstance(keys, str) else keys
            ):
                AnswerChoice.objects.create(answer=answer, option=option)
    return response


def take(engagement: Engagement, by: Any, language: str = "en") -> Snapshot:
    """A frozen report with its files, asked for by an officer and made by the job."""
    making = ask_report(engagement=engagement, by=by, language=language)
    jobs.drain()
    found = Making.objects.select_related("snapshot__engagement__owner").get(pk=making.pk)
    assert found.state == "done", found
    assert found.snapshot is not None
    return found.snapshot
