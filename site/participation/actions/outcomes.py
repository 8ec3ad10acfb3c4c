"""The outcome's way to the public: written by one officer and approved by another, with a date.

It may go twice: what was heard first, then what was decided. The texts of each target are
``actions.outcome_items``'.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Role
from accounts.policies import bureaux_for, has_role
from core import audit, clock, jobs, limits
from core.exceptions import Conflict, Refused
from core.text import clean_text
from core.texts import LANGUAGES
from participation import figures, live, outcome_parts, outcome_targets
from participation.models import Engagement, EngagementState, Outcome, OutcomeItem, OutcomeStep
from participation.outcome_faults import check_ready
from participation.policies import is_officer_of

TEXT_LIMIT = 20_000
NOTE_LIMIT = 500


def lock_engagement(engagement: Engagement) -> Engagement:
    """The row, held until the transaction ends: all writes of an outcome queue behind it.

    Without its key, as all officers' acts hold it: a citizen's entry that refers to the row would
    else wait for the officer.
    """
    return (
        Engagement.objects.select_for_update(of=("self",), no_key=True)
        .select_related("owner")
        .get(pk=engagement.pk)
    )


def version_of(outcome: Outcome) -> str:
    """What an approver sends back to say which text was read."""
    return f"{outcome.pk}.{outcome.revision}"


def record(
    verb: str, by: Account, engagement: Engagement, rows: list[Outcome | OutcomeItem]
) -> None:
    """The audit entry of a change of an outcome."""
    audit.record(verb, actor=by, engagement_id=engagement.public_id, rows=rows)


def check_writer(engagement: Engagement, by: Account) -> None:
    """Refused for everybody but officers of the bureau, Conflict while it is not public."""
    if not is_officer_of(by, engagement):
        raise Refused(_("Only an officer of the bureau can do this."))
    if engagement.state != EngagementState.PUBLISHED:
        raise Conflict(_("It has not been published yet."))


def published_by_somebody(outcome: Outcome) -> Conflict:
    """What whoever came second is told: who published it."""
    name = outcome.approved_by.get_full_name() if outcome.approved_by else ""
    if name:
        return Conflict(
            _("The outcome is published. %(name)s approved it.") % {"name": name},
            code="published",
        )
    return Conflict(_("The outcome is published."), code="published")


def draft_of(engagement: Engagement, by: Account) -> Outcome:
    """The outcome to be changed, locked, made when there is none.

    ``engagement`` is locked. Raises as ``check_writer``, and Conflict once published.
    """
    check_writer(engagement, by)
    outcome = Outcome.objects.select_for_update().filter(engagement=engagement).first()
    if outcome is None:
        return Outcome(engagement=engagement, written_by=by, updated_at=clock.now())
    if outcome.published_at:
        raise published_by_somebody(outcome)
    return outcome


def touch(outcome: Outcome, now: dt.datetime) -> None:
    """Note a change: whoever approves sees it as it is now, so it comes back from the approver."""
    outcome.submitted_at = None
    outcome.submitted_step = ""
    outcome.updated_at = now
    outcome.revision += 1
    outcome.save()


@transaction.atomic
def save_outcome(*, engagement: Engagement, text: dict[str, str], by: Account) -> Outcome:
    """Keep the answer in short. Only officers of the bureau; Conflict once published, TooMany."""
    limits.spend("desk_write", by.public_id)
    engagement = lock_engagement(engagement)
    check_writer(engagement, by)
    cleaned = {
        language: clean_text(
            text.get(language, ""), max_length=TEXT_LIMIT, field=f"text_{language}", required=False
        )
        for language in LANGUAGES
    }
    outcome = draft_of(engagement, by)
    kept = {language: value for language, value in cleaned.items() if value}
    if outcome.pk is None or outcome.text != kept:
        # Whoever only presses Save beside another's text has not written it.
        outcome.text, outcome.written_by = kept, by
    touch(outcome, clock.now())
    record("outcome.save", by, engagement, [outcome])
    return outcome


@transaction.atomic
def submit_outcome(
    *, engagement: Engagement, by: Account, step: str = OutcomeStep.OUTCOME
) -> Outcome:
    """Send it for approval: all of it, or (``step`` 'heard') what was heard alone.

    English and Traditional must be there (decision 11), each item must say what was decided, why
    where it is not adopted, and, once overdue, the public must have been told why. Raises
    ``NotReady`` (an Invalid) with every fault at its item, and TooMany.
    """
    limits.spend("desk_step", by.public_id)
    engagement = lock_engagement(engagement)
    check_writer(engagement, by)
    outcome = Outcome.objects.select_for_update().filter(engagement=engagement).first()
    if outcome is not None and outcome.published_at:
        raise published_by_somebody(outcome)
    if outcome is None:
        raise Conflict(_("There is no draft to send."))
    now = clock.now()
    if step == OutcomeStep.HEARD and outcome.heard_at:
        raise Conflict(_("What was heard is published already."))
    check_ready(outcome, engagement, OutcomeStep(step), now)
    if engagement.closes_at and now < engagement.closes_at:
        raise Conflict(_("It is still open: the outcome follows the close."))
    outcome.submitted_at = now
    outcome.submitted_step = step
    outcome.sent_back_note = ""
    outcome.save(update_fields=["submitted_at", "submitted_step", "sent_back_note"])
    record("outcome.submit", by, engagement, [outcome])
    return outcome


def _awaiting(engagement: Engagement, by: Account) -> Outcome:
    """The outcome that lies with the approvers; refuses its writers and other bureaux."""
    if not has_role(by, Role.APPROVER, engagement.owner):
        raise Refused(_("Only an approver of the bureau can do this."))
    outcome = (
        Outcome.objects.select_for_update(of=("self",))
        .select_related("approved_by", "written_by")
        .filter(engagement=engagement)
        .first()
    )
    if outcome is not None and outcome.published_at:
        raise published_by_somebody(outcome)
    if outcome is None or outcome.submitted_at is None:
        raise Conflict(_("Nothing waits for approval here."))
    if is_writer(outcome, by):
        raise Refused(_("Somebody else must approve what you wrote."))
    return outcome


def writers_of(outcome: Outcome) -> set[int]:
    """The persons (one may hold two accounts) who wrote the text, any item or the room's part, as
    it now stands.
    """
    items = outcome.items.filter(removed_at=None, written_by__isnull=False)
    found = set(items.values_list("written_by__person", flat=True))
    found |= outcome_parts.writers_of(outcome.engagement)
    return found | {outcome.written_by.person_id} if outcome.written_by is not None else found


def is_writer(outcome: Outcome, account: Account) -> bool:
    """Whether the account's person is among its writers, who may not approve it."""
    return account.person_id in writers_of(outcome)


