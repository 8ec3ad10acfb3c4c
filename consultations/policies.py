"""Who may write, approve and open papers. Small predicates; roles are asked of the clock."""

from __future__ import annotations

from accounts.models import Account, Bureau, Role
from accounts.policies import has_role
from consultations.models import Submission, SubmissionState


def can_write_papers(account: Account | None, bureau: Bureau) -> bool:
    """Officers and approvers of the very bureau; a parent bureau gains nothing (decision 14)."""
    return has_role(account, Role.OFFICER, bureau) or has_role(account, Role.APPROVER, bureau)


def can_read_papers(account: Account | None, bureau: Bureau) -> bool:
    """Whoever may write them, and administrators, who open doors but write nothing."""
    return can_write_papers(account, bureau) or has_role(account, Role.ADMINISTRATOR)


def can_decide(account: Account | None, submission: Submission) -> bool:
    """Whether the account may approve or send back now: never the own sending (product promise).

    With the bureau: another approver of it. At the central gate: an administrator who has neither
    sent nor approved it. Persons are compared: one may hold two accounts.
    """
    if account is None or _is_same(account, submission.submitted_by):
        return False
    if submission.state == SubmissionState.WAITING:
        return has_role(account, Role.APPROVER, submission.engagement.owner)
    if submission.state == SubmissionState.GATE:
        approved = _is_same(account, submission.approved_by)
        return not approved and has_role(account, Role.ADMINISTRATOR)
    return False


def _is_same(account: Account, other: Account | None) -> bool:
    return other is not None and account.person_id == other.person_id
