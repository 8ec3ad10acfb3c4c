"""What every kind of question answers for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext

from core.exceptions import Invalid
from core.texts import Text, html_lang, known_language, pick
from questionnaires.definition import QuestionDef, Texts

if TYPE_CHECKING:
    from questionnaires.models import Answer

#: What the few words beside 'other' may be long.
OTHER_LIMIT = 200
#: Characters of a question's title in the error summary, where each line names its question.
SUMMARY_LIMIT = 60
#: After the name of a question's field, that of the words beside 'other'.
OTHER = "-other"


def field_name(question: QuestionDef) -> str:
    """The name of the question's form field, which errors name too."""
    return f"q-{question.anchor}"


def marked(texts: Texts | Text, language: str) -> str | SafeString:
    """A text for a page in ``language``, marked where it is in another one."""
    text = texts if isinstance(texts, Text) else pick(texts, language)
    if not text.text or text.language == known_language(language):
        return text.text
    return format_html('<span lang="{}">{}</span>', html_lang(text.language), text.text)


def refuse(question: QuestionDef, sentence: str | Promise, code: str, **data: Any) -> Invalid:
    """The error of an answer: it names the field for pages and the question for programs."""
    return Invalid(
        sentence,
        field=field_name(question),
        name=question.key,
        code=code,
        data={"question": question.key, **data},
    )


def is_blank(raw: Any) -> bool:
    """Whether nothing was sent: null, an empty list or object, a text of spaces."""
    if isinstance(raw, str):
        return not raw.strip()
    return raw is None or (isinstance(raw, list | tuple | dict) and not raw)


class Anything:
    """Makes a form field take what was sent: the kind judges it, so that pages and the API agree.

    It is mixed into Django's fields, which here only say how a question is shown.
    """

    def clean(self, value: Any) -> Any:
        return value


class Kind:
    """One kind. The methods below are what the form, the actions, the report and the API use."""

    #: As in ``models.QuestionKind``.
    name = ""
    #: How the report shows it: 'choices', 'scale', 'number', 'date', 'text' or 'none'.
    report_as = "none"
    #: Time to answer, in seconds; ``flow.minutes`` adds these up.
    seconds = 10
    #: False for what is only read.
    asks = True
    #: Whether ``Question.options`` belong to it.
    has_options = False

    def form_field(
        self, question: QuestionDef, language: str, before: Any = None
    ) -> forms.Field | None:
        """The field that shows the question; None for what is only read.

        ``before`` is the value given earlier: a closed option is shown only to who chose it.
        """
        raise NotImplementedError

    def other_field(self, question: QuestionDef, language: str) -> forms.Field | None:
        """A second field for the words beside 'other', or None."""
        return None

    def initial(self, value: Any) -> tuple[Any, str]:
        """What the two fields show for a value."""
        return value, ""

    def raw(self, main: Any, other: Any, question: QuestionDef) -> Any:
        """What was sent by the two fields, in the shape ``clean`` takes."""
        return main

    def clean(self, raw: Any, question: QuestionDef, before: Any = None) -> Any:
        """The JSON value of what was sent, or None for no answer.

        ``raw`` may be anything: a form's text, or whatever JSON a program sent. Raises Invalid
        (``field`` is ``field_name(question)``, ``data["question"]`` the key).
        """
        try:
            value = self.parse(raw, question)
        except Invalid as error:
            error.data["question"] = question.key
            raise
        if value is None:
            return None
        for problem in self.problems(value, question, before):
            raise problem
        return value

    def parse(self, raw: Any, question: QuestionDef) -> Any:
        """The value in its one form, or None; raises Invalid for what is none."""
        raise NotImplementedError

    def problems(self, value: Any, question: QuestionDef, before: Any = None) -> list[Invalid]:
        """What speaks against a parsed value now: bounds, limits, options closed meanwhile."""
        return []

    def store(self, answer: Answer, value: Any) -> list[str]:
        """Put the value into the answer's columns; returns the keys of options chosen."""
        raise NotImplementedError

    def read(self, answer: Answer) -> Any:
        """The value of a kept answer. Options come from ``answer.choices`` (prefetch them)."""
        raise NotImplementedError

    def describe(self, value: Any, question: QuestionDef, language: str) -> list[Text]:
        """The answer in words, a line each, for the check page, the copy and the report."""
        raise NotImplementedError

    def buckets(self, value: Any) -> list[str]:
        """What the answer counts as in ``Tally``; conditions compare the same words."""
        return []

    def measure(self, value: Any) -> Decimal | dt.date | None:
        """Where the answer lies, for 'at least' and 'at most'; None when it lies nowhere."""
        return None

    def bound(self, text: str) -> Decimal | dt.date | None:
        """What a condition's 'at least' names, comparable to ``measure``; None for nonsense."""
        return None

    def text(self, value: Any, question: QuestionDef) -> str:
        """What was written in own words, to be read by a moderator before it is public."""
        return ""

    def problems_of(self, question: QuestionDef) -> list[str]:
        """What is wrong with the question's own settings, as codes of ``flow.PROBLEMS``."""
        return []

    @property
    def tests(self) -> tuple[str, ...]:
        """The tests a condition may put to an answer of this kind, in the order offered."""
        return ("answered", "not-answered")


def shown_field(field: forms.Field, question: QuestionDef, language: str) -> forms.Field:
    """Give a field the question's words. It never judges, and is never called optional:

    the page says once that no question needs an answer but those that say so.
    """
    number = f"{question.number}. " if question.number else ""
    field.label = format_html("{}{}", number, marked(question.title, language))
    title = pick(question.title, language)
    short = Text(Truncator(title.text).chars(SUMMARY_LIMIT), title.language)
    field.summary_name = format_html(  # type: ignore[attr-defined]
        gettext("“%(question)s”") % {"question": "{}{}"}, number, marked(short, language)
    )
    field.help_text = marked(question.hint, language)
    if question.required:
        field.help_text = format_html(
            "{}{}<strong>{}</strong> {}",
            field.help_text,
            " " if field.help_text else "",
            gettext("This question needs an answer:"),
            marked(question.reason, language),
        )
    field.label_class = (  # type: ignore[attr-defined]
        "govuk-label--m"
        if isinstance(field.widget, forms.TextInput | forms.Textarea)
        else "govuk-fieldset__legend--m"
    )
    return field


def whole_number(settings: Mapping[str, Any], name: str, default: int | None) -> int | None:
    """A setting that is a whole number, whatever an editor or an import put there."""
    value = settings.get(name)
    if isinstance(value, bool) or value in (None, ""):
        return default
    try:
        return int(str(value))
    except ValueError:
        return default
