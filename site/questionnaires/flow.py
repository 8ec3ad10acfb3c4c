"""The way through a questionnaire: what is shown to whom, what is missing, how long it takes.

Pure functions of the plain definition (``definition.Definition``) and the answers so far, a dict
from a question's key to its kind's JSON value. The public form, 'try it', the API and the actions
all ask here, so that nobody is asked, or counted, by another rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.texts import pick
from questionnaires import kinds
from questionnaires.definition import (
    KEY_LIMIT,
    OPTION_LIMIT,
    QUESTION_LIMIT,
    TASK_LIST_OVER,
    Condition,
    Definition,
    QuestionDef,
    SectionDef,
    Test,
)

Answers = Mapping[str, Any]

WHOLE = "whole"
KEY = "key"
#: Reading a title, a hint and a background: about three words, or six characters, a second.
_CHARACTERS_A_SECOND = 14

PROBLEMS: dict[str, str | Promise] = {
    "no-title": _("A question has no words yet."),
    "unknown-kind": _("A question is of a kind that does not exist."),
    "same-key": _("Two questions have the same key."),
    "same-anchor": _("Two questions have the same address."),
    "too-many-questions": _("There are too many questions. Ask fewer, or in several surveys."),
    "too-many-key-questions": _("At most four questions may be key questions."),
    "key-on-other": _("A key question depends on a question that is not among the key questions."),
    "key-only-information": _("A key question asks for something; a page to read does not."),
    "required-without-reason": _("A question that needs an answer says why."),
    "required-information": _("A page to read cannot need an answer."),
    "too-few-options": _("A choice needs at least two answers."),
    "too-many-options": _("A choice has too many answers to read through."),
    "two-others": _("Only one answer of a choice may be 'other'."),
    "same-option": _("Two answers of a choice have the same key."),
    "no-label": _("An answer of a choice has no words yet."),
    "limits-of-choices": _("How many may be chosen does not fit the answers there are."),
    "steps-of-scale": _("A scale goes up by at least one step and has at most eleven."),
    "bounds": _("The least and the most do not fit each other."),
    "text-limit": _("The length of the text is out of range."),
    "unknown-question": _("A condition is about a question that is not there."),
    "later-question": _("A condition is about a later question. Conditions look back only."),
    "own-question": _("A condition is about its own question."),
    "cycle": _("Conditions lead round in a circle."),
    "not-asked": _("A condition is about a page to read, which nobody answers."),
    "unknown-test": _("A condition does not fit the kind of question it is about."),
    "unknown-option": _("A condition is about an answer that the question does not have."),
    "no-values": _("A condition does not say which answer it is about."),
    "bad-value": _("A condition compares with something that is no number or date."),
}


@dataclass(frozen=True)
class Problem:
    """Why a definition cannot be published. ``question`` is a key, '' for the whole."""

    code: str
    question: str = ""

    @property
    def sentence(self) -> str | Promise:
        return PROBLEMS[self.code]


def holds(condition: Condition, definition: Definition, answers: Answers) -> bool:
    """Whether a condition is met. ``answers`` hold only what was asked and answered."""
    if not condition.tests:
        return True
    met = (_met(test, definition.question(test.question), answers) for test in condition.tests)
    return any(met) if condition.join == "any" else all(met)


def _met(test: Test, question: QuestionDef | None, answers: Answers) -> bool:
    value = None if question is None else answers.get(question.key)
    if test.name in {"answered", "not-answered"}:
        return (value is not None) is (test.name == "answered")
    if test.name in {"is-any", "is-none"}:
        # No answer is none of them: 'is-none' is true whenever 'is-any' is not.
        return _any(test, question, value) is (test.name == "is-any")
    if question is None or value is None or not test.values:
        return False
    kind = kinds.of(question.kind)
    here, there = kind.measure(value), kind.bound(test.values[0])
    if here is None or there is None or type(here) is not type(there):
        return False
    return here >= there if test.name == "at-least" else here <= there  # type: ignore[operator]


def _any(test: Test, question: QuestionDef | None, value: Any) -> bool:
    if question is None or value is None:
        return False
    return not set(test.values).isdisjoint(kinds.of(question.kind).buckets(value))


def on_route(question: QuestionDef, route: str) -> bool:
    """Whether a question belongs to the route at all, whatever was answered."""
    return question.is_key or route != KEY


def shown(definition: Definition, answers: Answers, route: str = WHOLE) -> list[QuestionDef]:
    """The questions this person meets, in order, pages to read among them.

    An answer of a question that is not shown counts as absent for every later condition, so that
    what was answered before somebody turned back decides nothing.
    """
    found = []
    effective: dict[str, Any] = {}
    for question in definition.questions():
        if not on_route(question, route) or not holds(question.condition, definition, effective):
            continue
        found.append(question)
        value = answers.get(question.key)
        if value is not None and kinds.of(question.kind).asks:
            effective[question.key] = value
    return found


def effective(definition: Definition, answers: Answers, route: str = WHOLE) -> dict[str, Any]:
    """The answers that count: those of questions that are shown."""
    return {
        question.key: answers[question.key]
        for question in shown(definition, answers, route)
        if answers.get(question.key) is not None and kinds.of(question.kind).asks
    }


def pages(definition: Definition, answers: Answers, route: str = WHOLE) -> list[SectionDef]:
    """The sections this person meets, each with what is shown of it; empty ones are left out."""
    keys = {question.key for question in shown(definition, answers, route)}
    found = []
    for section in definition.sections:
        questions = tuple(each for each in section.questions if each.key in keys)
        if questions:
            found.append(replace(section, questions=questions))
    return found


def may_follow(
    definition: Definition, section: SectionDef, answers: Answers, route: str = WHOLE
) -> list[QuestionDef]:
    """Questions of a section that are not shown now, but answers on the same page may open.

    The page holds them hidden, for scripts to reveal; without scripts they come as soon as the
    page is sent.
    """
    here = {question.key for question in section.questions}
    open_now = {question.key for question in shown(definition, answers, route)}
    found: list[QuestionDef] = []
    reachable: set[str] = set(open_now)
    for question in section.questions:
        if question.key in open_now or not on_route(question, route):
            continue
        if any(t.question in here and t.question in reachable for t in question.condition.tests):
            found.append(question)
            reachable.add(question.key)
    return found


def missing(definition: Definition, answers: Answers, route: str = WHOLE) -> list[QuestionDef]:
    """The questions that are shown, need an answer and have none."""
    return [
        question
        for question in shown(definition, answers, route)
        if question.required and answers.get(question.key) is None
    ]


def asked(definition: Definition, route: str = WHOLE) -> int:
    """How many questions a route has at most, pages to read not counted."""
    return sum(
        on_route(question, route) and kinds.of(question.kind).asks
        for question in definition.questions()
    )


def has_key_route(definition: Definition) -> bool:
    """Whether there are two routes: some key questions, and more than those."""
    return 0 < asked(definition, KEY) < asked(definition)


def needs_task_list(definition: Definition, route: str = WHOLE) -> bool:
    """Over ten questions a list of the parts leads through them (ux.md P3)."""
    return asked(definition, route) > TASK_LIST_OVER


def seconds(question: QuestionDef) -> float:
    """Time for one question: its kind's, and reading what stands there."""
    words = (question.title, question.hint)
    length = max(
        (sum(len(texts.get(code, "")) for texts in words) for code in ("en", "zh-hant")), default=0
    )
    return kinds.of(question.kind).seconds + length / _CHARACTERS_A_SECOND


