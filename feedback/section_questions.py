"""The questions: how each was answered, over the live responses (withdrawn ones do not count).

One shape of counts serves both readings: while open they come from the figures a job keeps
(``questionnaires.Tally``), in a frozen report they are counted from the answers themselves.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback import about_you_tables, question_tables, texts_tables
from feedback.question_tables import Given
from feedback.section_register import STATES
from feedback.sections import (
    Cell,
    Column,
    Section,
    SectionData,
    Step,
    Table,
    hong_kong,
    told,
    words,
)
from feedback.sections import register as add
from participation.models import Engagement
from questionnaires.loading import MAIN
from questionnaires.models import (
    Answer,
    AnswerChoice,
    Question,
    QuestionKind,
    Questionnaire,
    Response,
    Tally,
    Totals,
)

CHUNK = 2000
ANSWERED = "answered"
#: Texts of entries in these states are read by the bureau; of an answer, in these.
READABLE_ENTRIES = ("published", "confidential", "held")
READABLE_TEXTS = ("none", "published")


def applies(engagement: Engagement) -> bool:
    """Whether anything was asked."""
    return Questionnaire.objects.filter(
        engagement=engagement, key=MAIN, published_at__isnull=False
    ).exists()


def asked_questions(engagement: Engagement) -> list[Question]:
    """Every question ever put, those no longer asked among them, in their order; two queries."""
    return list(
        Question.objects.filter(
            questionnaire__engagement=engagement,
            questionnaire__key=MAIN,
            questionnaire__published_at__isnull=False,
        )
        .exclude(kind=QuestionKind.INFORMATION)
        .select_related("spread")
        .prefetch_related("options")
        .order_by("section__order", "order", "pk")
    )


def _responses(engagement: Engagement) -> QuerySet[Response]:
    return Response.objects.filter(questionnaire__engagement=engagement, live=True).order_by()


def _answers(question: Question) -> QuerySet[Answer]:
    return Answer.objects.filter(question=question, response__live=True).order_by()


def _count(question: Question) -> dict[str, int]:
    """How often each answer to one question was given, in ``Tally``'s words."""
    rows = _answers(question)
    counts = {ANSWERED: rows.count()}
    shown_as = question_tables.report_as(question)
    if shown_as == "choices" and question.kind == QuestionKind.CONSENT:
        counts["agreed"] = counts[ANSWERED]
    elif shown_as == "choices":
        chosen = (
            AnswerChoice.objects.filter(answer__question=question, answer__response__live=True)
            .order_by()
            .values_list("option__block_id")
            .annotate(number=Count("pk"))
        )
        counts.update(dict(chosen))
    elif shown_as in {"scale", "number"}:
        given = rows.exclude(number=None).values_list("number").annotate(number_of=Count("pk"))
        counts.update({f"{Decimal(value).normalize():f}": number for value, number in given})
    elif shown_as == "date":
        days = rows.exclude(date=None).values_list("date").annotate(number_of=Count("pk"))
        counts.update({day.isoformat(): number for day, number in days})
    return counts


def _opening(engagement: Engagement, responses: int) -> SectionData:
    data = SectionData(figures={"responses": responses, "questions": []})
    if int(engagement.levels.get("answer", 1)) == 0:
        data.lines.append(
            words(
                _(
                    "Anyone could answer without saying who they are, so nothing kept a person "
                    "from answering more than once."
                )
            )
        )
    return data


def _add_question(
    data: SectionData, question: Question, given: Given, as_at: dt.datetime | None = None
) -> None:
    """The tables of one question and its figures for programs."""
    figures = question_tables.figures(question, given)
    if as_at is not None:
        figures["as_at"] = hong_kong(as_at)
    data.figures["questions"].append(figures)
    data.tables += question_tables.tables(question, given, data.figures["responses"])


def build(engagement: Engagement, as_of: dt.datetime, step: Step) -> SectionData:
    """Every question counted from its answers, and every text."""
    responses = _responses(engagement)
    data = _opening(engagement, responses.count())
    questions = asked_questions(engagement)
    for place, question in enumerate(questions):
        given = Given.of(question, _count(question))
        _add_question(data, question, given)
        if given.answered and question_tables.takes_words(question):
            data.tables += _texts(data, question)
        step((place + 1) / (len(questions) + 1))
    data.tables += about_you_tables.tables(engagement)
    if responses.exclude(organisation="").exists():
        data.tables.append(_organisations(engagement))
    return data


