"""What hangs on a person here, when two persons turn out to be one."""

from django.db import transaction

from accounts.models import Person
from core import audit
from participation.actions.vote_merging import settle_merged_votes
from participation.models import Attachment, Contribution, Receipt, Support


@transaction.atomic
def settle_merged(*, keep: Person, gone: Person) -> None:
    """Move everything of ``gone`` to ``keep``; where one person may have one thing, one stays.

    Votes: the earliest stands. Agreement with a comment: once. Receipts keep their codes; a
    second vote receipt of one engagement stays with ``gone``, so that its code still opens.
    """
    settle_merged_votes(keep=keep, gone=gone)
    _contributions(keep, gone)
    _supports(keep, gone)
    Attachment.objects.filter(person=gone).update(person=keep)
    Receipt.objects.filter(person=gone, contribution__isnull=False).update(person=keep)
    taken = Receipt.objects.filter(person=keep, contribution=None).values("engagement")
    Receipt.objects.filter(person=gone, contribution=None).exclude(
        engagement__in=list(taken.values_list("engagement", flat=True))
    ).update(person=keep)


def _contributions(keep: Person, gone: Person) -> None:
    used = set(
        Contribution.objects.filter(person=keep)
        .exclude(idempotency_key="")
        .values_list("idempotency_key", flat=True)
    )
    rows = list(
        Contribution.objects.select_for_update(of=("self",)).filter(person=gone).order_by("pk")
    )
    for row in rows:
        row.person = keep
        if row.idempotency_key in used:
            row.idempotency_key = ""
        row.save(update_fields=["person", "idempotency_key"])
    if rows:
        audit.record("contribution.settle", actor=keep, subject=gone.public_id, rows=rows)


def _supports(keep: Person, gone: Person) -> None:
    theirs = Support.objects.filter(person=gone)
    own = Support.objects.filter(person=keep).values("comment")
    theirs.filter(comment__in=list(own.values_list("comment", flat=True))).delete()
    # Nobody agrees with an own comment, whoever it was written as.
    theirs.filter(comment__contribution__person=keep).delete()
    Support.objects.filter(person=keep, comment__contribution__person=keep).delete()
    theirs.update(person=keep)