def minutes(definition: Definition, route: str = WHOLE) -> int:
    """How long the route takes, in minutes, at least one. A conditional question counts half."""
    total = sum(
        seconds(question) / (2 if question.condition.tests else 1)
        for question in definition.questions()
        if on_route(question, route)
    )
    return max(1, round(total / 60))


def check_definition(definition: Definition) -> list[Problem]:
    """Everything that keeps a definition from being published; empty when it may be.

    A condition may look at earlier questions only, so a circle cannot be built; one that was
    imported is named as such all the same. Never raises, whatever is in the definition.
    """
    questions = list(definition.questions())
    problems = _of_the_whole(questions)
    places = {question.key: place for place, question in enumerate(questions)}
    circles = _in_a_circle(questions)
    for place, question in enumerate(questions):
        codes = [*_of_question(question), *_of_options(question)]
        for test in question.condition.tests:
            codes += _of_test(test, place, places, questions)
        if question.key in circles:
            codes.append("cycle")
        if question.is_key and _depends_on_others(question, places, questions):
            codes.append("key-on-other")
        problems += [Problem(code, question.key) for code in dict.fromkeys(codes)]
    return problems


def _of_the_whole(questions: list[QuestionDef]) -> list[Problem]:
    problems = []
    if len(questions) > QUESTION_LIMIT:
        problems.append(Problem("too-many-questions"))
    if sum(question.is_key for question in questions) > KEY_LIMIT:
        problems.append(Problem("too-many-key-questions"))
    for key in _twice(question.key for question in questions):
        problems.append(Problem("same-key", key))
    anchors = set(_twice(question.anchor for question in questions))
    problems += [Problem("same-anchor", each.key) for each in questions if each.anchor in anchors]
    return problems


