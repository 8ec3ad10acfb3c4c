"""From rows to the plain definition that the engine walks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from questionnaires.definition import Condition, Definition, OptionDef, QuestionDef, SectionDef
from questionnaires.models import Option, Question, Questionnaire

MAIN = "main"


def questionnaire_of(engagement: Any, key: str = MAIN) -> Questionnaire | None:
    """The published questionnaire of an engagement, with the engagement itself; None without."""
    row = Questionnaire.objects.filter(
        engagement=engagement, key=key, published_at__isnull=False
    ).first()
    if row is not None:
        row.engagement = engagement
    return row


@dataclass(frozen=True)
class Rows:
    """The primary keys behind a definition, for writing answers without asking again."""

    questions: dict[str, int] = field(default_factory=dict)
    options: dict[tuple[str, str], int] = field(default_factory=dict)


def load_definition(questionnaire: Questionnaire) -> Definition:
    """All that is asked now, in order, in two queries. Retired questions are left out."""
    return load_with_rows(questionnaire)[0]


def load_with_rows(questionnaire: Questionnaire) -> tuple[Definition, Rows]:
    """The definition and, by key, the rows it was read from."""
    questions = (
        Question.objects.filter(
            questionnaire=questionnaire, retired_at=None, section__retired_at=None
        )
        .select_related("section")
        .prefetch_related("options")
        .order_by("section__order", "section_id", "order", "pk")
    )
    rows = Rows()
    sections: dict[int, tuple[SectionDef, list[QuestionDef]]] = {}
    for row in questions:
        options = list(row.options.all())
        rows.questions[row.block_id] = row.pk
        rows.options.update({(row.block_id, each.block_id): each.pk for each in options})
        if row.section_id not in sections:
            section = row.section
            sections[row.section_id] = (
                SectionDef(section.block_id, section.title, section.intro, ()),
                [],
            )
        sections[row.section_id][1].append(question_def(row, options))
    definition = Definition(
        sections=tuple(
            SectionDef(section.key, section.title, section.intro, tuple(found))
            for section, found in sections.values()
        ),
        intro=questionnaire.intro,
        organisations=questionnaire.organisations,
        ask_about_you=questionnaire.ask_about_you,
    )
    return definition, rows


def load_for_writing(questionnaire: Questionnaire) -> tuple[Definition, Rows]:
    """The same without any words, in one query: all that judging and keeping answers needs.

    Its titles and labels are empty: never show it.
    """
    found = (
        Question.objects.filter(
            questionnaire=questionnaire, retired_at=None, section__retired_at=None
        )
        .order_by(
            "section__order", "section_id", "order", "pk", "options__order", "options__block_id"
        )
        .values_list(
            "pk",
            "section_id",
            "block_id",
            "anchor",
            "number",
            "kind",
            "required",
            "is_key",
            "settings",
            "condition",
            "edition",
            "options__pk",
            "options__block_id",
            "options__other",
            "options__alone",
            "options__closed_at",
        )
    )
    rows = Rows()
    heads: dict[int, tuple[Any, ...]] = {}
    options: dict[int, list[OptionDef]] = {}
    for one in found:
        pk, option = one[0], one[11:]
        if pk not in heads:
            heads[pk] = one[1:11]
            options[pk] = []
            rows.questions[one[2]] = pk
        if option[0] is not None:
            rows.options[(one[2], option[1])] = option[0]
            options[pk].append(
                OptionDef(option[1], {}, option[2], option[3], option[4] is not None)
            )
    sections: dict[int, list[QuestionDef]] = {}
    for pk, head in heads.items():
        section, key, anchor, number, kind, required, is_key, settings, when, edition = head
        sections.setdefault(section, []).append(
            QuestionDef(
                key=key,
                anchor=anchor,
                number=number,
                kind=kind,
                title={},
                required=required,
                is_key=is_key,
                settings=settings,
                condition=Condition.from_json(when),
                options=tuple(options[pk]),
                edition=edition,
            )
        )
    definition = Definition(
        sections=tuple(
            SectionDef(str(pk), {}, {}, tuple(questions)) for pk, questions in sections.items()
        ),
        organisations=questionnaire.organisations,
        ask_about_you=questionnaire.ask_about_you,
    )
    return definition, rows


def question_def(row: Question, options: list[Option]) -> QuestionDef:
    """One row as the engine reads it."""
    return QuestionDef(
        key=row.block_id,
        anchor=row.anchor,
        number=row.number,
        kind=row.kind,
        title=row.title,
        hint=row.hint,
        background=row.background,
        required=row.required,
        reason=row.reason,
        is_key=row.is_key,
        settings=row.settings,
        condition=Condition.from_json(row.condition),
        options=tuple(
            OptionDef(each.block_id, each.label, each.other, each.alone, each.closed_at is not None)
            for each in options
        ),
        edition=row.edition,
    )
