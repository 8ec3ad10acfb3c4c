"""Trying a build: begun, step after step, handed in. Without an account as with one."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Person
from accounts.persons import lock_person
from core import audit, clock, limits
from core.exceptions import Absent, Closed, Conflict, Invalid, Refused
from crowdtasks.products import audience
from crowdtasks.products.actions.awarding import award_try
from crowdtasks.products.models import Attempt, Round, Step, StepResult, Went
from crowdtasks.products.one_place import is_many
from crowdtasks.products.policies import refuse_taken_back
from crowdtasks.products.timing import seconds_between
from participation.policies import can, require
from questionnaires.actions.drafts import begin_draft
from questionnaires.models import Draft, Questionnaire, Response

EASIEST = 7
_GONE = gettext_lazy("This try was handed in or deleted. Begin again from the round's page.")


@transaction.atomic
def begin_attempt(
    *,
    round: Round,
    questionnaire: Questionnaire,
    person: Person | None,
    language: str,
    source: str = "",
    again: bool = False,
) -> Attempt:
    """Begin a try with the draft that holds its answers; the first step's time runs from now.

    ``again``: the visit handed in one before, and only the first has a reward.

    Raises Closed, Refused or SignInNeeded by policy or for who was not invited, Closed
    ('taken_back') where its build is gone, TooMany.
    """
    refuse_taken_back(round)
    if person is not None:
        person = lock_person(person)
    audience.begin(round, person)
    draft = begin_draft(
        questionnaire=questionnaire, person=person, language=language, source=source
    )
    draft.questionnaire = questionnaire
    attempt = Attempt.objects.create(
        round=round,
        draft=draft,
        begun_at=clock.now(),
        again=again,
        # Of the others nobody's code holds a reward: the place's share is not theirs to use up.
        many=person is None and not again and is_many(round, source),
    )
    first = round.steps.filter(retired_at=None).first()
    if first is not None:
        show_step(attempt=attempt, step=first)
    return attempt


def show_step(*, attempt: Attempt, step: Step) -> StepResult:
    """The row of a step whose page is shown next: from now its time runs, unless it ran before."""
    limits.spend("draft_save", _token(attempt))
    try:
        with transaction.atomic():
            return StepResult.objects.get_or_create(
                attempt=attempt, step=step, defaults={"begun_at": clock.now()}
            )[0]
    except IntegrityError:
        return StepResult.objects.get(attempt=attempt, step=step)


@transaction.atomic
def answer_step(
    *, attempt: Attempt, step: Step, went: str, difficulty: int | None, interrupted: bool
) -> StepResult:
    """Keep how a step went. The time is that of the first answer; a correction keeps it.

    Raises Invalid (fields 'went', 'difficulty'), Conflict once it was handed in, Closed after the
    grace, TooMany.
    """
    limits.spend("draft_save", _token(attempt))
    row = _lock(attempt)
    now = clock.now()
    engagement = row.round.engagement
    draft = row.draft
    verdict = can(
        "answer",
        engagement=engagement,
        person=None,
        now=now,
        begun_at=draft.begun_at if draft else None,
    )
    require(verdict)
    if step.round_id != row.round_id or step.retired_at is not None:
        raise Absent
    if went not in Went.values:
        raise Invalid(_("Say how it went."), field="went")
    if difficulty is not None and not 1 <= difficulty <= EASIEST:
        raise Invalid(_("Choose a number from 1 to 7."), field="difficulty")
    result = StepResult.objects.filter(attempt=row, step=step).first()
    if result is None:
        # Its page was never shown by us, so its time says nothing.
        result = StepResult(attempt=row, step=step, begun_at=now)
        interrupted = True
    if result.answered_at is None:
        result.answered_at = now
        result.seconds = seconds_between(result.begun_at, now, interrupted=interrupted)
    elif interrupted:
        result.seconds = None
    result.went, result.difficulty = went, difficulty
    result.save()
    return result


def receive_attempt(response: Response, draft: Draft | None) -> None:
    """Let a response that was just entered be of the try its draft went with, and take a reward.

    Called in the transaction that enters it. Raises Refused where nothing was tried, Invalid
    (``data["steps"]``: the numbers of those that were skipped); nothing is entered then.
    """
    attempt = attempt_of(draft)
    if attempt is None:
        raise Refused(
            _("Try the build first: the questions come after the last step."), code="try_first"
        )
    row = _lock(attempt)
    missing = skipped(row)
    if missing:
        raise Invalid(
            _("Say how each step went first. What you have said is kept."),
            field="steps",
            code="skipped",
            data={"steps": missing},
        )
    audience.finish(row.round, response.person)
    # Begun or saved by somebody signed in, and handed in by nobody: no place may have counted it
    # when it began.
    lent = response.person is None and row.draft is not None and row.draft.person_id is not None
    row.contribution = response.contribution
    row.draft = None
    row.finished_at = clock.now()
    row.save(update_fields=["contribution", "draft", "finished_at"])
    audit.record(
        "attempt.finish",
        actor=response.person or audit.SYSTEM,
        engagement_id=row.round.engagement.public_id,
        subject=row.public_id,
        rows=[row, *row.results.all()],
    )
    award_try(row, response, lent=lent)


def skipped(attempt: Attempt) -> list[int]:
    """The numbers of the steps of which nothing is said yet, from 1."""
    told = set(
        StepResult.objects.filter(attempt=attempt).exclude(went="").values_list("step", flat=True)
    )
    steps = Step.objects.filter(round=attempt.round_id, retired_at=None)
    keys = steps.values_list("pk", flat=True)
    return [number for number, pk in enumerate(keys, start=1) if pk not in told]


def _token(attempt: Attempt) -> str:
    draft = attempt.draft
    if draft is None:
        raise Conflict(_GONE, code="handed_in")
    return draft.token


def _lock(attempt: Attempt) -> Any:
    """The try, locked. Raises Closed where it is gone, Conflict once it was handed in."""
    row = (
        Attempt.objects.select_for_update(of=("self",))
        .select_related("round__engagement", "draft__questionnaire")
        .filter(pk=attempt.pk)
        .first()
    )
    if row is None:
        raise Closed(_GONE, code="gone")
    if row.contribution_id is not None:
        raise Conflict(_GONE, code="handed_in")
    return row


def attempt_of(draft: Draft | None) -> Attempt | None:
    """The try a draft goes with, with its round and what was said of its steps."""
    if draft is None:
        return None
    return (
        Attempt.objects.select_related("round__build", "draft")
        .prefetch_related("results")
        .filter(draft=draft)
        .first()
    )
