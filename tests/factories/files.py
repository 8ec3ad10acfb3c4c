"""Files as citizens send them, good and bad, made by hand."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from itertools import count
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import Account
from core.exceptions import Absent
from participation.access import access_attachment
from participation.actions.attachments import add_file, change_files, describe_files
from participation.models import Attachment, Contribution, Engagement

# The same bytes twice on one tray are one file: each picture has another width.
_sizes = count(50)

_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types '
    'xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships'
    '+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELS = (
    '<?xml version="1.0"?><Relationships '
    'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
DOCX: dict[str, str | bytes] = {
    "[Content_Types].xml": _TYPES,
    "_rels/.rels": _RELS,
    "word/document.xml": '<?xml version="1.0"?><w:document xmlns:w="urn:w"><w:t>Steps</w:t>'
    "</w:document>",
}


def upload(content: bytes, name: str = "photo.jpg", kind: str = "image/jpeg") -> Any:
    """What a view finds in ``request.FILES``; type and name are the sender's word."""
    return SimpleUploadedFile(name, content, content_type=kind)


def picture(
    name: str = "JPEG",
    size: tuple[int, int] = (60, 40),
    *,
    mode: str = "RGB",
    place: bool = False,
    **options: Any,
) -> bytes:
    """A picture; ``place`` writes into it where in Hong Kong it was taken, and by whom."""
    image = Image.new(mode, size, (200, 30, 40, 120)[: len(mode)] if mode != "L" else 90)
    if place:
        exif = Image.Exif()
        exif[0x010F] = "Kaifong Camera"
        exif[0x9286] = "Kwok Mei Mei at home"
        exif[0x0112] = 6
        gps = exif.get_ifd(0x8825)
        gps[1], gps[2], gps[3], gps[4] = "N", (22.0, 19.0, 51.0), "E", (114.0, 10.0, 2.0)
        options["exif"] = exif.tobytes()
    made = io.BytesIO()
    if name == "HEIF":
        import pillow_heif

        pillow_heif.from_pillow(image).save(made, **options)
    else:
        image.save(made, name, **options)
    return made.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header claims a size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + chunk(b"IDAT", zlib.compress(b"\0" * 99))
        + chunk(b"IEND", b"")
    )


def pdf(extra: str = "", *, root: str = "", end: str = "%%EOF\n") -> bytes:
    """A PDF of one empty page; ``root`` goes into its catalogue, ``extra`` is an object more."""
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {root} >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
    ]
    objects += [extra] if extra else []
    made = "%PDF-1.4\n"
    places = []
    for number, text in enumerate(objects, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n{text}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    count = len(objects) + 1
    made += f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n<< /Size {count} /Root 1 0 R >>"
    return (made + f"\nstartxref\n{made.index('xref')}\n{end}").encode()


def archive(parts: dict[str, Any] | list[tuple[Any, Any]], *, packed: bool = True) -> bytes:
    """An archive of these parts; a list may name one twice or give a ``ZipInfo``."""
    made = io.BytesIO()
    method = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(made, "w", method) as file:
        for name, content in parts.items() if isinstance(parts, dict) else parts:
            file.writestr(name, content)
    return made.getvalue()


def docx(**more: Any) -> bytes:
    """A small text document; parts may be added or replaced."""
    return archive({**DOCX, **more.get("parts", {})})


def odt(**more: Any) -> bytes:
    """The same as OpenDocument."""
    info = zipfile.ZipInfo("mimetype")
    content = '<?xml version="1.0"?><office:document-content xmlns:office="urn:o"/>'
    parts = {"content.xml": content, **more.get("parts", {})}
    return archive([(info, "application/vnd.oasis.opendocument.text"), *parts.items()])


TRAY = "0123456789ABCDEFGHJKMNPQRS"
SOURCE = "address:192.0.2.7"


def hold_file(
    engagement: Engagement,
    content: bytes = b"",
    name: str = "photo.jpg",
    *,
    account: Account | None = None,
    tray: str = TRAY,
    alt: str = "",
    kind: str = "comment",
    **options: Any,
) -> Attachment:
    """A file on the tray of a form for entries of a kind here, by the real action."""
    row = add_file(
        upload=upload(content or picture(size=(next(_sizes), 40)), name),
        tray=tray,
        engagement=engagement,
        kind=kind,
        person=account.person if account else None,
        account=account,
        source=SOURCE,
        **options,
    )
    if alt:
        describe_files(tray=tray, words={row.public_id: alt}, source=SOURCE)
        row.refresh_from_db()
    return row


def attach(contribution: Contribution, account: Account, **options: Any) -> Attachment:
    """A file that its author has added to an entry, through the tray."""
    options.setdefault("kind", contribution.kind)
    row = hold_file(contribution.engagement, account=account, **options)
    change_files(contribution=contribution, tray=TRAY, person=account.person, account=account)
    contribution.refresh_from_db()
    row.refresh_from_db()
    return row


def lying(folder: Path) -> list[str]:
    """The files on the disk."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def readable(row: Attachment, account=None, trays=()) -> bool:
    """Whether the reader is given the bytes."""
    try:
        access_attachment(
            row.public_id, account=account, person=account and account.person, trays=trays
        )
    except Absent:
        return False
    return True
