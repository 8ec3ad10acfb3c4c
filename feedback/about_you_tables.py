"""What people told about themselves after the submit: figures alone, one table a fact."""

from __future__ import annotations

from collections import Counter

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from feedback.sections import Column, Table, share, words
from participation.models import Engagement
from questionnaires.about_you import FACTS, choices
from questionnaires.models import AboutYou

CHUNK = 5000


def tables(engagement: Engagement) -> list[Table]:
    """A table for each fact somebody told, never two facts together: no person is pieced out."""
    counted: dict[str, Counter[str]] = {fact: Counter() for fact in FACTS}
    rows = AboutYou.objects.filter(
        response__questionnaire__engagement=engagement, response__live=True
    ).order_by()
    for facts in rows.values_list("facts", flat=True).iterator(chunk_size=CHUNK):
        for fact, counts in counted.items():
            if facts.get(fact):
                counts[facts[fact]] += 1
    return [_table(fact, counts) for fact, counts in counted.items() if counts]


def _table(fact: str, counts: Counter[str]) -> Table:
    told = sum(counts.values())
    return Table(
        key=f"about-you-{fact}",
        title=FACTS[fact][0],
        columns=[
            Column("answer", pgettext_lazy("report", "Answer"), "words"),
            Column("count", pgettext_lazy("report", "Number")),
            Column("share", _("Share (%)"), "share"),
        ],
        rows=[
            [words(label), counts[key], share(counts[key], told)] for key, label in choices(fact)
        ],
        chart=("count",),
        note=words(
            lambda: (
                ngettext(
                    "n = %(told)d, told freely after the submit.",
                    "n = %(told)d, told freely after the submit.",
                    told,
                )
                % {"told": told}
            )
        ),
    )
