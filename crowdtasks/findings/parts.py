"""What findings hang on the pages of products and rounds (``products.hooks``)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from core import clock
from crowdtasks.findings.actions.triage import builds_published
from crowdtasks.findings.policies import can_report
from crowdtasks.findings.reading import figures_of
from crowdtasks.products import audience, hooks, office
from crowdtasks.products.models import Round
from participation.models import Engagement


def _figures(engagement: Engagement, number: int) -> dict[str, Any] | None:
    """How many, where they stand, and which build mended how many; nothing before the first."""
    figures = figures_of(engagement)
    if not figures.reported:
        return None
    return {"figures": figures, "path": reverse("findings:findings", args=[engagement.public_id])}


def _door(engagement: Engagement, number: int) -> dict[str, Any] | None:
    """The way to the form, where something may be reported, by whom is asked there."""
    verdict = can_report(engagement=engagement, person=None, now=clock.now())
    if not verdict.allowed and not verdict.would_help:
        return None
    if not number and engagement.kind == "round":
        row = Round.objects.filter(engagement=engagement).first()
        if row is not None and not audience.public(row)["open_to_all"]:
            # Invited ones report at the step; a page for everybody promises nobody else a way in.
            return None
    path = reverse("findings:report", args=[engagement.public_id])
    return {
        "path": f"{path}?step={number}" if number else path,
        "signs_in": verdict.would_help,
    }


def _office(engagement: Engagement) -> Iterable[tuple[str | Promise, str]]:
    yield (
        pgettext_lazy("board", "Findings"),
        reverse("findings:board", args=[engagement.public_id]),
    )


def register() -> None:
    """Called from ``ready()``."""
    office.register("findings", _office)
    hooks.register_part("product", "findings/parts/figures.html", _figures, order=20)
    hooks.register_part("round", "findings/parts/figures.html", _figures, order=20)
    hooks.register_part("beside", "findings/parts/door.html", _door, order=20)
    hooks.register_part("step", "findings/parts/at_step.html", _door, order=20)
    hooks.on_builds(builds_published)
