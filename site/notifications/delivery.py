"""Mailing notices: each once, however often and by how many workers the job is run.

A worker first *claims* the notice by a conditional update, then sends, then notes ``mailed_at``.
Two workers never send the same notice; a job that is delivered three times sends one mail. Only a
process killed between the mail server's yes and our note leaves the claim open: after ``LEASE`` it
is taken again, and the mail may arrive twice (with the same Message-ID, which most mailboxes fold
into one). The other order would lose a mail there instead, and a lost decision is worse than a
doubled one: **at least once across a crash, exactly once otherwise**.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from core import clock, jobs
from notifications import kinds
from notifications.mail import Letter, send
from notifications.models import Notice

logger = logging.getLogger(__name__)

MAX_TRIES = 5
#: Pause after the first, second, third and fourth failed try.
PAUSES = (
    dt.timedelta(minutes=1),
    dt.timedelta(minutes=5),
    dt.timedelta(minutes=30),
    dt.timedelta(hours=2),
)
#: A claim older than this belonged to a process that is gone.
LEASE = dt.timedelta(minutes=10)
STUCK_AT_ONCE = 500


def _unsent(now: dt.datetime) -> QuerySet[Notice]:
    """Mails that nobody is sending now, whose next try has come and that still have one."""
    return Notice.objects.filter(
        Q(mail_claimed_at__isnull=True) | Q(mail_claimed_at__lte=now - LEASE),
        Q(mail_next_at__isnull=True) | Q(mail_next_at__lte=now),
        mail_wanted=True,
        mailed_at__isnull=True,
        mail_tries__lt=MAX_TRIES,
    )


def deliver(notice_id: int) -> bool:
    """Send the mail of one notice if it is still to be sent; returns whether this call sent it.

    A failure is noted on the row and tried again later (five tries in all); it never raises.
    """
    # A scope of its own: in a job of fifty mails the claim must carry the time of the claim.
    with clock.fresh_scope():
        now = clock.now()
        taken = (
            _unsent(now)
            .filter(pk=notice_id)
            .update(mail_claimed_at=now, mail_tries=F("mail_tries") + 1)
        )
        if not taken:
            return False
        notice = Notice.objects.select_related("account").filter(pk=notice_id).first()
        if notice is None:
            # Its reader took it back, or closed the account, just now.
            return False
        try:
            send(letter_of(notice))
        except Exception as error:
            _note_failure(notice, error)
            return False
        _note_success(notice)
        return True


def _note_success(notice: Notice) -> None:
    changes: dict[str, Any] = {
        "mailed_at": clock.now(),
        "mail_claimed_at": None,
        "mail_next_at": None,
        "mail_error": "",
    }
    if kinds.find(notice.kind).secret_path:
        changes["path"] = ""
    Notice.objects.filter(pk=notice.pk).update(**changes)


def letter_of(notice: Notice) -> Letter:
    """The letter of a notice, to the recipient's present address."""
    account = notice.account
    return Letter(
        kind=kinds.find(notice.kind),
        to=account.email if account is not None else notice.address,
        language=notice.language,
        params=notice.params,
        path=notice.path,
        unsubscribe_path=notice.unsubscribe_path,
        public_id=notice.public_id,
        has_account=account is not None,
    )


def _note_failure(notice: Notice, error: Exception) -> None:
    # The kind of fault only: a server's answer often repeats the recipient's address.
    logger.warning(
        "A notice was not mailed.",
        extra={"notice": notice.public_id, "try": notice.mail_tries, "error": type(error).__name__},
    )
    over = notice.mail_tries >= MAX_TRIES
    again = None if over else clock.now() + PAUSES[notice.mail_tries - 1]
    changes: dict[str, Any] = {
        "mail_claimed_at": None,
        "mail_next_at": again,
        "mail_error": type(error).__name__[:200],
    }
    if over and kinds.find(notice.kind).secret_path:
        changes["path"] = ""
    with transaction.atomic():
        Notice.objects.filter(pk=notice.pk).update(**changes)
        if again is not None:
            jobs.enqueue("notifications.send_mail", notice.pk, run_after=again)


def stuck() -> list[int]:
    """Notices whose mail should have gone by now: their job was lost, or a worker was killed."""
    late = clock.now() - LEASE
    due = Q(mail_next_at__isnull=True) | Q(mail_next_at__lte=late)
    rows = _unsent(clock.now()).filter(due, created_at__lte=late).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:STUCK_AT_ONCE])
