"""What a questionnaire is written in: sections of questions, one block type for each kind.

Block ids are kept in every language and every later version: they are the keys of conditions,
drafts and rows. Texts are the only thing to translate; conditions, limits and closed options are
no text blocks, so the other versions follow the source's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

TITLE_LIMIT = 300
HINT_LIMIT = 500
BACKGROUND_LIMIT = 5_000
REASON_LIMIT = 300
LABEL_LIMIT = 200
SHORT_LIMIT = 80
#: How long a text of a name may be: the words page asks it for translations.
LIMITS = {
    "title": TITLE_LIMIT,
    "intro": BACKGROUND_LIMIT,
    "hint": HINT_LIMIT,
    "background": BACKGROUND_LIMIT,
    "reason": REASON_LIMIT,
    "label": LABEL_LIMIT,
    "least_label": SHORT_LIMIT,
    "most_label": SHORT_LIMIT,
    "unit": SHORT_LIMIT,
}
TEST_LIMIT = 5
#: The tests a question of a kind can be put to; information pages to none.
TESTS_OF_KIND = {
    "one": ("is-any", "is-none", "answered", "not-answered"),
    "several": ("is-any", "is-none", "answered", "not-answered"),
    "scale": ("at-least", "at-most", "answered", "not-answered"),
    "number": ("at-least", "at-most", "answered", "not-answered"),
    "date": ("at-least", "at-most", "answered", "not-answered"),
    "short": ("answered", "not-answered"),
    "long": ("answered", "not-answered"),
    "consent": ("answered", "not-answered"),
}
TEST_NAMES: list[tuple[str, str | Promise]] = [
    ("is-any", _("is one of")),
    ("is-none", _("is none of")),
    ("at-least", _("is at least")),
    ("at-most", _("is at most")),
    ("answered", _("is answered")),
    ("not-answered", _("is not answered")),
]


# --- what the lists of a condition offer ----------------------------------------------------------


@dataclass(frozen=True)
class Known:
    """A question as a condition's list names it, with its options (key, label)."""

    key: str
    number: int
    title: str
    kind: str
    options: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


_known: ContextVar[Sequence[Known]] = ContextVar("kaifong_known_questions", default=())


def known_questions(value: Any) -> list[Known]:
    """The questions of a stream value in order, information pages left out."""
    found: list[Known] = []
    for section in value or ():
        for child in section.value["questions"]:
            if child.block_type == "information":
                continue
            options = tuple(
                (option.id or "", option.value["label"])
                for option in child.value.get("options") or ()
            )
            found.append(
                Known(
                    child.id or "", len(found) + 1, child.value["title"], child.block_type, options
                )
            )
    return found


@contextmanager
def offering(value: Any) -> Iterator[None]:
    """While it lasts, the lists of conditions offer the questions of this stream value."""
    token = _known.set(known_questions(value))
    try:
        yield
    finally:
        _known.reset(token)


class QuestionSelect(forms.Select):
    """A plain list of the questions that are known when it is drawn."""

    def optgroups(self, name: str, value: list[Any], attrs: Any = None) -> Any:
        self.choices = [
            ("", gettext("Choose a question")),
            *((one.key, str(one)) for one in _known.get()),
        ]
        return super().optgroups(name, value, attrs)


class OptionSelect(forms.SelectMultiple):
    """The options of all known questions, grouped by question: it works before any script does."""

    def optgroups(self, name: str, value: list[Any], attrs: Any = None) -> Any:
        self.choices = [(str(one), list(one.options)) for one in _known.get() if one.options]
        return super().optgroups(name, value, attrs)


class KeysField(forms.MultipleChoiceField):
    """Keys of options; whether they are there is judged with the whole questionnaire."""

    def valid_value(self, value: Any) -> bool:
        return 0 < len(str(value)) <= 36


# --- blocks that hold no words --------------------------------------------------------------------


class QuestionKeyBlock(blocks.FieldBlock):
    """The key of an earlier question. Not a text block, so it is never offered to translators."""

    def __init__(self, **kwargs: Any) -> None:
        self.field = forms.CharField(required=False, max_length=36, widget=QuestionSelect)
        super().__init__(**kwargs)

    class Meta:
        default = ""


class OptionKeysBlock(blocks.FieldBlock):
    """Keys of options of the question that is tested."""

    def __init__(self, **kwargs: Any) -> None:
        self.field = KeysField(required=False, widget=OptionSelect)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> list[str]:
        return [str(one) for one in value or ()]

    class Meta:
        default: list[str] = []


class BoundaryBlock(blocks.FieldBlock):
    """A number or an ISO date to compare with, as typed."""

    def __init__(self, **kwargs: Any) -> None:
        self.field = forms.CharField(required=False, max_length=24)
        super().__init__(**kwargs)

    class Meta:
        default = ""


