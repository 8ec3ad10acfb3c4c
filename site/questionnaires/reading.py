"""From an editor's blocks to the plain ``Definition`` that the form, 'try it' and rows share."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from core.texts import LANGUAGES
from questionnaires.definition import (
    Condition,
    Definition,
    OptionDef,
    QuestionDef,
    SectionDef,
    Test,
)

#: A kind's own settings that hold no words (``questionnaires.kinds`` says what they mean).
_PLAIN = ("least", "most", "places", "limit", "private")


def anchor_of(block_id: str) -> str:
    """``q-1a2b3c4d5e``: short, stable, letters and digits only, whatever the id looks like."""
    return f"q-{hashlib.blake2s(block_id.encode(), digest_size=5).hexdigest()}"


def definition_of(
    values: Mapping[str, Any],
    *,
    source: str = "",
    intro: Mapping[str, str] | None = None,
    organisations: bool = True,
    ask_about_you: bool = True,
) -> Definition:
    """The questionnaire of stream values by language.

    Order, settings and conditions are those of ``source`` (the first language when left out);
    the others give texts alone, found by block id. What a version lacks is simply not there.
    """
    source = source or next(iter(values))
    words = _Words(values)
    number = 0
    sections = []
    for section in values[source]:
        questions = []
        for child in section.value["questions"]:
            asks = child.block_type != "information"
            number += asks
            questions.append(_question(words, child, number if asks else 0))
        sections.append(
            SectionDef(
                key=section.id or "",
                title=words.of(section.id, "title"),
                intro=words.of(section.id, "intro"),
                questions=tuple(questions),
            )
        )
    return Definition(
        sections=tuple(sections),
        intro={language: text for language, text in (intro or {}).items() if text.strip()},
        organisations=organisations,
        ask_about_you=ask_about_you,
    )


class _Words:
    """Texts of blocks in every language, by block id (of an option: question's and its own)."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values: dict[str, dict[Any, Any]] = {
            language: self._index(values[language]) for language in LANGUAGES if language in values
        }

    @staticmethod
    def _index(stream: Any) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for section in stream:
            found[section.id] = section.value
            for question in section.value["questions"]:
                found[question.id] = question.value
                for option in question.value.get("options") or ():
                    found[question.id, option.id] = option.value
        return found

    def of(self, key: Any, name: str) -> dict[str, str]:
        """The texts of one block by language; empty ones are left out."""
        texts = {}
        for language, index in self.values.items():
            value = index.get(key)
            text = str(value.get(name) or "").strip() if value is not None else ""
            if text:
                texts[language] = text
        return texts


def _question(words: _Words, child: Any, number: int) -> QuestionDef:
    value = child.value
    key = child.id or ""
    return QuestionDef(
        key=key,
        anchor=anchor_of(key),
        number=number,
        kind=child.block_type,
        title=words.of(child.id, "title"),
        hint=words.of(child.id, "hint"),
        background=words.of(child.id, "background"),
        required=bool(value.get("required")),
        reason=words.of(child.id, "reason"),
        is_key=bool(value.get("is_key")),
        settings=_settings(words, child),
        condition=_condition(value.get("condition")),
        options=tuple(
            OptionDef(
                key=option.id or "",
                label=words.of((child.id, option.id), "label"),
                other=bool(option.value.get("other")),
                alone=bool(option.value.get("alone")),
                closed=bool(option.value.get("closed")),
            )
            for option in value.get("options") or ()
        ),
    )


def _settings(words: _Words, child: Any) -> dict[str, Any]:
    """The kind's own settings as JSON; what was left empty is not in it."""
    settings: dict[str, Any] = {}
    for name in _PLAIN:
        found = child.value.get(name)
        if found is None or found is False:
            continue
        if isinstance(found, Decimal | dt.date):
            found = _written(found)
        settings[name] = found
    if unit := words.of(child.id, "unit"):
        settings["unit"] = unit
    labels = {
        str(settings[end]): texts
        for end in ("least", "most")
        if end in settings and (texts := words.of(child.id, f"{end}_label"))
    }
    if labels:
        settings["labels"] = labels
    return settings


def _written(value: Decimal | dt.date) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _condition(value: Any) -> Condition:
    """A test without a question is one that was begun and left: it does not count."""
    if not value:
        return Condition()
    tests = []
    for test in value.get("tests") or ():
        if not test.get("question"):
            continue
        name = test.get("name") or "is-any"
        values: tuple[str, ...] = ()
        if name in {"is-any", "is-none"}:
            values = tuple(test.get("options") or ())
        elif name in {"at-least", "at-most"}:
            bound = (test.get("value") or "").strip()
            values = (bound,) if bound else ()
        tests.append(Test(test["question"], name, values))
    if not tests:
        return Condition()
    return Condition(join=value.get("join") or "all", tests=tuple(tests))
