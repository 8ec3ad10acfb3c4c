"""Hiding parts of a picture that lies on a form's tray, before anybody is sent it."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.db import transaction

from core import clock, limits
from participation.attachments import store
from participation.attachments.examining import Busy
from participation.attachments.hiding import boxes_of, hide
from participation.models import Attachment, AttachmentState

logger = logging.getLogger(__name__)


def hide_parts(*, attachment: Attachment, parts: Iterable[str], source: str) -> Attachment:
    """Hide the parts ``row-column`` of a picture; what it showed there is kept nowhere.

    The caller fetched it by ``access_held_file``. No parts, a document and a file that is not clean
    are left as they are. ``source`` is the key of the network address. Raises TooMany, and Busy
    where the disk is away. Trap: it takes a second; never call it inside a transaction.
    """
    boxes = boxes_of(parts, attachment.width, attachment.height)
    if not boxes or not attachment.is_picture or attachment.state != AttachmentState.CLEAN:
        return attachment
    limits.spend("attach_change", source)
    try:
        with tempfile.TemporaryDirectory(prefix="kaifong-file-") as name:
            with store.opened(attachment.stored, small=False) as file:
                found = hide(file, attachment.media_type, boxes, Path(name))
            stored = store.keep(found)
    except OSError:
        logger.exception("Parts of a picture could not be hidden.")
        raise Busy from None
    try:
        with transaction.atomic():
            rows = Attachment.objects.select_for_update(of=("self",)).filter(
                pk=attachment.pk, stored=attachment.stored, contribution=None
            )
            row = rows.filter(expires_at__gt=clock.now()).first()
            if row is not None:
                store.remove_later([row.stored])
                row.stored, row.size, row.sha256 = stored, found.size, found.sha256
                row.save(update_fields=["stored", "size", "sha256"])
    except BaseException:
        store.remove([stored])
        raise
    if row is None:
        # It was sent, taken away or changed meanwhile.
        store.remove([stored])
        return attachment
    return row
