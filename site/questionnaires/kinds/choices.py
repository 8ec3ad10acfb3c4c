"""Choosing among options: one, or several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.exceptions import Invalid
from core.fold import fold
from core.text import clean_text
from core.texts import Text, pick
from questionnaires.definition import OptionDef, QuestionDef
from questionnaires.kinds.base import (
    OTHER_LIMIT,
    Anything,
    Kind,
    field_name,
    is_blank,
    marked,
    refuse,
    shown_field,
    whole_number,
)

if TYPE_CHECKING:
    from questionnaires.models import Answer

CLOSED = _("This choice was closed after you opened the page. Choose another one.")
UNKNOWN = _("Choose one of the answers shown.")
ALONE = _("You chose an answer that stands alone together with others. Choose one or the others.")


class OneField(Anything, forms.ChoiceField):
    """Radios."""


class SeveralField(Anything, forms.MultipleChoiceField):
    """Checkboxes."""


class OtherField(Anything, forms.CharField):
    """The few words beside 'other'."""


class Choices(Kind):
    """What one and several share."""

    report_as = "choices"
    has_options = True

    @property
    def tests(self) -> tuple[str, ...]:
        return ("is-any", "is-none", "answered", "not-answered")

    def keys(self, value: Any) -> list[str]:
        """The options of a value."""
        raise NotImplementedError

    def offered(self, question: QuestionDef, before: Any) -> list[OptionDef]:
        """The options to show: the open ones, and a closed one to who chose it before."""
        kept = set(self.keys(before)) if before else set()
        return [each for each in question.options if not each.closed or each.key in kept]

    def other_field(self, question: QuestionDef, language: str) -> forms.Field | None:
        other = next((each for each in question.options if each.other), None)
        if other is None:
            return None
        field = OtherField(
            max_length=OTHER_LIMIT,
            label=gettext("If you chose “%(option)s”: which?")
            % {"option": pick(other.label, language).text},
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
        field.label_class = ""  # type: ignore[attr-defined]
        return field

    def pairs(self, question: QuestionDef, language: str, before: Any) -> list[tuple[str, str]]:
        return [(each.key, marked(each.label, language)) for each in self.offered(question, before)]

    def known_keys(self, raw: list[Any], question: QuestionDef) -> list[str]:
        """The options named, each once, in the question's order; raises for any other word."""
        wanted = set()
        for key in raw:
            if not isinstance(key, str) or question.option(key) is None:
                raise refuse(question, UNKNOWN, "unknown_option")
            wanted.add(key)
        return [each.key for each in question.options if each.key in wanted]

    def other_words(self, raw: Any, keys: list[str], question: QuestionDef) -> str:
        """The words beside 'other'; raises when 'other' was not chosen."""
        words = clean_text(
            raw,
            max_length=OTHER_LIMIT,
            field=field_name(question),
            multiline=False,
            required=False,
        )
        chosen = [question.option(key) for key in keys]
        if words and not any(each is not None and each.other for each in chosen):
            raise refuse(
                question,
                _("Words were given for another answer that was not chosen."),
                "other_not_chosen",
            )
        return words

    def problems(self, value: Any, question: QuestionDef, before: Any = None) -> list[Invalid]:
        kept = set(self.keys(before)) if before else set()
        for key in self.keys(value):
            option = question.option(key)
            if option is None:
                return [refuse(question, UNKNOWN, "unknown_option")]
            if option.closed and key not in kept:
                return [refuse(question, CLOSED, "closed_option")]
        return []

    def store(self, answer: Answer, value: Any) -> list[str]:
        answer.text = value.get("other", "")
        answer.folded = fold(answer.text)
        return self.keys(value)

    def describe(self, value: Any, question: QuestionDef, language: str) -> list[Text]:
        lines = []
        for key in self.keys(value):
            option = question.option(key)
            if option is None:
                continue
            label = pick(option.label, language)
            if option.other and value.get("other"):
                colon = ": " if label.language == "en" else "："
                label = Text(f"{label.text}{colon}{value['other']}", label.language)
            lines.append(label)
        return lines

    def buckets(self, value: Any) -> list[str]:
        return self.keys(value)

    def text(self, value: Any, question: QuestionDef) -> str:
        return str(value.get("other", ""))

    def problems_of(self, question: QuestionDef) -> list[str]:
        found = []
        if len([each for each in question.options if not each.closed]) < 2:
            found.append("too-few-options")
        if len([each for each in question.options if each.other]) > 1:
            found.append("two-others")
        return found


def _with_other(value: dict[str, Any], words: str) -> dict[str, Any]:
    return {**value, "other": words} if words else value


