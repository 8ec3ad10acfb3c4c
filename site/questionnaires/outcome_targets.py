"""What an outcome answers to in a questionnaire: each question, with its answers to quote."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core.simplified import to_simplified
from core.texts import LANGUAGES
from participation import outcome_targets
from participation.models import Citation, Contribution, Engagement
from participation.outcome_targets import Figure, PartRow, PartView, TargetKind, TargetView, TextRow
from questionnaires.models import Answer, AnswerChoice, Option, Question, TextState

#: Pages and consents are read, not answered to.
_NOT_ASKED = ("information", "consent")
_LISTED = 30
_MOST_TEXTS = 5_000

#: Whether a question, by its block id, is one of a scale whose answers are read together.
OfScale = Callable[[str], bool]
_scales: list[OfScale] = []


def read_together(of_scale: OfScale) -> None:
    """Called from ``AppConfig.ready()``: such questions make one figure, and are not answered to
    one by one."""
    if of_scale not in _scales:
        _scales.append(of_scale)


def _views(engagement: Engagement) -> list[TargetView]:
    rows = (
        Question.objects.filter(questionnaire__engagement=engagement)
        .exclude(kind__in=_NOT_ASKED)
        .order_by("questionnaire_id", "order")
    )
    return [
        TargetView(
            kind="question",
            key=row.public_id,
            title=row.title,
            path={code: f"/{code}/e/{engagement.public_id}/answer/" for code in LANGUAGES},
            retired=row.retired_at is not None,
            api_key=row.block_id,
        )
        for row in rows
        if not any(of_scale(row.block_id) for of_scale in _scales)
    ]


def _keys_of(contribution: Contribution) -> list[str]:
    if contribution.kind != "response":
        return []
    rows = Answer.objects.filter(response=contribution.pk)
    return list(rows.values_list("question__public_id", flat=True))


def _spoken(engagement: Engagement) -> list[str]:
    answered = Answer.objects.counted().filter(question=OuterRef("pk"))
    rows = Question.objects.filter(Exists(answered), questionnaire__engagement=engagement)
    return list(rows.values_list("public_id", flat=True))


def _figures(engagement: Engagement, key: str) -> list[Figure]:
    """How many answered, and what they chose; asked only when results are not sealed."""
    question = Question.objects.filter(questionnaire__engagement=engagement, public_id=key).first()
    if question is None:
        return []
    answers = Answer.objects.counted().filter(question=question)
    answered = answers.count()
    found = [Figure("answers", answered)]
    if question.kind == "scale":
        steps = answers.order_by("number").values_list("number").annotate(total=Count("pk"))
        return found + [
            Figure(
                "option",
                total,
                answered,
                {code: f"{step:f}".rstrip("0").rstrip(".") for code in LANGUAGES},
            )
            for step, total in steps
            if step is not None
        ]
    counted = dict(
        AnswerChoice.objects.filter(answer__question=question, answer__response__live=True)
        .order_by()
        .values_list("option_id")
        .annotate(total=Count("pk"))
    )
    options = Option.objects.filter(question=question).order_by("order")
    return found + [
        Figure("option", counted.get(option.pk, 0), answered, option.label) for option in options
    ]


def _name(answer: Answer) -> str:
    """The name that may stand under an answer in public: what a moderator has not cleared, not."""
    response = answer.response
    if response.signature_state in {TextState.HELD, TextState.WITHHELD}:
        return ""
    contribution = response.contribution
    return "" if contribution.name_withheld else response.organisation or contribution.author_name


def _read(citations: Iterable[Citation]) -> dict[tuple[int, str], PartView]:
    rows = (
        Answer.objects.published()
        .filter(public_id__in=[citation.part for citation in citations])
        .select_related("response__contribution")
    )
    return {
        (row.response_id, row.public_id): PartView(
            text=row.text, language=row.response.contribution.language, name=_name(row)
        )
        for row in rows
        if row.text
    }


def _list(engagement: Engagement, kind: str, key: str, words: str) -> list[PartRow]:
    if kind != "question":
        return []
    rows = (
        Answer.objects.published()
        .filter(question__public_id=key, question__questionnaire__engagement=engagement)
        .exclude(text="")
    )
    for word in words.split()[:8]:
        rows = rows.filter(Q(text__icontains=word) | Q(text__icontains=to_simplified(word)))
    found = rows.select_related("response__contribution").order_by("-published_at", "-pk")
    return [
        PartRow(row.response.contribution, row.public_id, row.text, _name(row))
        for row in found[:_LISTED]
    ]


def _texts(engagement: Engagement, key: str) -> list[TextRow]:
    """What was written on a question, for letters sent by many; withheld and held texts not."""
    rows = (
        Answer.objects.counted()
        .filter(question__public_id=key, question__questionnaire__engagement=engagement)
        .exclude(text="")
        .exclude(state__in=[TextState.HELD, TextState.WITHHELD])
        .order_by("-pk")
        .values_list("text", "response__contribution__language", "state")[:_MOST_TEXTS]
    )
    return [TextRow(text, language, state == TextState.PUBLISHED) for text, language, state in rows]


QUESTION = TargetKind(
    kind="question",
    label=_("Question"),
    order=10,
    views=_views,
    entries=lambda key: Q(response__answers__question__public_id=key),
    keys_of=_keys_of,
    spoken=_spoken,
    figures=_figures,
    texts=_texts,
    every=True,
)


def register() -> None:
    """Called from ``ready()``."""
    outcome_targets.register(QUESTION)
    outcome_targets.register_parts("response", _read, _list)
