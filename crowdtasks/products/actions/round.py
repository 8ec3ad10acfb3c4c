"""What publishing a round writes: the build it offers, its steps and its questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account, Level
from core import audit, clock
from core.exceptions import Invalid
from core.texts import LANGUAGES
from crowdtasks.actions.giving import set_aside
from crowdtasks.asked import checks_of, seconds_of
from crowdtasks.products import audience
from crowdtasks.products.asked import definition_of_pages
from crowdtasks.products.models import Attempt, Round, RoundPage, Step
from crowdtasks.products.scale import check_scale
from participation import live
from participation.actions.engagement import Schedule
from participation.models import Engagement
from participation.models.engagement import default_levels
from questionnaires.actions.definition import lock_questionnaire, write_questionnaire

#: The kind of engagement a round is.
KIND = "round"
#: What reading a step and saying how it went takes at least; with the questions' own time it is
#: what a try is compared with to tell one that came too fast.
STEP_SECONDS = 20


def schedule_of(draft: RoundPage) -> Schedule:
    """What the source page says of its engagement. Raises ``Invalid`` without dates."""
    opens_at, closes_at = draft.opens_at, draft.closes_at
    if opens_at is None:
        raise Invalid(_("Enter the day it opens."), field="opens_on")
    if closes_at is None:
        raise Invalid(_("Enter the last day."), field="closes_on")
    return Schedule(
        opens_at=opens_at,
        closes_at=closes_at,
        response_due=draft.response_due,
        title={draft.language: draft.title},
        file_number=draft.file_number,
        topics=list(draft.topics),
        districts=list(draft.districts),
        # An open round: whoever comes by tries it, without an account.
        levels={**default_levels(), "answer": Level.ANYONE, "test": Level.ANYONE},
        grace_minutes=draft.grace_minutes,
        moderation_policy=draft.moderation_policy,
        results_from=draft.results_from,
        verbs=("answer", "test"),
        rules_reason={draft.language: draft.rules_reason},
    )


def check_build(draft: RoundPage, engagement: Engagement | None) -> None:
    """Refuse a build of another bureau, or another build once somebody has tried one. Raises
    ``Invalid``."""
    build = draft.build
    if build is not None and build.product.engagement.owner_id != draft.bureau.pk:
        raise Invalid(_("Choose a build of a product of your bureau."), field="build")
    standing = Round.objects.filter(engagement=engagement).first() if engagement else None
    if standing is not None and standing.who != draft.who:
        _refuse_another_audience(standing)
    if standing is None or build is None or standing.build_id == build.pk:
        return
    if Attempt.objects.filter(round=standing).exists():
        raise Invalid(
            _("People have tried build %(version)s already. Open another round for another build.")
            % {"version": standing.build.version},
            field="build",
        )


def _refuse_another_audience(standing: Round) -> None:
    if audience.stands(standing) or Attempt.objects.filter(round=standing).exists():
        raise Invalid(
            _("People were invited or have tried it already: who can try it stays."), field="who"
        )


@transaction.atomic
def write_round(
    *,
    engagement: Engagement,
    opening: Mapping[str, RoundPage],
    source: str,
    by: Account | None,
) -> None:
    """Write the rows of the versions that open; called by the desk's publishing alone.

    Raises ``Invalid`` with the page's field for a build, steps or questions that what people have
    tried does not allow any more, and for a reward that the bureau's budget does not hold.
    """
    page = opening[source]
    # First what is asked: whoever begins a try points to it, and then to the round.
    lock_questionnaire(engagement)
    # Whoever begins a try waits for this row, or is seen below. That is why it is locked whole,
    # with what a new try points to, and the questionnaire is not.
    standing = Round.objects.select_for_update().filter(engagement=engagement).first()
    check_build(page, engagement)
    check_scale(page, standing)
    if page.build is None or page.build.retired_at is not None:
        raise Invalid(_("Choose the build that people try."), field="build")
    definition = definition_of_pages(opening, source)
    write_questionnaire(engagement=engagement, definition=definition, by=by)
    row = standing or Round()
    row.engagement = engagement
    row.build = page.build
    row.asks_sus = page.asks_sus
    row.reward, row.hold_days = page.reward, page.hold_days
    row.reward_places = page.reward_places
    row.seconds = seconds_of(definition) + STEP_SECONDS * len(page.steps)
    row.checks = checks_of(page.questions)
    row.who = page.who
    row.save()
    steps = _write_steps(row, opening, source)
    set_aside(row, by)
    # Its page lists the rounds.
    live.changed(row.build.product.engagement)
    audit.record(
        "round.publish",
        actor=by or audit.SYSTEM,
        engagement_id=engagement.public_id,
        rows=[row, *steps],
    )


def _write_steps(row: Round, opening: Mapping[str, RoundPage], source: str) -> list[Step]:
    """One row for each block of the source page; rows whose block is gone are retired."""
    known = {step.block_id: step for step in Step.objects.filter(round=row)}
    before = {key: (step.order, step.title, step.task) for key, step in known.items()}
    texts = _texts(opening)
    written: list[Step] = []
    for order, block in enumerate(opening[source].steps, start=1):
        step = known.pop(str(block.id), None) or Step(round=row, block_id=str(block.id))
        step.order, step.retired_at = order, None
        step.title = {key: value["title"].strip() for key, value in texts[step.block_id].items()}
        step.task = {key: value["task"].strip() for key, value in texts[step.block_id].items()}
        written.append(step)
    changed = [step for step in written if not _stands(step, before)]
    gone = [step for step in known.values() if step.retired_at is None]
    if (changed or gone) and Attempt.objects.filter(round=row).exists():
        raise Invalid(
            _("People have tried it already: its steps stay, or results could not be compared."),
            field="steps",
        )
    for step in gone:
        step.retired_at = clock.now()
    for step in [*written, *gone]:
        step.save()
    return [*written, *gone]


def _stands(step: Step, before: Mapping[str, tuple[int, Any, Any]]) -> bool:
    """Whether it is as it was, but for languages that came since."""
    if step.block_id not in before:
        return False
    order, title, task = before[step.block_id]
    return (
        step.order == order
        and all(step.title.get(key) == text for key, text in title.items())
        and all(step.task.get(key) == text for key, text in task.items())
    )


def _texts(opening: Mapping[str, RoundPage]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for language in (code for code in LANGUAGES if code in opening):
        for block in opening[language].steps:
            found.setdefault(str(block.id), {})[language] = block.value
    return found