def _twice(names: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    return [name for name in names if name in seen or seen.add(name)]  # type: ignore[func-returns-value]


def _of_question(question: QuestionDef) -> list[str]:
    if not kinds.known(question.kind):
        return ["unknown-kind"]
    codes = []
    if not pick(question.title).text.strip():
        codes.append("no-title")
    kind = kinds.of(question.kind)
    if question.required and not kind.asks:
        codes.append("required-information")
    elif question.required and not pick(question.reason).text.strip():
        codes.append("required-without-reason")
    if question.is_key and not kind.asks:
        codes.append("key-only-information")
    return codes + kind.problems_of(question)


def _of_options(question: QuestionDef) -> list[str]:
    if not kinds.known(question.kind) or not kinds.of(question.kind).has_options:
        return []
    codes = []
    if len(question.options) > OPTION_LIMIT:
        codes.append("too-many-options")
    if _twice(option.key for option in question.options):
        codes.append("same-option")
    if any(not pick(option.label).text.strip() for option in question.options):
        codes.append("no-label")
    return codes


def _of_test(
    test: Test, place: int, places: Mapping[str, int], questions: list[QuestionDef]
) -> list[str]:
    there = places.get(test.question)
    if there is None:
        return ["unknown-question"]
    if there >= place:
        return ["own-question" if there == place else "later-question"]
    question = questions[there]
    return _of_values(test, question) if kinds.known(question.kind) else []


def _of_values(test: Test, question: QuestionDef) -> list[str]:
    """Whether what a test compares with fits the question it is about."""
    kind = kinds.of(question.kind)
    if not kind.asks:
        return ["not-asked"]
    if test.name not in kind.tests:
        return ["unknown-test"]
    if test.name in {"answered", "not-answered"}:
        return []
    if not test.values:
        return ["no-values"]
    if kind.has_options:
        known = all(question.option(value) is not None for value in test.values)
        return [] if known else ["unknown-option"]
    return [] if all(kind.bound(value) is not None for value in test.values) else ["bad-value"]


def _in_a_circle(questions: list[QuestionDef]) -> set[str]:
    """Keys of questions that depend on themselves through others. Never recurses: 300 is deep."""
    needs = {
        question.key: {test.question for test in question.condition.tests} - {question.key}
        for question in questions
    }
    # What depends on nothing left is taken away, again and again; what stays has a circle below.
    left = {key: {one for one in found if one in needs} for key, found in needs.items()}
    while free := [key for key, found in left.items() if not found]:
        for key in free:
            del left[key]
        for found in left.values():
            found.difference_update(free)
    # Of those, only what others in the rest depend on is in the circle, not what hangs from it.
    while left:
        wanted = set().union(*left.values())
        hanging = [key for key in left if key not in wanted]
        if not hanging:
            break
        for key in hanging:
            del left[key]
    return set(left)


def _depends_on_others(
    question: QuestionDef, places: Mapping[str, int], questions: list[QuestionDef]
) -> bool:
    return any(
        test.question in places and not questions[places[test.question]].is_key
        for test in question.condition.tests
    )
