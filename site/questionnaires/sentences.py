"""A condition read back as a sentence in the reader's language."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.texts import Text, known_language, pick
from questionnaires.definition import Condition, Definition, QuestionDef, Test

#: Holds the place of a quoted option until the sentence is put together; no text contains it.
_MARK = "\x00"


def condition_sentence(definition: Definition, question: QuestionDef) -> list[Text]:
    """'Shown when question 2 is “Daily” or “Weekly”.' as pieces, each with its language.

    The words are in the active language; options are quoted in the language they were found in,
    so that a page can mark them. Empty for a question that is always shown.
    """
    condition = question.condition
    if not condition.tests:
        return []
    quotes: list[Text] = []
    tests = [_test(definition, one, quotes) for one in condition.tests]
    joined = _join(condition, tests)
    sentence = _("Shown when %(tests)s.") % {"tests": joined}
    own = known_language(get_language())
    pieces = []
    for place, part in enumerate(sentence.split(_MARK)):
        found = quotes[int(part)] if place % 2 else Text(part, own)
        if found:
            pieces.append(found)
    return pieces


def plain(pieces: list[Text]) -> str:
    """The pieces as one text."""
    return "".join(str(one) for one in pieces)


def _join(condition: Condition, tests: list[str]) -> str:
    between = _(" and ") if condition.join == "all" else _(", or ")
    return between.join(tests)


def _test(definition: Definition, test: Test, quotes: list[Text]) -> str:
    question = definition.question(test.question)
    if question is None:
        return _("a question that is not there is answered")
    said = {"number": question.number}
    if test.name == "answered":
        return _("question %(number)d is answered") % said
    if test.name == "not-answered":
        return _("question %(number)d is not answered") % said
    if test.name in {"is-any", "is-none"}:
        options = _(" or ").join(_quoted(question, key, quotes) for key in test.values)
        if not options:
            options = "?"
        wording = (
            _("question %(number)d is %(options)s")
            if test.name == "is-any"
            else _("question %(number)d is not %(options)s")
        )
        return wording % {**said, "options": options}
    return _bound(question, test, said)


def _bound(question: QuestionDef, test: Test, said: dict[str, int]) -> str:
    value = test.values[0] if test.values else "?"
    if question.kind == "date":
        wording = (
            _("question %(number)d is %(value)s or later")
            if test.name == "at-least"
            else _("question %(number)d is %(value)s or earlier")
        )
    else:
        wording = (
            _("question %(number)d is %(value)s or more")
            if test.name == "at-least"
            else _("question %(number)d is %(value)s or less")
        )
    return wording % {**said, "value": value.replace(_MARK, "")}


def _quoted(question: QuestionDef, key: str, quotes: list[Text]) -> str:
    option = question.option(key)
    quotes.append(pick(option.label) if option else Text("?", known_language(None)))
    marked = f"{_MARK}{len(quotes) - 1}{_MARK}"
    return _("“%(option)s”") % {"option": marked}
