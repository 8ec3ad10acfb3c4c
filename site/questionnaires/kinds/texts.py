"""Own words, and what is only read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from core.fields import LongTextField
from core.fold import fold
from core.text import clean_text
from core.texts import Text
from questionnaires.definition import QuestionDef
from questionnaires.kinds.base import (
    Anything,
    Kind,
    field_name,
    is_blank,
    refuse,
    shown_field,
    whole_number,
)

if TYPE_CHECKING:
    from questionnaires.models import Answer

SHORT_LIMIT = 200
LONG_LIMIT = 4000


class ShortField(Anything, forms.CharField):
    """One line."""


class LongField(Anything, LongTextField):
    """Several lines, counted as the page counts."""


class Words(Kind):
    """What short and long texts share."""

    report_as = "text"
    limit = SHORT_LIMIT
    multiline = False

    def limit_of(self, question: QuestionDef) -> int:
        """How many characters may be written here; an editor may ask for fewer."""
        wanted = whole_number(question.settings, "limit", self.limit) or self.limit
        return max(1, min(wanted, self.limit))

    def initial(self, value: Any) -> tuple[Any, str]:
        return value, ""

    def parse(self, raw: Any, question: QuestionDef) -> Any:
        if raw is None:
            return None
        text = clean_text(
            raw,
            max_length=self.limit_of(question),
            field=field_name(question),
            multiline=self.multiline,
            required=False,
        )
        return text or None

    def store(self, answer: Answer, value: Any) -> list[str]:
        answer.text = value
        answer.folded = fold(value)
        return []

    def read(self, answer: Answer) -> Any:
        return answer.text or None

    def describe(self, value: Any, question: QuestionDef, language: str) -> list[Text]:
        return [Text(value, language)]

    def buckets(self, value: Any) -> list[str]:
        return ["text"]

    def text(self, value: Any, question: QuestionDef) -> str:
        return "" if question.settings.get("private") else str(value)

    def problems_of(self, question: QuestionDef) -> list[str]:
        limit = question.settings.get("limit")
        if limit in (None, ""):
            return []
        number = whole_number(question.settings, "limit", 0) or 0
        return [] if 1 <= number <= self.limit else ["text-limit"]


class Short(Words):
    """A line of text."""

    name = "short"
    seconds = 20

    def form_field(
        self, question: QuestionDef, language: str, before: Any = None
    ) -> forms.Field | None:
        return shown_field(ShortField(max_length=self.limit_of(question)), question, language)


class Long(Words):
    """A text of several lines."""

    name = "long"
    seconds = 75
    limit = LONG_LIMIT
    multiline = True

    def form_field(
        self, question: QuestionDef, language: str, before: Any = None
    ) -> forms.Field | None:
        field = LongField(max_length=self.limit_of(question), strip=False)
        return shown_field(field, question, language)


class Information(Kind):
    """A page to read: nothing is asked, nothing is kept."""

    name = "information"
    seconds = 20
    asks = False

    @property
    def tests(self) -> tuple[str, ...]:
        return ()

    def form_field(
        self, question: QuestionDef, language: str, before: Any = None
    ) -> forms.Field | None:
        return None

    def parse(self, raw: Any, question: QuestionDef) -> Any:
        if is_blank(raw):
            return None
        raise refuse(question, "There is nothing to answer here.", "not_a_question")

    def store(self, answer: Answer, value: Any) -> list[str]:
        raise ValueError("An information page has no answers.")

    def read(self, answer: Answer) -> Any:
        return None

    def describe(self, value: Any, question: QuestionDef, language: str) -> list[Text]:
        return []
