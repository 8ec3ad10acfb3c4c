"""What an outcome still lacks before it may be sent for approval, each fault at its item."""

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.exceptions import Invalid
from participation import outcome_parts, outcome_targets
from participation.models import Engagement, Outcome, OutcomeItem, OutcomeStep, Verdict
from participation.stages import days_late

#: The authority languages (decision 11).
NEEDED = ("en", "zh-hant")
_EMPTY: dict[str, str | Promise] = {
    "asked": _("Say what was asked, in English and Traditional Chinese."),
    "said": _("Say what was heard, in English and Traditional Chinese."),
    "decided": _("Say what was decided, in English and Traditional Chinese."),
    "why": _("Say why it is not adopted, in English and Traditional Chinese."),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is missing. ``item`` is None for the outcome as a whole."""

    sentence: str | Promise
    field: str
    item: OutcomeItem | None = None
    #: A target without an item: its kind and key.
    target: tuple[str, str] | None = None
    #: What the room's part lacks, with its own page.
    lack: outcome_parts.Lack | None = None


class NotReady(Invalid):
    """The outcome cannot be sent yet; ``faults`` says all that is missing, in order."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(faults[0].sentence, field=faults[0].field, code="not-ready")
        self.faults = faults


def _lacking(texts: dict[str, str]) -> str:
    """The first authority language that has no text, '' when all are there."""
    return next((language for language in NEEDED if not texts.get(language, "").strip()), "")


def item_faults(item: OutcomeItem, step: OutcomeStep) -> list[Fault]:
    """What one item lacks for this step."""
    names = ["asked", "said"]
    found = []
    if step == OutcomeStep.OUTCOME:
        if not item.verdict:
            found.append(Fault(_("Choose what became of it."), "verdict", item))
        names.append("decided")
        if item.verdict == Verdict.NOT_ADOPTED:
            names.append("why")
    for name in names:
        language = _lacking(getattr(item, name))
        if language:
            found.append(Fault(_EMPTY[name], f"{name}_{language}", item))
    return found


def faults_of(
    outcome: Outcome, engagement: Engagement, step: OutcomeStep, now: dt.datetime
) -> list[Fault]:
    """Everything that keeps it from being sent; a constant number of queries."""
    found: list[Fault] = []
    items = list(outcome.items.filter(removed_at=None)) if outcome.pk else []
    if step == OutcomeStep.OUTCOME:
        language = _lacking(outcome.text)
        if language:
            found.append(
                Fault(
                    _("The outcome must be there in English and Traditional Chinese."),
                    f"text_{language}",
                )
            )
        found += [
            Fault(lack.sentence, "part", lack=lack) for lack in outcome_parts.lacks_of(engagement)
        ]
    elif not items:
        found.append(Fault(_("Begin with at least one part: there is nothing to tell."), "items"))
    for item in items:
        found += item_faults(item, step)
    found += _unanswered(engagement, items)
    if days_late(engagement, now) and not is_explained(engagement):
        found.append(
            Fault(_("It is late: first tell the public why, and until when."), "late_reason")
        )
    return found


def _unanswered(engagement: Engagement, items: list[OutcomeItem]) -> list[Fault]:
    """Targets that must each be answered (questions) and have no item (ux P20)."""
    there = {(item.target_kind, item.target_key) for item in items}
    return [
        Fault(_("Each question needs an answer of its own."), "items", target=(view.kind, view.key))
        for kind in outcome_targets.kinds()
        if kind.every
        for view in kind.views(engagement)
        if not view.retired and (view.kind, view.key) not in there
    ]


def is_explained(engagement: Engagement) -> bool:
    """Whether the public was told why this answer is late."""
    return engagement.public_notices.filter(
        kind="late", data__response_due=_due(engagement)
    ).exists()


def _due(engagement: Engagement) -> str:
    return engagement.response_due.isoformat() if engagement.response_due else ""


def check_ready(
    outcome: Outcome, engagement: Engagement, step: OutcomeStep, now: dt.datetime
) -> None:
    """Raise ``NotReady`` unless nothing is missing."""
    faults = faults_of(outcome, engagement, step, now)
    if faults:
        raise NotReady(faults)
