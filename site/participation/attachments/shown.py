"""Files as pages show them: to the public, to a moderator, to the author in a form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.file_fields import KeptFile
from moderation.registry import FileView
from participation.attachments import holders
from participation.attachments.examining import MEDIA_TYPES
from participation.attachments.hiding import grid_of
from participation.models import Attachment, AttachmentState, Contribution

_KINDS: dict[str, str | Promise] = {
    "jpg": gettext_lazy("Picture (JPEG)"),
    "png": gettext_lazy("Picture (PNG)"),
    "pdf": "PDF",
    "docx": "Word",
    "xlsx": "Excel",
    "pptx": "PowerPoint",
    "odt": gettext_lazy("OpenDocument text"),
    "ods": gettext_lazy("OpenDocument spreadsheet"),
    "odp": gettext_lazy("OpenDocument presentation"),
}
_BY_TYPE = {media_type: _KINDS[name] for name, media_type in MEDIA_TYPES.items()}
_STATES: dict[str, str | Promise] = {
    AttachmentState.RECEIVED: gettext_lazy("Being checked for viruses"),
    AttachmentState.QUARANTINED: gettext_lazy("Harmful: nobody is given it"),
}


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A public file: where it is downloaded, and of a picture the small one and its words."""

    id: str
    name: str
    media_type: str
    size: int
    what: str
    address: str
    small: str
    width: int
    height: int
    alt: str


def what_of(row: Attachment) -> str:
    """Type and size in words: ``PDF, 1.2 MB``."""
    words = {"type": _BY_TYPE.get(row.media_type, ""), "size": filesizeformat(row.size)}
    return _("%(type)s, %(size)s") % words


def address_of(row: Attachment) -> str:
    """Where the file is downloaded, in the page's language."""
    return reverse("participation:attachment", args=[row.public_id])


def small_address_of(row: Attachment) -> str:
    """Where the small picture is; "" for documents."""
    if not row.is_picture:
        return ""
    return reverse("participation:attachment-picture", args=[row.public_id])


def files_of(entries: Iterable[Contribution]) -> dict[int, list[ShownFile]]:
    """The public files of these entries by primary key, in one query; nothing of the reader."""
    found: dict[int, list[ShownFile]] = defaultdict(list)
    rows = Attachment.objects.public().filter(contribution__in=[entry.pk for entry in entries])
    for row in rows.order_by("contribution", "position"):
        found[row.contribution_id or 0].append(
            ShownFile(
                id=row.public_id,
                name=row.name,
                media_type=row.media_type,
                size=row.size,
                what=what_of(row),
                address=address_of(row),
                small=small_address_of(row),
                width=row.small_width,
                height=row.small_height,
                alt=row.alt,
            )
        )
    return found


def all_files_of(entries: Iterable[Contribution]) -> dict[int, tuple[FileView, ...]]:
    """All files of these entries by primary key, waiting ones too, for moderators and authors.

    One query, none for kinds that hold no files. Addresses are in the language of the request.
    """
    wanted = [entry.pk for entry in entries if holders.is_known(entry.kind)]
    found: dict[int, tuple[FileView, ...]] = {}
    rows = Attachment.objects.live().filter(contribution__in=wanted) if wanted else ()
    for row in rows:
        clean = row.state == AttachmentState.CLEAN
        view = FileView(
            name=row.name,
            what=what_of(row),
            path=address_of(row) if clean else "",
            small_path=small_address_of(row) if clean else "",
            width=row.small_width,
            height=row.small_height,
            alt=row.alt,
            note=_STATES.get(row.state, ""),
        )
        found[row.contribution_id or 0] = (*found.get(row.contribution_id or 0, ()), view)
    return found


def kept_file(row: Attachment, *, removable: bool = True) -> KeptFile:
    """A file in its author's form: described while it lies on the tray, shown afterwards."""
    clean = row.state == AttachmentState.CLEAN
    waits = row.contribution is not None and row.version > row.contribution.version
    rows, columns = grid_of(row.width, row.height)
    return KeptFile(
        id=row.public_id,
        name=row.name,
        what=what_of(row),
        address=address_of(row) if clean else "",
        small=small_address_of(row) if clean else "",
        width=row.small_width,
        height=row.small_height,
        alt=row.alt,
        state=_STATES.get(row.state, _("Waits for a moderator") if waits else ""),
        described=row.is_picture and row.contribution_id is None,
        removable=removable,
        rows=rows,
        columns=columns,
    )
