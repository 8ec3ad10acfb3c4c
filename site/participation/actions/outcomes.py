"""The first outcome: a text written by one officer and approved by another, with a date."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Role
from accounts.policies import has_role
from core import audit, clock, jobs, limits
from core.exceptions import Conflict, Invalid, Refused
from core.text import clean_text
from core.texts import LANGUAGES
from participation import live
from participation.models import Engagement, EngagementState, Outcome
from participation.policies import is_officer_of

TEXT_LIMIT = 20_000
NOTE_LIMIT = 500


def _locked(engagement: Engagement) -> Engagement:
    return (
        Engagement.objects.select_for_update(of=("self",))
        .select_related("owner")
        .get(pk=engagement.pk)
    )


def version_of(outcome: Outcome) -> str:
    """What an approver sends back to say which text was read."""
    return outcome.updated_at.isoformat()


def _record(verb: str, by: Account, engagement: Engagement, outcome: Outcome) -> None:
    audit.record(verb, actor=by, engagement_id=engagement.public_id, rows=[outcome])


@transaction.atomic
def save_outcome(*, engagement: Engagement, text: dict[str, str], by: Account) -> Outcome:
    """Keep a draft. Only officers of the bureau; Conflict once published, TooMany."""
    limits.spend("desk_write", by.public_id)
    engagement = _locked(engagement)
    if not is_officer_of(by, engagement):
        raise Refused(_("Only an officer of the bureau can do this."))
    if engagement.state != EngagementState.PUBLISHED:
        raise Conflict(_("It has not been published yet."))
    cleaned = {
        language: clean_text(
            text.get(language, ""), max_length=TEXT_LIMIT, field=f"text_{language}", required=False
        )
        for language in LANGUAGES
    }
    outcome = Outcome.objects.filter(engagement=engagement).first()
    if outcome and outcome.published_at:
        raise Conflict(_("The outcome is published."))
    if outcome is None:
        outcome = Outcome(engagement=engagement)
    outcome.text = {language: value for language, value in cleaned.items() if value}
    outcome.written_by = by
    # Whoever approves sees the text as it is now: an edit takes it back from the approver.
    outcome.submitted_at = None
    outcome.updated_at = clock.now()
    outcome.save()
    _record("outcome.save", by, engagement, outcome)
    return outcome


@transaction.atomic
def submit_outcome(*, engagement: Engagement, by: Account) -> Outcome:
    """Send it for approval. English and Traditional must be there (decision 11). TooMany."""
    limits.spend("desk_step", by.public_id)
    engagement = _locked(engagement)
    if not is_officer_of(by, engagement):
        raise Refused(_("Only an officer of the bureau can do this."))
    outcome = Outcome.objects.select_for_update().filter(engagement=engagement).first()
    if outcome is None or outcome.published_at:
        raise Conflict(_("There is no draft to send."))
    for language in ("en", "zh-hant"):
        if not outcome.text.get(language):
            raise Invalid(
                _("The outcome must be there in English and Traditional Chinese."),
                field=f"text_{language}",
            )
    now = clock.now()
    if engagement.closes_at and now < engagement.closes_at:
        raise Conflict(_("It is still open: the outcome follows the close."))
    outcome.submitted_at = now
    outcome.sent_back_note = ""
    outcome.save(update_fields=["submitted_at", "sent_back_note"])
    _record("outcome.submit", by, engagement, outcome)
    return outcome


def _awaiting(engagement: Engagement, by: Account) -> Outcome:
    """The outcome that lies with the approvers; refuses its writer and other bureaux."""
    if not has_role(by, Role.APPROVER, engagement.owner):
        raise Refused(_("Only an approver of the bureau can do this."))
    outcome = Outcome.objects.select_for_update().filter(engagement=engagement).first()
    if outcome is None or outcome.submitted_at is None or outcome.published_at:
        raise Conflict(_("Nothing waits for approval here."))
    author = outcome.written_by
    # One person may hold two accounts.
    if author is not None and author.person_id == by.person_id:
        raise Refused(_("Somebody else must approve what you wrote."))
    return outcome


@transaction.atomic
def approve_outcome(*, engagement: Engagement, by: Account, version: str | None = None) -> Outcome:
    """Publish it. By an approver of the owning bureau who did not write it.

    ``version`` is ``version_of`` the text that was read; Conflict when it has been rewritten.
    Raises TooMany.
    """
    limits.spend("desk_step", by.public_id)
    engagement = _locked(engagement)
    outcome = _awaiting(engagement, by)
    if version is not None and version != version_of(outcome):
        raise Conflict(_("It was changed since you read it. Read it again."), code="edited")
    outcome.approved_by = by
    outcome.published_at = clock.now()
    outcome.save(update_fields=["approved_by", "published_at"])
    _record("outcome.publish", by, engagement, outcome)
    live.restaged(engagement)
    jobs.enqueue("participation.tell_readers", "outcome", outcome.pk)
    return outcome


@transaction.atomic
def send_back_outcome(*, engagement: Engagement, note: str, by: Account) -> Outcome:
    """Return it to its writer with a note. Raises TooMany."""
    limits.spend("desk_step", by.public_id)
    engagement = _locked(engagement)
    outcome = _awaiting(engagement, by)
    outcome.sent_back_note = clean_text(note, max_length=NOTE_LIMIT, field="note")
    outcome.submitted_at = None
    outcome.save(update_fields=["sent_back_note", "submitted_at"])
    _record("outcome.send_back", by, engagement, outcome)
    return outcome