class TestBlock(blocks.StructBlock):
    """One test of an earlier question."""

    __test__ = False  # Not for the test runner.

    question = QuestionKeyBlock(label=_("Question"))
    name = blocks.ChoiceBlock(choices=TEST_NAMES, default="is-any", label=_("Test"))
    options = OptionKeysBlock(
        label=_("Options"), help_text=_("Several may be chosen (hold Ctrl or Command).")
    )
    value = BoundaryBlock(
        label=_("Number or date"), help_text=_("A date as year-month-day: 2026-12-31.")
    )

    class Meta:
        icon = "view"
        label = _("Test")


class ConditionBlock(blocks.StructBlock):
    """When a question is shown. Without tests: always."""

    join = blocks.ChoiceBlock(
        choices=[("all", _("all of these hold")), ("any", _("any of these holds"))],
        default="all",
        label=_("Shown when"),
    )
    tests = blocks.ListBlock(
        TestBlock(), min_num=0, max_num=TEST_LIMIT, default=[], label=_("Tests")
    )

    class Meta:
        icon = "view"
        label = _("Condition")


# --- options --------------------------------------------------------------------------------------


class OptionBlock(blocks.StructBlock):
    """One choice."""

    label = blocks.CharBlock(default="", max_length=LABEL_LIMIT, label=_("Option"))
    other = blocks.BooleanBlock(required=False, label=_("Other: asks for a few words"))
    alone = blocks.BooleanBlock(
        required=False,
        label=_("Stands alone"),
        help_text=_("Such as 'None of these': not together with others."),
    )
    closed = blocks.BooleanBlock(
        required=False,
        label=_("Closed"),
        help_text=_("Not offered any more. What was answered with it stays."),
    )

    class Meta:
        icon = "check"
        label = _("Option")
        label_format = "{label}"
        form_layout = blocks.BlockGroup(children=["label"], settings=["other", "alone", "closed"])


class OptionsBlock(blocks.StreamBlock):
    option = OptionBlock()

    class Meta:
        icon = "list-ul"
        label = _("Options")


# --- questions, one class a kind ------------------------------------------------------------------


def _layout(*own: str, settings: Sequence[str] = ()) -> blocks.BlockGroup:
    """The question first; what most questions do without is behind its settings button."""
    return blocks.BlockGroup(
        children=["title", "hint", *own],
        settings=["condition", "is_key", "required", "reason", "background", *settings],
    )


class QuestionBlock(blocks.StructBlock):
    """What all questions have. A subclass is one kind."""

    title = blocks.CharBlock(default="", max_length=TITLE_LIMIT, label=_("Question"))
    hint = blocks.TextBlock(
        default="", required=False, max_length=HINT_LIMIT, rows=1, label=_("Hint")
    )
    background = blocks.TextBlock(
        default="",
        required=False,
        max_length=BACKGROUND_LIMIT,
        rows=2,
        label=_("Background"),
        help_text=_("Facts to read before answering; folded away until asked for."),
    )
    is_key = blocks.BooleanBlock(
        required=False,
        label=_("Key question"),
        help_text=_("At most four: they make the short way of about three minutes."),
    )
    required = blocks.BooleanBlock(
        required=False,
        label=_("An answer is required"),
        help_text=_("Only what the law or the decision needs. It must say why."),
    )
    reason = blocks.CharBlock(
        default="",
        required=False,
        max_length=REASON_LIMIT,
        label=_("Why it is required"),
        help_text=_("Shown to citizens."),
    )
    condition = ConditionBlock()

    class Meta:
        icon = "help"
        label_format = "{title}"
        form_layout = _layout()


class OneBlock(QuestionBlock):
    options = OptionsBlock(required=False)

    class Meta:
        icon = "radio-full"
        label = _("One choice")
        label_format = "{title}"
        form_layout = _layout("options")


class SeveralBlock(QuestionBlock):
    options = OptionsBlock(required=False)
    least = blocks.IntegerBlock(
        required=False, min_value=1, max_value=60, label=_("At least so many")
    )
    most = blocks.IntegerBlock(
        required=False, min_value=1, max_value=60, label=_("At most so many")
    )

    class Meta:
        icon = "tasks"
        label = _("Several choices")
        label_format = "{title}"
        form_layout = _layout("options", settings=["least", "most"])


