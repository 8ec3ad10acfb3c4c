"""What makes a response look odd. It is then looked at by an officer and never refused by itself.

Nothing here depends on which way somebody answers: time, a question that says which answer to
choose, and the very words of another's text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crowdtasks.models import Funded
from questionnaires.models import Answer, AnswerChoice, Response

FAST, ATTENTION, REPEATED, SAMPLE, RULE = "fast", "attention", "repeated", "sample", "rule"
#: Of a round, which anybody may try without an account.
MANY, LENT = "many", "lent"
FLAGS: dict[str, str | Promise] = {
    FAST: _("Answered much faster than the questions can be read"),
    ATTENTION: _("Another answer than the one an attention check asks for"),
    REPEATED: _("The same words as another’s response"),
    MANY: _("One of many tries from the same network"),
    LENT: _("Somebody was signed in during the try, and nobody when it was handed in"),
    SAMPLE: _("Drawn at random"),
    RULE: _("All responses are looked at"),
}
#: Those that the response to a task may have: a task is taken by people, not by places.
OF_TASKS = tuple(key for key in FLAGS if key not in {MANY, LENT})
#: A response in less than this share of the time worked out from the questions is too fast.
FAST_SHARE = 0.25
#: Shorter texts are often the same by chance.
LEAST_LETTERS = 20
#: A text is compared with so many of the newest ones to the same question.
COMPARED = 2000


def names(flags: Iterable[str]) -> list[str | Promise]:
    """The flags in words, in their order here."""
    found = set(flags)
    return [words for key, words in FLAGS.items() if key in found]


def flags_of(
    row: Funded, response: Response, seconds: int | None, *, expected: int | None = None
) -> list[str]:
    """What is odd about a response that was just entered. At most three queries.

    ``expected``: how long it takes who was not asked everything; the row says what all takes.
    """
    found = []
    if seconds is not None and seconds < FAST_SHARE * (
        row.seconds if expected is None else expected
    ):
        found.append(FAST)
    if row.checks and _failed(row.checks, response):
        found.append(ATTENTION)
    if _repeats(response):
        found.append(REPEATED)
    return found


def _failed(checks: Mapping[str, Any], response: Response) -> bool:
    """Whether a check that was met was answered otherwise; one not met or left out is none."""
    chosen = AnswerChoice.objects.filter(
        answer__response=response, answer__question__block_id__in=list(checks)
    ).values_list("answer__question__block_id", "option__block_id")
    return any(option not in checks[question] for question, option in chosen)


def _repeats(response: Response) -> bool:
    texts = [
        (question, folded)
        for question, folded in response.answers.exclude(folded="").values_list(
            "question", "folded"
        )
        if len(folded) >= LEAST_LETTERS
    ]
    for question, folded in texts:
        newest = (
            Answer.objects.filter(question=question)
            .exclude(response=response)
            .order_by("-pk")
            .values_list("folded", flat=True)[:COMPARED]
        )
        if folded in set(newest):
            return True
    return False