class One(Choices):
    """One choice: radio buttons. ``{"option": key, "other": text}``."""

    name = "one"
    seconds = 12

    def keys(self, value: Any) -> list[str]:
        return [value["option"]]

    def form_field(
        self, question: QuestionDef, language: str, before: Any = None
    ) -> forms.Field | None:
        field = OneField(choices=self.pairs(question, language, before), widget=forms.RadioSelect)
        return shown_field(field, question, language)

    def initial(self, value: Any) -> tuple[Any, str]:
        return value["option"], value.get("other", "")

    def raw(self, main: Any, other: Any, question: QuestionDef) -> Any:
        words = other or ""
        wanted = question.option(main) if isinstance(main, str) else None
        if not main and words:
            # Words alone say what was meant.
            wanted = next((each for each in question.options if each.other), None)
            main = wanted.key if wanted else main
        if not main:
            return None
        keep = wanted is not None and wanted.other
        return {"option": main, **({"other": words} if words and keep else {})}

    def parse(self, raw: Any, question: QuestionDef) -> Any:
        if is_blank(raw):
            return None
        if isinstance(raw, str):
            raw = {"option": raw}
        if not isinstance(raw, dict) or not set(raw) <= {"option", "other"} or "option" not in raw:
            raise refuse(question, UNKNOWN, "unknown_option")
        if is_blank(raw["option"]):
            return None
        keys = self.known_keys([raw["option"]], question)
        words = self.other_words(raw.get("other"), keys, question)
        return _with_other({"option": keys[0]}, words)

    def read(self, answer: Answer) -> Any:
        keys = [each.option.block_id for each in answer.choices.all()]
        return _with_other({"option": keys[0]}, answer.text) if keys else None


class Several(Choices):
    """Several choices: checkboxes, with limits. ``{"options": [keys], "other": text}``."""

    name = "several"
    seconds = 18

    def keys(self, value: Any) -> list[str]:
        return list(value["options"])

    def form_field(
        self, question: QuestionDef, language: str, before: Any = None
    ) -> forms.Field | None:
        boxes = SeveralField(
            choices=self.pairs(question, language, before), widget=forms.CheckboxSelectMultiple
        )
        field = shown_field(boxes, question, language)
        if not field.help_text:
            field.help_text = self._how_many(question)
        return field

    def _how_many(self, question: QuestionDef) -> str:
        most = whole_number(question.settings, "most", None)
        if most is not None:
            return ngettext(
                "Choose at most %(count)s answer.", "Choose at most %(count)s answers.", most
            ) % {"count": most}
        return str(_("Choose all that apply."))

    def initial(self, value: Any) -> tuple[Any, str]:
        return list(value["options"]), value.get("other", "")

    def raw(self, main: Any, other: Any, question: QuestionDef) -> Any:
        keys = list(main or [])
        words = other or ""
        option = next((each for each in question.options if each.other), None)
        if words and option is not None and option.key not in keys:
            keys.append(option.key)
        return {"options": keys, "other": words} if keys else None

    def parse(self, raw: Any, question: QuestionDef) -> Any:
        if is_blank(raw):
            return None
        if isinstance(raw, list):
            raw = {"options": raw}
        if (
            not isinstance(raw, dict)
            or not set(raw) <= {"options", "other"}
            or not isinstance(raw.get("options"), list)
        ):
            raise refuse(question, UNKNOWN, "unknown_option")
        keys = self.known_keys(raw["options"], question)
        words = self.other_words(raw.get("other"), keys, question)
        return _with_other({"options": keys}, words) if keys else None

    def problems(self, value: Any, question: QuestionDef, before: Any = None) -> list[Invalid]:
        found = super().problems(value, question, before)
        keys = self.keys(value)
        alone = [key for key in keys if (o := question.option(key)) is not None and o.alone]
        least = whole_number(question.settings, "least", None)
        most = whole_number(question.settings, "most", None)
        if alone and len(keys) > 1:
            found.append(refuse(question, ALONE, "not_alone", option=alone[0]))
        elif most is not None and len(keys) > most:
            sentence = ngettext(
                "Choose at most %(count)s answer.", "Choose at most %(count)s answers.", most
            )
            found.append(refuse(question, sentence % {"count": most}, "too_many", most=most))
        elif least is not None and len(keys) < least and not alone:
            sentence = ngettext(
                "Choose at least %(count)s answer.", "Choose at least %(count)s answers.", least
            )
            found.append(refuse(question, sentence % {"count": least}, "too_few", least=least))
        return found

    def read(self, answer: Answer) -> Any:
        chosen = sorted(answer.choices.all(), key=lambda each: (each.option.order, each.option.pk))
        keys = [each.option.block_id for each in chosen]
        return _with_other({"options": keys}, answer.text) if keys else None

    def problems_of(self, question: QuestionDef) -> list[str]:
        found = super().problems_of(question)
        least = whole_number(question.settings, "least", 0) or 0
        most = whole_number(question.settings, "most", None)
        together = len([each for each in question.options if not each.closed and not each.alone])
        if least > together or (most is not None and (most < 1 or most < least)):
            found.append("limits-of-choices")
        return found
