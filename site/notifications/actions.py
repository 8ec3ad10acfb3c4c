"""The one way to tell people something. No other part of the platform sends mail.

A notice is a row in the caller's transaction, unique by event and recipient: telling twice adds
nothing. The mail is a job's; a mail server that is down never fails a write.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from accounts.models import Account
from core import clock, jobs, limits
from core.emails import clean_email
from core.texts import known_language
from core.writing import insert_new
from notifications import kinds
from notifications.models import Notice
from notifications.paths import localised

logger = logging.getLogger(__name__)

#: Notices a mail job takes: short enough to be done again cheaply.
JOB_CHUNK = 50
EVENT_KEY_MAXIMUM = 120
#: A notice to a bare address has done its work when its mail went, or never will.
ADDRESS_KEPT = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Address:
    """A recipient without an account. ``unsubscribe_path`` is the one-click end of a follow."""

    email: str
    language: str = "en"
    unsubscribe_path: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """An account with a one-click end of its own (a follower who is signed in)."""

    account: Account
    unsubscribe_path: str = ""


Recipient = Account | Address | Reader


def notify(
    *,
    kind: str,
    event_key: str,
    to: Iterable[Recipient],
    params: Mapping[str, Any],
    path: str | Mapping[str, str] = "",
    unsubscribe_path: str = "",
) -> list[Notice]:
    """Tell ``to`` that something happened; returns the notices that are new.

    ``event_key`` names the event (``decision:<id>``): a second call for the same event and
    recipient adds nothing, so retries are safe. ``params`` are the kind's (see
    ``notifications.standard``); ``path`` is the one link, a path of ours with or without its
    language, or a dict by language. ``unsubscribe_path`` holds for all of ``to`` and is
    overridden by a recipient's own. Rows are written here, mails go out by a job.

    Raises ``kinds.ParamError`` and ``UnknownKind`` for a caller's mistake, ``core.exceptions
    .Invalid`` for an address that is none.
    """
    found = kinds.find(kind)
    if not found.stored:
        raise kinds.ParamError(f"'{kind}' may not be kept in a row: use send_code_mail.")
    if not event_key or len(event_key) > EVENT_KEY_MAXIMUM:
        raise kinds.ParamError("A notice needs an event key of at most 120 characters.")
    kept = kinds.stored_params(found, params)
    rows = [
        _row(found, recipient, kept, event_key=event_key, path=path, stop=unsubscribe_path)
        for recipient in _once(to)
    ]
    if not rows:
        return []
    # Its caller's transaction mostly: nothing here is tried that could fail and be gone on from.
    with transaction.atomic(savepoint=False):
        # What stands already keeps its first wording.
        written = insert_new(rows, named="public_id")
        mailed = [notice.pk for notice in written if notice.mail_wanted]
        for start in range(0, len(mailed), JOB_CHUNK):
            jobs.enqueue("notifications.send_mail", *mailed[start : start + JOB_CHUNK])
    return written


def _once(to: Iterable[Recipient]) -> list[Recipient]:
    """Each recipient once; an account also listed by its address is told in the account only."""
    accounts: dict[int, Recipient] = {}
    addresses: dict[str, Address] = {}
    own: set[str] = set()
    for recipient in to:
        if isinstance(recipient, Address):
            addresses.setdefault(clean_email(recipient.email).lower(), recipient)
            continue
        account = recipient.account if isinstance(recipient, Reader) else recipient
        accounts.setdefault(account.pk, recipient)
        own.add(account.email.lower())
    return [*accounts.values(), *(row for key, row in addresses.items() if key not in own)]


def _row(
    kind: kinds.Kind,
    recipient: Recipient,
    params: dict[str, Any],
    *,
    event_key: str,
    path: str | Mapping[str, str],
    stop: str,
) -> Notice:
    if isinstance(recipient, Address):
        # In lower case, so that two spellings of a box are told once.
        account, address = None, clean_email(recipient.email).lower()
        language, wanted = known_language(recipient.language), True
        stop = recipient.unsubscribe_path or stop
    else:
        account = recipient.account if isinstance(recipient, Reader) else recipient
        address, language = "", known_language(account.language)
        # A confirmed box only: an account that was opened with somebody else's address is quiet.
        wanted = (
            account.is_active
            and account.email_confirmed_at is not None
            and (account.mail_notices or kind.essential(params))
        )
        stop = (recipient.unsubscribe_path if isinstance(recipient, Reader) else "") or stop
    return Notice(
        kind=kind.name,
        event_key=event_key,
        account=account,
        address=address,
        language=language,
        params=params,
        path=localised(path, language),
        unsubscribe_path=localised(stop, language),
        created_at=clock.now(),
        mail_wanted=wanted,
    )


#: The kind of mail for each purpose of a code (``accounts.mailing``).
_CODE_KINDS = {"sign-in": "sign-in-code", "email-change": "address-code"}


def send_code_mail(
    *,
    email: str,
    language: str,
    code: str,
    minutes: int,
    path: str = "",
    purpose: str = "sign-in",
) -> bool:
    """Mail a code at once; the code is in the body only and is kept nowhere by us.

    Call it when the code's row has been committed. Returns whether the mail server took it, so
    that the page can say that it did not; never raises for a mail server that is down.
    """
    from notifications.mail import Letter, send

    kind = kinds.find(_CODE_KINDS[purpose])
    chosen = known_language(language)
    letter = Letter(
        kind=kind,
        to=clean_email(email),
        language=chosen,
        params=kinds.stored_params(kind, {"code": code, "minutes": minutes}),
        path=localised(path, chosen),
    )
    try:
        send(letter)
    except Exception as error:
        # Not logger.exception: a trace may hold the message, and with it the code.
        logger.warning("A code was not mailed.", extra={"error": type(error).__name__})
        return False
    return True


@transaction.atomic
def mark_read(*, notices: models.QuerySet[Notice], by: Account) -> int:
    """Note when the reader saw these notices; those read before keep their first time.

    Raises TooMany.
    """
    limits.spend("notice_read", by.public_id)
    return notices.filter(read_at__isnull=True).update(read_at=clock.now())


@transaction.atomic
def forget_param(*, name: str, event_keys: Iterable[str]) -> int:
    """Take one parameter (a name that was erased) out of the notices of these events.

    The words are then what the kind says without it; a mail that has gone stays gone. The
    parameter must be optional. Returns how many notices changed.
    """
    keys, changed = list(event_keys), 0
    for start in range(0, len(keys), 500):
        rows = Notice.objects.select_for_update(of=("self",)).filter(
            event_key__in=keys[start : start + 500]
        )
        for notice in rows:
            if notice.params.pop(name, None) is not None:
                notice.save(update_fields=["params"])
                changed += 1
    return changed


@transaction.atomic
def forget_told(*, account: Account, events: Iterable[str]) -> int:
    """Delete what an account was told of events whose keys begin so; how many.

    For words of its own that it takes back. A mail that has gone stays gone. The caller holds the
    account, since closing it deletes the same rows.
    """
    wanted = models.Q()
    for begin in events:
        wanted |= models.Q(event_key__startswith=begin)
    if not wanted:
        return 0
    return Notice.objects.filter(wanted, account=account).delete()[0]


@transaction.atomic
def sweep_addresses(*, limit: int = 500) -> int:
    """Delete notices to bare addresses after ``ADDRESS_KEPT``; returns how many.

    Nobody can read them any more, and no event is told again so much later. Notices to accounts
    stay until the account is closed. Safe to run twice.
    """
    old = Notice.objects.filter(account=None, created_at__lte=clock.now() - ADDRESS_KEPT)
    taken = list(old.order_by("pk").values_list("pk", flat=True)[:limit])
    Notice.objects.filter(pk__in=taken).delete()
    return len(taken)