def waiting_for(account: Account) -> list[Outcome]:
    """Outcomes this account may approve now, those of its person's own writing not; one query."""
    own = OutcomeItem.objects.filter(
        outcome=OuterRef("pk"), removed_at=None, written_by__person=account.person_id
    )
    rows = Outcome.objects.filter(
        ~Exists(own),
        submitted_at__isnull=False,
        published_at__isnull=True,
        engagement__owner__in=bureaux_for(account, Role.APPROVER),
    ).exclude(written_by__person=account.person_id)
    for parts in outcome_parts.written_by(account.person_id):
        rows = rows.exclude(engagement__in=parts)
    return list(rows.select_related("engagement__owner", "written_by").order_by("submitted_at"))


@transaction.atomic
def approve_outcome(*, engagement: Engagement, by: Account, version: str | None = None) -> Outcome:
    """Publish what was sent: the outcome, or what was heard. By an approver who did not write it.

    ``version`` is ``version_of`` the text that was read; Conflict when it has been rewritten, and
    when somebody else has just published it (the sentence says who). Raises TooMany.
    """
    limits.spend("desk_step", by.public_id)
    engagement = lock_engagement(engagement)
    outcome = _awaiting(engagement, by)
    if version is not None and version != version_of(outcome):
        raise Conflict(_("It was changed since you read it. Read it again."), code="edited")
    now = clock.now()
    if outcome.submitted_step == OutcomeStep.HEARD:
        return _publish_heard(engagement, outcome, by, now)
    items = list(outcome.items.filter(removed_at=None).prefetch_related("citations"))
    if any(item.figures.get("sealed") for item in items):
        outcome_targets.open_results(engagement)
    for item in items:
        item.heard_at = item.heard_at or now
        figures.fill_sealed(item, engagement, now)
        item.save(update_fields=["heard_at", "figures"])
    outcome.approved_by = by
    outcome.published_at = now
    outcome.save(update_fields=["approved_by", "published_at"])
    outcome.engagement = engagement
    cited = [citation for item in items for citation in item.citations.all()]
    audit.record(
        "outcome.publish",
        actor=by,
        engagement_id=engagement.public_id,
        rows=[outcome, *items, *cited, *outcome_parts.publish(engagement)],
    )
    live.restaged(engagement)
    outcome_parts.tell(outcome)
    return outcome


def _publish_heard(
    engagement: Engagement, outcome: Outcome, by: Account, now: dt.datetime
) -> Outcome:
    """Make asked, said, figures and quotes of every item public; they stand from now on."""
    items = list(outcome.items.filter(removed_at=None).prefetch_related("citations"))
    for item in items:
        item.heard_at = now
        item.save(update_fields=["heard_at"])
    outcome.heard_at, outcome.heard_approved_by = now, by
    outcome.submitted_at, outcome.submitted_step = None, ""
    outcome.revision += 1
    outcome.save(
        update_fields=[
            "heard_at",
            "heard_approved_by",
            "submitted_at",
            "submitted_step",
            "revision",
        ]
    )
    cited = [citation for item in items for citation in item.citations.all()]
    audit.record(
        "outcome.heard",
        actor=by,
        engagement_id=engagement.public_id,
        rows=[outcome, *items, *cited],
    )
    live.restaged(engagement)
    jobs.enqueue("participation.tell_readers", "heard", outcome.pk)
    return outcome


@transaction.atomic
def send_back_outcome(*, engagement: Engagement, note: str, by: Account) -> Outcome:
    """Return it to its writer with a note. Raises TooMany."""
    limits.spend("desk_step", by.public_id)
    engagement = lock_engagement(engagement)
    outcome = _awaiting(engagement, by)
    outcome.sent_back_note = clean_text(note, max_length=NOTE_LIMIT, field="note")
    outcome.submitted_at = None
    outcome.submitted_step = ""
    outcome.save(update_fields=["sent_back_note", "submitted_at", "submitted_step"])
    record("outcome.send_back", by, engagement, [outcome])
    return outcome