class ScaleBlock(QuestionBlock):
    least = blocks.IntegerBlock(min_value=0, max_value=1, default=1, label=_("From"))
    most = blocks.IntegerBlock(min_value=2, max_value=10, default=5, label=_("To"))
    least_label = blocks.CharBlock(
        default="", required=False, max_length=SHORT_LIMIT, label=_("What the lowest means")
    )
    most_label = blocks.CharBlock(
        default="", required=False, max_length=SHORT_LIMIT, label=_("What the highest means")
    )

    class Meta:
        icon = "order"
        label = _("Scale")
        label_format = "{title}"
        form_layout = _layout("least", "least_label", "most", "most_label")


class NumberBlock(QuestionBlock):
    least = blocks.DecimalBlock(required=False, label=_("At least"), max_digits=18)
    most = blocks.DecimalBlock(required=False, label=_("At most"), max_digits=18)
    places = blocks.IntegerBlock(
        required=False, min_value=0, max_value=6, label=_("Digits after the point")
    )
    unit = blocks.CharBlock(
        default="",
        required=False,
        max_length=SHORT_LIMIT,
        label=_("Unit"),
        help_text=_("Such as minutes."),
    )

    class Meta:
        icon = "decimal"
        label = _("Number")
        label_format = "{title}"
        form_layout = _layout("unit", settings=["least", "most", "places"])


class DateBlock(QuestionBlock):
    least = blocks.DateBlock(required=False, label=_("Not before"))
    most = blocks.DateBlock(required=False, label=_("Not after"))

    class Meta:
        icon = "date"
        label = _("Date")
        label_format = "{title}"
        form_layout = _layout(settings=["least", "most"])


PRIVATE = _("Never published")
PRIVATE_HELP = _("For contact details and the like: for the bureau alone, whatever was chosen.")


class ShortBlock(QuestionBlock):
    limit = blocks.IntegerBlock(
        required=False, min_value=1, max_value=200, label=_("Characters at most")
    )
    private = blocks.BooleanBlock(required=False, label=PRIVATE, help_text=PRIVATE_HELP)

    class Meta:
        icon = "edit"
        label = _("Short text")
        label_format = "{title}"
        form_layout = _layout(settings=["limit", "private"])


class LongBlock(QuestionBlock):
    limit = blocks.IntegerBlock(
        required=False, min_value=1, max_value=4_000, label=_("Characters at most")
    )
    private = blocks.BooleanBlock(required=False, label=PRIVATE, help_text=PRIVATE_HELP)

    class Meta:
        icon = "pilcrow"
        label = _("Long text")
        label_format = "{title}"
        form_layout = _layout(settings=["limit", "private"])


class ConsentBlock(QuestionBlock):
    class Meta:
        icon = "check"
        label = _("Statement of consent")
        label_format = "{title}"
        form_layout = _layout()


class InformationBlock(blocks.StructBlock):
    """Something to read on the way; nothing is asked."""

    title = blocks.CharBlock(default="", max_length=TITLE_LIMIT, label=_("Heading"))
    background = blocks.TextBlock(
        default="", max_length=BACKGROUND_LIMIT, rows=4, label=_("Text"), required=False
    )
    condition = ConditionBlock()

    class Meta:
        icon = "info-circle"
        label = _("Information page")
        label_format = "{title}"
        form_layout = blocks.BlockGroup(children=["title", "background"], settings=["condition"])


class QuestionStream(blocks.StreamBlock):
    """The questions of a section. Names are ``QuestionKind``'s; a test holds them equal."""

    one = OneBlock()
    several = SeveralBlock()
    scale = ScaleBlock()
    number = NumberBlock()
    date = DateBlock()
    short = ShortBlock()
    long = LongBlock()
    consent = ConsentBlock()
    information = InformationBlock()

    class Meta:
        label = _("Questions")


class SectionBlock(blocks.StructBlock):
    """One page of the form."""

    title = blocks.CharBlock(default="", max_length=TITLE_LIMIT, label=_("Heading of the section"))
    intro = blocks.TextBlock(
        default="", required=False, max_length=BACKGROUND_LIMIT, rows=2, label=_("Introduction")
    )
    questions = QuestionStream(required=False)

    class Meta:
        icon = "list-ol"
        label = _("Section of questions")
        label_format = "{title}"


class QuestionsBlock(blocks.StreamBlock):
    """A whole questionnaire."""

    section = SectionBlock()


class QuestionsWidget(blocks.BlockWidget):
    """Draws the blocks with lists of the questions it is given, those just refused among them."""

    def render_with_errors(
        self, name: str, value: Any, attrs: Any = None, errors: Any = None, renderer: Any = None
    ) -> Any:
        with offering(value):
            self._js_context = self._block_json = None
            return super().render_with_errors(
                name, value, attrs=attrs, errors=errors, renderer=renderer
            )


def limit_of(path: str) -> int:
    """How long the text at a path of the stream may be (its last part names the block)."""
    return LIMITS.get(path.rpartition(".")[2], BACKGROUND_LIMIT)
