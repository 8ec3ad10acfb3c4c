"""What may still change once people have answered (ADR 0030): next to nothing.

From the first submitted response every word, kind, option, condition and place stands. An option
can be closed and a question taken away; both are announced. What was wrong is corrected by a
public note beside the question.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from questionnaires.definition import Definition, OptionDef, QuestionDef


@dataclass(frozen=True)
class Fault:
    """One refused change: a sentence, the question's key ('' for the whole), its block's field."""

    sentence: str
    question: str = ""
    field: str = ""
    section: str = ""


def changes_refused(old: Definition, new: Definition) -> list[Fault]:
    """Every change from the frozen ``old`` to ``new`` that would alter what people answered.

    Texts are compared in the languages both have: a version that joins or is not at hand is no
    change.
    """
    return list(_changes(old, new))


def _changes(old: Definition, new: Definition) -> Iterator[Fault]:
    if _reworded(old.intro, new.intro):
        yield Fault(_("People have answered, so the introduction stays as it is."))
    if (old.organisations, old.ask_about_you) != (new.organisations, new.ask_about_you):
        yield Fault(_("People have answered, so who is asked and about what stays as it is."))
    before = {one.key: one for one in old.questions()}
    after = {one.key: one for one in new.questions()}
    for key, question in after.items():
        known = before.get(key)
        if known is None:
            yield Fault(
                _(
                    "People have answered, so no question can be added. "
                    "Ask it in another consultation."
                ),
                question=key,
                field="title",
            )
        else:
            yield from _question_changes(known, question)
    yield from _order(old, new, before, after)
    yield from _sections(old, new)


def _question_changes(old: QuestionDef, new: QuestionDef) -> Iterator[Fault]:
    key = new.key
    words = _(
        "People have answered this question, so its words stay. Write a correction beside it."
    )
    for field in ("title", "hint", "background", "reason"):
        if _reworded(getattr(old, field), getattr(new, field)):
            yield Fault(words, question=key, field=field)
    if old.kind != new.kind:
        yield Fault(_("People have answered this question, so its kind stays."), question=key)
    if old.required != new.required:
        yield Fault(_fixed(), question=key, field="required")
    if old.is_key != new.is_key:
        yield Fault(_fixed(), question=key, field="is_key")
    if old.condition.to_json() != new.condition.to_json():
        yield Fault(
            _("People have answered, so when this question is shown stays as it is."),
            question=key,
            field="condition",
        )
    for name in sorted({*old.settings, *new.settings}):
        if _setting_changed(old.settings.get(name), new.settings.get(name)):
            yield Fault(_fixed(), question=key, field=name)
    yield from _option_changes(old, new)


def _fixed() -> str:
    return _("People have answered this question, so this stays as it is.")


def _option_changes(old: QuestionDef, new: QuestionDef) -> Iterator[Fault]:
    key = new.key
    before = {one.key: one for one in old.options}
    after = {one.key: one for one in new.options}
    for option in new.options:
        known = before.get(option.key)
        if known is None:
            yield Fault(
                _("People have answered this question, so no option can be added."),
                question=key,
                field="options",
            )
        elif _option_changed(known, option):
            yield Fault(
                _("People have answered this question, so its options keep their words."),
                question=key,
                field="options",
            )
    if any(one.key not in after and not one.closed for one in old.options):
        yield Fault(
            _("People have answered this question: close the option instead of removing it."),
            question=key,
            field="options",
        )
    kept = [one for one in before if one in after]
    if kept != [one for one in after if one in before]:
        yield Fault(
            _("People have answered this question, so its options keep their order."),
            question=key,
            field="options",
        )


def _option_changed(old: OptionDef, new: OptionDef) -> bool:
    """Closing and opening again are no change of what the option means."""
    return _reworded(old.label, new.label) or (old.other, old.alone) != (new.other, new.alone)


def _order(
    old: Definition,
    new: Definition,
    before: Mapping[str, QuestionDef],
    after: Mapping[str, QuestionDef],
) -> Iterator[Fault]:
    kept = [key for key in before if key in after]
    now = [key for key in after if key in before]
    for was, became in zip(kept, now, strict=True):
        if was != became:
            yield Fault(
                _("People have answered, so the questions keep their order."), question=became
            )
            return
    places = {question.key: one.key for one in old.sections for question in one.questions}
    for section in new.sections:
        for question in section.questions:
            if places.get(question.key, section.key) != section.key:
                yield Fault(
                    _("People have answered, so this question stays in its section."),
                    question=question.key,
                )


def _sections(old: Definition, new: Definition) -> Iterator[Fault]:
    known = {one.key: one for one in old.sections}
    for section in new.sections:
        before = known.get(section.key)
        if before is None:
            continue
        for field in ("title", "intro"):
            if _reworded(getattr(before, field), getattr(section, field)):
                yield Fault(
                    _("People have answered this section, so its words stay."),
                    section=section.key,
                    field=field,
                )


def _reworded(old: Mapping[str, str], new: Mapping[str, str]) -> bool:
    """Whether a text differs in a language both have, or was put in or taken out altogether."""
    if bool(old) != bool(new):
        return True
    return any(old[language] != new[language] for language in old if language in new)


def _setting_changed(old: Any, new: Any) -> bool:
    """Plain values by their value; texts, or texts by step, as texts are compared."""
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return bool(old != new)
    if any(isinstance(one, Mapping) for one in (*old.values(), *new.values())):
        return old.keys() != new.keys() or any(
            _setting_changed(old[name], new[name]) for name in old
        )
    return _reworded(old, new)
