"""Every fetch at an edge goes through here; hidden and absent look the same (decision 3)."""

from collections.abc import Iterable

from django.core import signing
from django.db.models import QuerySet

from accounts.keys import token_hash
from accounts.models import Account, Person
from core import clock, ids
from core.exceptions import Absent, SignInNeeded
from participation.models import (
    Attachment,
    AttachmentState,
    Comment,
    Contribution,
    ContributionState,
    Engagement,
    Follow,
    Outcome,
    Receipt,
    Thread,
)
from participation.models.pages import FacePage
from participation.policies import can_read_file

#: What signs the one-click end of mails to contributors.
STOP_SALT = "participation.stop-mails"


def _one_engagement(rows: QuerySet[Engagement], public_id: str, *, lock: bool) -> Engagement:
    """The row and, with it, the database's time, which becomes the request's received_at."""
    if lock:
        # Only the engagement's row: joined rows of bureaux must not be locked with it. And not its
        # key: entries that refer to it need not wait.
        rows = rows.select_for_update(of=("self",), no_key=True)
    return _timed(rows.filter(public_id=public_id))


def _timed(rows: QuerySet[Engagement], *more: str) -> Engagement:
    rows = rows.select_related("owner", "outcome", *more).prefetch_related("phases")
    row = clock.with_now(rows).first()
    if row is None:
        raise Absent
    clock.note(row)
    return row


def access_engagement_of(page: FacePage, *more: str) -> Engagement:
    """The public engagement of a page, with its phases, owner, outcome and the clock's time.

    ``more`` names rows of the room that are read along. Raises Absent.
    """
    return _timed(Engagement.objects.public().filter(translation_key=page.translation_key), *more)


def access_engagement(public_id: str, *, lock: bool = False) -> Engagement:
    """A public engagement, upcoming, open or past. Raises Absent for drafts and unknown ids."""
    return _one_engagement(Engagement.objects.public(), public_id, lock=lock)


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
        Receipt.objects.select_related(
            "engagement", "engagement__owner", "engagement__outcome", "contribution"
        )
        .filter(code=ids.clean_code(code))
        .first()
    )
    if row is None:
        raise Absent
    return row


def access_thread(engagement: Engagement, key: str) -> Thread:
    """A thread of this very engagement, retired or not: what was said there stays readable."""
    thread = Thread.objects.filter(engagement=engagement, key=key[:40]).first()
    if thread is None:
        raise Absent
    thread.engagement = engagement
    return thread


def access_comment(
    public_id: str, *, engagement: Engagement | None = None, thread: Thread | None = None
) -> Comment:
    """A comment that everybody may read, of this engagement and thread where named. Or Absent."""
    rows = Comment.objects.select_related(
        "contribution", "contribution__engagement", "contribution__engagement__owner", "thread"
    ).filter(
        contribution__public_id=public_id,
        contribution__state=ContributionState.PUBLISHED,
        contribution__engagement__state="published",
    )
    if engagement is not None:
        rows = rows.filter(contribution__engagement=engagement)
    if thread is not None:
        rows = rows.filter(thread=thread)
    comment = rows.first()
    if comment is None:
        raise Absent
    comment.thread.engagement = comment.contribution.engagement
    return comment


def access_own_contribution(public_id: str, person: Person | None) -> Contribution:
    """An own entry in any state. Raises SignInNeeded for nobody, Absent for everybody else."""
    if person is None:
        raise SignInNeeded
    row = (
        Contribution.objects.select_related(
            "engagement", "engagement__owner", "receipt", "comment", "comment__thread"
        )
        .filter(public_id=public_id, person=person, engagement__state="published")
        .first()
    )
    if row is None:
        raise Absent
    return row


def access_attachment(
    public_id: str,
    *,
    account: Account | None,
    person: Person | None,
    trays: Iterable[str] = (),
) -> Attachment:
    """A file whose bytes this reader may have: ``can_read_file``, or one on an own form's tray.

    ``trays`` are the tokens of the reader's visit. Raises Absent for everything else: files that
    are not clean, taken away, past their time, of somebody else's tray, and for unknown ids.
    """
    row = (
        Attachment.objects.live()
        .select_related("contribution__engagement__owner", "person")
        .filter(public_id=public_id, state=AttachmentState.CLEAN)
        .first()
        if ids.is_public_id(public_id)
        else None
    )
    if row is None:
        raise Absent
    if row.contribution is None:
        _check_held(row, person, trays)
    elif not can_read_file(attachment=row, account=account, person=person).allowed:
        raise Absent
    return row


def _check_held(row: Attachment, person: Person | None, trays: Iterable[str]) -> None:
    own = person is not None and row.person_id == person.pk
    mine = own or row.tray in {token_hash(token) for token in trays}
    if not mine or row.expires_at is None or row.expires_at <= clock.now():
        raise Absent


def access_held_file(public_id: str, *, tray: str) -> Attachment:
    """A file on this tray, in any state, to be taken away again. Raises Absent."""
    rows = Attachment.objects.in_tray(token_hash(tray), clock.now())
    row = rows.filter(public_id=public_id).first() if tray and ids.is_public_id(public_id) else None
    if row is None:
        raise Absent
    return row


def access_own_file(public_id: str, *, contribution: Contribution) -> Attachment:
    """A file of this entry, in any state, for its author. Raises Absent."""
    rows = Attachment.objects.live().filter(contribution=contribution)
    row = rows.filter(public_id=public_id).first() if ids.is_public_id(public_id) else None
    if row is None:
        raise Absent
    return row


def access_follow(token: str) -> Follow:
    """The follow that a mailed link is about, ended or not. Raises Absent."""
    row = (
        Follow.objects.select_related("engagement", "engagement__owner", "bureau", "account")
        .filter(token=token[:32])
        .first()
    )
    if row is None:
        raise Absent
    return row


def access_mails_stop(token: str) -> Account:
    """The account whose mail carried this signed token. Raises Absent for any other text."""
    try:
        public_id = signing.loads(token, salt=STOP_SALT)
    except signing.BadSignature:
        raise Absent from None
    row = Account.objects.filter(public_id=public_id, is_active=True).first()
    if row is None:
        raise Absent
    return row


def access_outcome(public_id: str) -> tuple[Engagement, Outcome]:
    """The outcome of a public engagement, once what was heard or decided is public. Or Absent."""
    engagement = access_engagement(public_id)
    outcome = Outcome.objects.filter(engagement=engagement).first()
    if outcome is None or (outcome.heard_at is None and outcome.published_at is None):
        raise Absent
    outcome.engagement = engagement
    return engagement, outcome
