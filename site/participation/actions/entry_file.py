"""One file straight to an entry that was received: for programs, which hold no form's tray."""

from __future__ import annotations

import secrets
from typing import Any

from accounts.models import Account, Person
from participation.actions.attachments import (
    add_file,
    change_files,
    describe_files,
    remove_file,
)
from participation.models import Attachment, Contribution


def send_file(
    *,
    upload: Any,
    alt: str,
    contribution: Contribution,
    person: Person,
    account: Account | None,
    source: str,
) -> Attachment:
    """Add one file to an own entry, described by ``alt`` if it is a picture: a new version of it.

    The same bytes again are the file that is there, and write nothing. Raises what ``add_file``,
    ``describe_files`` and ``change_files`` do; then nothing is left of the file. Trap: it takes
    seconds; never call it inside a transaction.
    """
    tray = secrets.token_urlsafe(24)
    engagement = contribution.engagement
    held = add_file(
        upload=upload,
        tray=tray,
        engagement=engagement,
        kind=contribution.kind,
        person=person,
        account=account,
        source=source,
        contribution=contribution,
    )
    there = Attachment.objects.live().filter(contribution=contribution, sha256=held.sha256).first()
    try:
        if there is None:
            describe_files(tray=tray, words={held.public_id: alt}, source=source)
            change_files(contribution=contribution, tray=tray, person=person, account=account)
    finally:
        held = Attachment.objects.get(pk=held.pk)
        if held.contribution_id is None:
            remove_file(attachment=held, person=person, account=account, source=source)
    return there or held
