"""Forms of answering. Kinds judge what was typed; these hold it and show it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.exceptions import Invalid
from participation.models import PublishChoice
from questionnaires import flow, kinds
from questionnaires.about_you import FACTS, choices
from questionnaires.consent import CONSENT
from questionnaires.definition import Definition, QuestionDef, SectionDef
from questionnaires.judging import REQUIRED
from questionnaires.kinds.base import OTHER, Anything, field_name
from questionnaires.models import Capacity
from questionnaires.signing import ORGANISATION_LIMIT


class Plain(Anything, forms.CharField):
    """Text as it was sent; the action judges it. Its label says when it is wanted."""


class PartForm(forms.Form):
    """The questions of one page. ``values()`` gives cleaned answers by question key.

    ``questions`` are those shown and those that answers on this very page may open. ``lenient``
    is for the save after a rest and for going back: nothing is missing yet.
    """

    use_required_attribute = False

    def __init__(
        self,
        *args: Any,
        questions: Iterable[QuestionDef],
        language: str,
        answers: Mapping[str, Any],
        before: Mapping[str, Any] | None = None,
        lenient: bool = False,
        **kwargs: Any,
    ) -> None:
        self.questions = list(questions)
        self.before = before if before is not None else answers
        self.lenient = lenient
        initial = dict(kwargs.pop("initial", None) or {})
        for question in self.questions:
            value = answers.get(question.key)
            if value is None:
                continue
            name = field_name(question)
            main, other = kinds.of(question.kind).initial(value)
            initial.setdefault(name, main)
            initial.setdefault(name + OTHER, other)
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        for question in self.questions:
            self._add(question, language)

    def _add(self, question: QuestionDef, language: str) -> None:
        kind, name = kinds.of(question.kind), field_name(question)
        field = kind.form_field(question, language, self.before.get(question.key))
        if field is None:
            return
        self.fields[name] = field
        other = kind.other_field(question, language)
        if other is not None:
            self.fields[name + OTHER] = other

    def clean(self) -> dict[str, Any]:
        """Judge every answer by its kind; what is wrong stands at its question."""
        sent = self.cleaned_data
        seen = set(self.data.getlist("seen")) if hasattr(self.data, "getlist") else set()
        self._values: dict[str, Any] = {}
        for question in self.questions:
            kind, name = kinds.of(question.kind), field_name(question)
            if name not in self.fields:
                continue
            try:
                value = kind.clean(
                    kind.raw(sent.get(name), sent.get(name + OTHER), question),
                    question,
                    self.before.get(question.key),
                )
            except Invalid as error:
                self.add_error(name, str(error))
                continue
            self._values[question.key] = value
            if value is None and question.required and not self.lenient and name in seen:
                self.add_error(name, str(REQUIRED))
        return sent

    def values(self) -> dict[str, Any]:
        """The answers that are in order, None for what is empty; call it after ``is_valid()``."""
        return dict(self._values)


def entries(
    form: PartForm,
    section: SectionDef,
    definition: Definition,
    answers: Mapping[str, Any],
    route: str = flow.WHOLE,
) -> list[dict[str, Any]]:
    """What the page shows, question by question: its fields, whether it is hidden, and when not.

    ``when`` is the condition for scripts, as JSON: tests of this page by field name, those of
    earlier pages by what they came to. Without scripts hidden ones stay hidden until the page was
    sent, and come with the next.
    """
    shown = {question.key for question in flow.shown(definition, answers, route)}
    here = {question.key: question for question in form.questions}
    known = flow.effective(definition, answers, route)
    found = []
    for question in form.questions:
        name = field_name(question)
        fields = [form[one] for one in (name, name + OTHER) if one in form.fields]
        local = any(test.question in here for test in question.condition.tests)
        found.append(
            {
                "question": question,
                "name": name,
                "fields": fields,
                "asks": bool(fields),
                "hidden": question.key not in shown,
                "when": _when(question, here, definition, known) if local else "",
                "other": name + OTHER if name + OTHER in form.fields else "",
                "other_key": next((each.key for each in question.options if each.other), ""),
            }
        )
    return found


def _when(
    question: QuestionDef,
    here: Mapping[str, QuestionDef],
    definition: Definition,
    known: Mapping[str, Any],
) -> str:
    tests: list[dict[str, Any]] = []
    for test in question.condition.tests:
        asked = here.get(test.question)
        if asked is None:
            alone = type(question.condition)("all", (test,))
            tests.append({"known": flow.holds(alone, definition, known)})
        else:
            tests.append(
                {
                    "field": field_name(asked),
                    "kind": asked.kind,
                    "test": test.name,
                    "values": list(test.values),
                }
            )
    return json.dumps({"join": question.condition.join, "tests": tests}, sort_keys=True)


class BeginForm(forms.Form):
    """Buttons: which way to go."""

    route = forms.ChoiceField(
        choices=[("key", "key"), ("whole", "whole")], required=False, widget=forms.HiddenInput
    )


class Radios(forms.ChoiceField):
    """Radios whose options carry a hint."""

    label_class = "govuk-fieldset__legend--m"
    choice_hints: dict[str, Any]


class SigningForm(forms.Form):
    """As whom, and who may read it. Fields that cannot apply are not there."""

    use_required_attribute = False

    capacity = Radios(
        label=_("Who do you answer for?"),
        choices=[
            (Capacity.INDIVIDUAL, _("For myself")),
            (Capacity.ORGANISATION, _("For an organisation")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say who you answer for.")},
    )
    organisation = Plain(
        label=_("Name of the organisation, if you answer for one"),
        max_length=ORGANISATION_LIMIT * 4,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    publish_choice = Radios(
        label=_("Who may read your answers?"),
        choices=[
            (PublishChoice.CONFIDENTIAL, _("Only the bureau")),
            (PublishChoice.NAME, _("Everybody, under my display name or my organisation's name")),
            (PublishChoice.ALIAS, _("Everybody, under another name")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who may read your answers.")},
    )
    alias = Plain(
        label=_("The other name, if you chose one"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    display_name = Plain(
        label=_("Your display name, if everybody may read your answers"),
        max_length=200,
        help_text=_(
            "Shown with what you publish, here and later. It need not be your real name; never use "
            "your e-mail address."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "spellcheck": "false"}),
    )
    replace = forms.CharField(required=False, max_length=1, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        organisations: bool,
        ask_name: bool,
        anonymous: bool = False,
        replaces: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        publish = self.fields["publish_choice"]
        publish.choice_hints = {str(value): sentence for value, sentence in CONSENT.items()}  # type: ignore[attr-defined]
        if anonymous:
            publish.choices = [  # type: ignore[attr-defined]
                pair
                for pair in publish.choices  # type: ignore[attr-defined]
                if pair[0] != PublishChoice.NAME or organisations
            ]
        if not organisations:
            del self.fields["capacity"]
            del self.fields["organisation"]
        if not ask_name:
            del self.fields["display_name"]
        if not replaces:
            del self.fields["replace"]


class MailForm(forms.Form):
    """Where to send the link."""

    email = forms.CharField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("We send one mail with the link, and keep the address for nothing else."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={"required": _("Enter your e-mail address.")},
    )


class AboutYouForm(forms.Form):
    """A few facts, none needed."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for fact, (asked, found) in FACTS.items():
            few = len(found) <= 8
            field = forms.ChoiceField(
                label=str(asked),
                required=False,
                choices=choices(fact) if few else [("", "—"), *choices(fact)],
                widget=forms.RadioSelect if few else forms.Select,
            )
            field.label_class = (  # type: ignore[attr-defined]
                "govuk-fieldset__legend--m" if few else "govuk-label--m"
            )
            self.fields[fact] = field


class ConfirmForm(forms.Form):
    """A button and nothing else."""
