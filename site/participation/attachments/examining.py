"""Takes an upload apart: counts it, has it opened in a process of its own, says what it is.

Nothing here trusts what the sender said of the file: not its name, its type, nor its length.
"""

from __future__ import annotations

import hashlib
import json
import logging
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.exceptions import DomainError, Invalid
from participation.attachments import caps

logger = logging.getLogger(__name__)

#: The one field of a form that takes files.
FIELD = "files"
MEDIA_TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}
_SENTENCES: dict[str, str | Promise] = {
    "empty": _("The file is empty."),
    "size": _("The file is larger than 10 MB."),
    "type": _(
        "This kind of file is not taken. Send a picture (JPEG, PNG, WebP, HEIC), a PDF, or a Word, "
        "Excel, PowerPoint or OpenDocument file."
    ),
    "broken": _("The file is damaged or did not arrive whole. Send it again."),
    "pixels": _("The picture has too many pixels. Make it smaller (at most 40 megapixels)."),
    "frames": _("The picture has too many frames. Send a still one."),
    "locked": _("The file is locked with a password. Send it without one."),
    "active": _("The file holds a program, a form or another file. Send it as a plain PDF."),
    "nested": _("The file holds another file inside. Send it as a plain PDF."),
    "outside": _("The file fetches something from elsewhere. Send it as a plain PDF."),
    "mixed": _("The file is two kinds of file at once. Save it anew and send that."),
    "bomb": _("The file unpacks to far more than it seems. Send it as a plain PDF."),
    "large": _("The file is too complicated to be opened here. Send a smaller one."),
}
#: The caps the examiner is told.
_TOLD = (
    *("PIXELS", "SIDE", "FRAMES", "KEPT_SIDE", "SMALL_SIDE", "PARTS", "UNPACKED_BYTES"),
    *("UNPACKED_RATIO", "OBJECTS", "MEMORY_BYTES", "WORK_SECONDS"),
)
# Two at a time: opening a picture takes memory, and the rest of the platform goes on.
_turns = threading.BoundedSemaphore(2)
_WAIT_FOR_TURN = 20.0


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that may be kept. ``path`` is what is kept: pictures as made anew, never as sent.

    ``small`` is the small picture (WebP), of pictures only; the sizes are in pixels, 0 for
    documents. Both files are gone when the ``with`` block ends.
    """

    extension: str
    media_type: str
    size: int
    sha256: str
    path: Path
    small: Path | None
    width: int = 0
    height: int = 0
    small_width: int = 0
    small_height: int = 0


class Busy(DomainError):
    """Too many files are being opened at this moment, or they cannot be opened at all (503)."""

    default_message = _("Files cannot be taken at the moment. Try again in a minute.")
    default_code = "files_busy"
    default_status = 503


@contextmanager
def examined(upload: IO[bytes] | Any) -> Iterator[Examined]:
    """Examine an upload and give what may be kept of it, for as long as the block lasts.

    Raises ``Invalid`` (field ``files``, the code says why) for a file that is not taken and
    ``Busy`` when none can be opened now. Trap: call it outside any transaction; it takes seconds.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="kaifong-file-") as name:
            yield _examine(upload, Path(name))
    except OSError:
        # The disk is full, or the folder is gone: what was typed is kept by the form.
        logger.exception("A file could not be examined.")
        raise Busy from None


def _examine(upload: Any, folder: Path) -> Examined:
    source = folder / "sent"
    if not _copy(upload, source):
        raise refused("empty")
    found = _ask(source, folder)
    if code := found.get("refused"):
        raise refused(code)
    extension = found.pop("extension")
    small = folder / "small"
    # No picture is kept as it was sent: where it was taken is written in it (U6).
    path = folder / "made" if small.exists() else source
    return Examined(
        extension=extension,
        media_type=MEDIA_TYPES[extension],
        size=path.stat().st_size,
        sha256=_digest(path),
        path=path,
        small=small if small.exists() else None,
        **found,
    )


def refused(code: str) -> Invalid:
    """The refusal of a file, with the sentence for its code."""
    return Invalid(_SENTENCES.get(code, _SENTENCES["broken"]), field=FIELD, code=f"file_{code}")


def _copy(upload: Any, source: Path) -> int:
    """Write the bytes down while counting them; the announced size is not asked."""
    written = 0
    pieces = upload.chunks() if hasattr(upload, "chunks") else iter(lambda: upload.read(65536), b"")
    with source.open("wb") as file:
        for piece in pieces:
            written += len(piece)
            if written > caps.FILE_BYTES:
                raise refused("size")
            file.write(piece)
    return written


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _ask(source: Path, folder: Path) -> dict[str, Any]:
    """What the examiner says; it works in a process that may die, without an environment."""
    numbers = {name: getattr(caps, name) for name in _TOLD}
    numbers["WRITTEN_BYTES"] = 6 * caps.FILE_BYTES
    script = Path(__file__).with_name("examiner.py")
    command = [sys.executable, "-I", str(script), str(source), str(folder), json.dumps(numbers)]
    if not _turns.acquire(timeout=_WAIT_FOR_TURN):
        raise Busy
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={"PATH": "", "TMPDIR": str(folder)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=caps.WAIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"refused": "large"}
    finally:
        _turns.release()
    if done.returncode < 0:
        # Killed by its limits, or a decoder that fell over: the file is at fault.
        return {"refused": "large"}
    if done.returncode:
        logger.error("The examiner failed: %s", done.stderr.decode(errors="replace")[-300:])
        return {"refused": "broken"}
    found: dict[str, Any] = json.loads(done.stdout)
    return found
