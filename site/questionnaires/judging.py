"""Whether a set of answers may be kept, and its one written form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.exceptions import Invalid
from questionnaires import flow, kinds
from questionnaires.definition import Definition, QuestionDef
from questionnaires.kinds.base import refuse

UNKNOWN = "unknown_question"
REQUIRED = _("This question needs an answer.")


@dataclass(frozen=True)
class Judged:
    """The answers that count, and everything that speaks against submitting them."""

    answers: dict[str, Any] = field(default_factory=dict)
    problems: list[Invalid] = field(default_factory=list)


def judge(
    definition: Definition,
    answers: Mapping[str, Any],
    route: str = flow.WHOLE,
    *,
    before: Mapping[str, Any] | None = None,
) -> Judged:
    """Clean every answer, leave out what is not shown, and say what is wrong or missing.

    ``before`` are the answers of the response that is being changed: an option closed since may
    stay. An answer to a question that does not exist is a problem; one to a question that is not
    shown is left out, as it counts as absent.
    """
    before = before or {}
    problems: list[Invalid] = []
    cleaned: dict[str, Any] = {}
    known = {question.key: question for question in definition.questions()}
    for key, raw in answers.items():
        question = known.get(key)
        if question is None:
            problems.append(_unknown(key))
            continue
        try:
            value = kinds.of(question.kind).clean(raw, question, before.get(key))
        except Invalid as error:
            problems.append(error)
            continue
        if value is not None:
            cleaned[key] = value
    shown = flow.shown(definition, cleaned, route)
    met = {question.key for question in shown}
    # What is wrong in an answer that nobody asks for any more keeps nobody from submitting.
    problems = [each for each in problems if each.code == UNKNOWN or each.data["question"] in met]
    wrong = {each.data["question"] for each in problems}
    problems += [
        missing(question)
        for question in flow.missing(definition, cleaned, route)
        if question.key not in wrong
    ]
    return Judged({key: value for key, value in cleaned.items() if key in met}, problems)


def missing(question: QuestionDef) -> Invalid:
    """The error of a question that needs an answer and has none."""
    return refuse(question, REQUIRED, "required")


def _unknown(key: object) -> Invalid:
    named = str(key)[:40]
    return Invalid(
        _("There is no such question here."), name=named, code=UNKNOWN, data={"question": named}
    )


def refuse_problems(judged: Judged) -> None:
    """Raise the first problem, with all of them in ``data["problems"]``."""
    if not judged.problems:
        return
    first = judged.problems[0]
    first.data["problems"] = [
        {"question": each.data["question"], "code": each.code, "sentence": str(each)}
        for each in judged.problems
    ]
    raise first


def refuse_empty(judged: Judged) -> None:
    """Raise Invalid where nothing is answered."""
    if not judged.answers:
        raise Invalid(_("Answer at least one question."), code="empty")


def refuse_not_shown(
    definition: Definition, answers: Mapping[str, Any], judged: Judged, route: str
) -> None:
    """For programs, which should know: raise Invalid for an answer nobody asked this person for."""
    shown = {one.key for one in flow.shown(definition, judged.answers, route)}
    for question in definition.questions():
        given = answers.get(question.key)
        if given is None or question.key in judged.answers or not kinds.of(question.kind).asks:
            continue
        if question.key not in shown:
            raise refuse(
                question, _("This question was not asked, after the answers before."), "not_shown"
            )


def canonical(answers: Mapping[str, Any], route: str) -> str:
    """The text of the register's entry: the same answers always give the same bytes."""
    return json.dumps(
        {"answers": answers, "route": route},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
