"""Every fetch at an edge goes through here; hidden and absent look the same (decision 3)."""

from django.db.models import QuerySet

from accounts.models import Account, Person
from core import clock, ids
from core.exceptions import Absent
from participation.models import Contribution, ContributionState, Engagement, Receipt
from participation.policies import is_officer_of


def _one_engagement(rows: QuerySet[Engagement], public_id: str, *, lock: bool) -> Engagement:
    """The row and, with it, the database's time, which becomes the request's received_at."""
    if lock:
        # Only the engagement's row: joined rows of bureaux must not be locked with it.
        rows = rows.select_for_update(of=("self",))
    row = (
        clock.with_now(rows.select_related("owner", "outcome").prefetch_related("phases"))
        .filter(public_id=public_id)
        .first()
    )
    if row is None:
        raise Absent
    clock.note(row)
    return row


def access_engagement(public_id: str, *, lock: bool = False) -> Engagement:
    """A public engagement, upcoming, open or past. Raises Absent for drafts and unknown ids."""
    return _one_engagement(Engagement.objects.public(), public_id, lock=lock)


def access_own_engagement(
    public_id: str, account: Account | None, *, lock: bool = False
) -> Engagement:
    """Any state, for officers of the owner or a partner bureau; Absent for everybody else."""
    row = _one_engagement(Engagement.objects.all(), public_id, lock=lock)
    if not is_officer_of(account, row):
        raise Absent
    return row


def access_contribution(
    public_id: str, *, person: Person | None = None, lock: bool = False
) -> Contribution:
    """A contribution that this person may read: published ones, and the own in any state.

    Stubs of withheld and withdrawn ones are made from lists, not from here. Raises Absent.
    """
    rows = Contribution.objects.select_related("engagement", "engagement__owner", "person")
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(public_id=public_id).first()
    if row is None or row.engagement.state != "published":
        raise Absent
    own = person is not None and row.person_id == person.pk
    if row.state != ContributionState.PUBLISHED and not own:
        raise Absent
    return row


def access_receipt(code: str) -> Receipt:
    """The receipt whose code was typed or followed; grouping and case do not matter."""
    row = (
        Receipt.objects.select_related("engagement", "engagement__owner", "contribution")
        .filter(code=ids.clean_code(code))
        .first()
    )
    if row is None:
        raise Absent
    return row