def _texts(data: SectionData, question: Question) -> list[Table]:
    """Distinct and all texts of one question; words beside 'other' are texts too."""

    def every() -> Iterator[tuple[int, str, bool]]:
        rows = _answers(question).exclude(text="").order_by("pk")
        for pk, folded, state, entry in rows.values_list(
            "pk", "folded", "state", "response__contribution__state"
        ).iterator(chunk_size=CHUNK):
            yield pk, folded, state in READABLE_TEXTS and entry in READABLE_ENTRIES

    found = texts_tables.gather(every())
    if not found.received:
        return []
    data.figures["questions"][-1]["texts"] = texts_tables.figures(found)
    key, title = question_tables.key_of(question), question_tables.title_of(question)

    def fetch(keys: Sequence[int]) -> dict[int, tuple[str, str]]:
        rows = Answer.objects.filter(pk__in=keys).values_list(
            "pk", "text", "response__contribution__language"
        )
        return {pk: (text, language) for pk, text, language in rows}

    summary = texts_tables.summary_table(f"{key}-alike", found)
    summary.title = question_tables.after(title, _("distinct texts"))
    return [
        summary,
        texts_tables.distinct_table(
            f"{key}-distinct",
            question_tables.after(title, _("distinct texts, the largest groups first")),
            found,
            fetch,
        ),
        Table(
            key=f"{key}-texts",
            title=question_tables.after(title, _("every text the bureau may read")),
            columns=[
                Column("answer", pgettext_lazy("report", "Answer"), "id"),
                Column("id", _("Number in the register"), "id"),
                Column("state", pgettext_lazy("report", "State"), "words"),
                Column("received_at", pgettext_lazy("time", "Received at"), "time"),
                Column("group", pgettext_lazy("report", "Group"), "id"),
                Column("text", pgettext_lazy("report", "Text"), "text"),
            ],
            rows=_every_text(question, found),
            long=True,
        ),
    ]


def _every_text(question: Question, found: Any) -> Iterator[list[Cell]]:
    entry = "response__contribution__"
    rows = (
        _answers(question)
        .exclude(text="")
        .filter(state__in=READABLE_TEXTS, **{f"{entry}state__in": READABLE_ENTRIES})
        .order_by("pk")
        .values_list(
            "pk",
            "public_id",
            "text",
            "state",
            f"{entry}public_id",
            f"{entry}language",
            f"{entry}received_at",
        )
    )
    public, private = words(STATES["published"]), words(STATES["confidential"])
    for pk, answer, text, state, number, language, at in rows.iterator(chunk_size=CHUNK):
        yield [
            answer,
            number,
            public if state == "published" else private,
            hong_kong(at),
            found.group_of(pk),
            told(text, language),
        ]


def _organisations(engagement: Engagement) -> Table:
    """Who answered for an organisation, as they named it, and whether the name is public."""
    states = {state: words(label) for state, label in STATES.items()}

    def rows() -> Iterator[list[Cell]]:
        found = (
            _responses(engagement)
            .exclude(organisation="")
            .order_by("organisation", "pk")
            .values_list(
                "organisation",
                "contribution__language",
                "contribution__public_id",
                "contribution__state",
                "contribution__received_at",
            )
        )
        for name, language, number, state, at in found.iterator(chunk_size=CHUNK):
            yield [
                told(name, language),
                number,
                states[state],
                hong_kong(at),
            ]

    return Table(
        key="organisations",
        title=_("Organisations"),
        columns=[
            Column("name", _("Organisation"), "text"),
            Column("id", _("Number in the register"), "id"),
            Column("state", pgettext_lazy("report", "State"), "words"),
            Column("received_at", pgettext_lazy("time", "Received at"), "time"),
        ],
        rows=rows(),
        long=True,
    )


def live(engagement: Engagement, as_of: dt.datetime) -> SectionData | None:
    """While open: from the figures that a job keeps, with the time they were counted at."""
    totals = list(
        Totals.objects.filter(questionnaire__engagement=engagement).exclude(counted_at=None)
    )
    if not totals and not applies(engagement):
        return None
    data = _opening(engagement, sum(one.responses for one in totals))
    if not totals:
        data.lines.append(words(_("The answers are counted in the background, within minutes.")))
        return data
    as_at = min(one.counted_at for one in totals if one.counted_at)
    data.figures["as_at"] = hong_kong(as_at)
    for question, given in kept_figures(engagement):
        _add_question(data, question, given, as_at)
    return data


def kept_figures(engagement: Engagement) -> list[tuple[Question, Given]]:
    """Every question with what the job last counted of it; three queries."""
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for question, bucket, number in Tally.objects.filter(
        question__questionnaire__engagement=engagement
    ).values_list("question", "bucket", "count"):
        counts[question][bucket] = number
    return [
        (each, Given.of(each, counts[each.pk], spread.data if spread else None))
        for each in asked_questions(engagement)
        for spread in [getattr(each, "spread", None)]
    ]


def register() -> None:
    """Answers are results: sealed until the moment the engagement states."""
    add(
        Section(
            key="questions",
            title=pgettext_lazy("report", "Questions"),
            order=20,
            build=build,
            live=live,
            sealed=True,
            applies=applies,
        )
    )
