"""What a round's bureaux take away: each try with how its steps went and what became of its reward.

Answers are in the files of the report. Here, as there, nothing says who tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import dates
from core.texts import pick
from crowdtasks import integrity
from crowdtasks.products.access import steps_of
from crowdtasks.products.models import Attempt, AwardState, Round, Went
from feedback.files.table import Column, Row

CHUNK = 500


def columns_of(row: Round, language: str) -> list[Column]:
    """Three columns a step between those of the try and those of its reward."""
    found = [
        Column("id", _("Number in the register")),
        Column("finished_at", pgettext_lazy("time", "Received at")),
        Column("seconds", _("Seconds it took")),
    ]
    for number, step in enumerate(steps_of(row), start=1):
        title = f"{number}. {pick(step.title, language).text}"
        found += [
            Column(f"went_{number}", title, lambda key: str(Went(key).label)),
            Column(f"seconds_{number}", _("%(step)s, seconds") % {"step": title}),
            Column(f"ease_{number}", _("%(step)s, ease from 1 to 7") % {"step": title}),
        ]
    return [
        *found,
        Column("state", _("Reward"), lambda key: str(AwardState(key).label)),
        Column(
            "flags",
            _("Why it was looked at"),
            lambda flags: "; ".join(str(words) for words in integrity.names(flags)),
        ),
        Column("points", _("Points")),
    ]


def rows_of(row: Round) -> Iterator[Row]:
    """Tries that stand, in the order they came."""
    numbers = {step.pk: number for number, step in enumerate(steps_of(row), start=1)}
    of_steps = [
        f"{what}_{number}" for number in numbers.values() for what in ("went", "seconds", "ease")
    ]
    found = (
        Attempt.objects.counted()
        .filter(round=row)
        .select_related("contribution__award")
        .prefetch_related("results")
        .order_by("finished_at", "pk")
    )
    for attempt in found.iterator(chunk_size=CHUNK):
        award = getattr(attempt.contribution, "award", None)
        finished = attempt.finished_at or attempt.begun_at
        said: dict[str, Any] = {
            **dict.fromkeys(of_steps),
            "id": attempt.contribution.public_id if attempt.contribution else None,
            "finished_at": finished.astimezone(dates.ZONE).isoformat(timespec="seconds"),
            "seconds": int((finished - attempt.begun_at).total_seconds()),
            "state": award.state if award else None,
            "flags": list(award.flags) if award else None,
            "points": (award.points or None) if award else None,
        }
        for result in attempt.results.all():
            if number := numbers.get(result.step_id):
                said[f"went_{number}"] = result.went or None
                said[f"seconds_{number}"] = result.seconds
                said[f"ease_{number}"] = result.difficulty
        yield said
