"""Reads the text of one PDF or Word file, in a process of its own that holds nothing else.

Run as a script by ``consultations.files.reading``: ``reader.py SOURCE CAPS``. It imports nothing of
the platform, limits its own memory and time before a library is loaded, has no environment, and
says what it found as one line of JSON: ``{"pages": [text, ...], "more": bool, "unread": number}``,
or the code of a refusal. ``more``: there is more than the caps allow; ``unread``: pages that could
not be read. What a file is is told by its first bytes.
"""

from __future__ import annotations

import json
import logging
import resource
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MAIN = "word/document.xml"
#: What is not read of a Word file: where a text stood that was moved, and a text box for the second
#: time, for older programs. Nor how a run looked before it was changed, and how the mark at a
#: paragraph's end looks: neither says whether a text is hidden.
_PASSED_OVER = {
    f"{_WORD}moveFrom",
    f"{_WORD}rPrChange",
    f"{_WORD}pPr",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}
#: A Word file with a password is an older kind of file, which holds it under this name.
_OLDER, _LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "EncryptedPackage".encode("utf-16-le")


class Refused(Exception):
    """Why there is no text, as a code the platform has a sentence for."""


def read(source: Path, caps: dict[str, int]) -> dict[str, Any]:
    """The pages of the file; of a Word file, which has none before it is printed, one.

    Raises ``Refused``.
    """
    with source.open("rb") as file:
        head = file.read(1024)
    if b"%PDF-" in head:
        return _pdf(source, caps)
    if head.startswith(b"PK\x03\x04"):
        return _word(source, caps)
    if head.startswith(_OLDER) and _LOCKED in source.read_bytes():
        raise Refused("locked")
    raise Refused("broken")


def _pdf(source: Path, caps: dict[str, int]) -> dict[str, Any]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    broken = (
        *(PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError),
        *(NotImplementedError, ZeroDivisionError, zlib.error),
    )
    try:
        reader = PdfReader(source)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused("locked")
        number = len(reader.pages)
    except Refused:
        raise
    except (*broken, ImportError):
        raise Refused("broken") from None
    pages: list[str] = []
    unread = 0
    room = caps["CHARACTERS"]
    for at in range(min(number, caps["PAGES"])):
        try:
            text = reader.pages[at].extract_text()
        except broken:
            # One page that cannot be read does not hide the others.
            text = ""
            unread += 1
        pages.append(text[:room])
        room -= len(pages[-1])
        if not room:
            break
    return {"pages": pages, "more": len(pages) < number or not room, "unread": unread}


def _word(source: Path, caps: dict[str, int]) -> dict[str, Any]:
    try:
        with zipfile.ZipFile(source) as archive:
            if "[Content_Types].xml" not in archive.namelist():
                raise Refused("broken")
            part = archive.getinfo(_MAIN)
            if part.flag_bits & 0x1:
                raise Refused("locked")
            if part.file_size > caps["UNPACKED_BYTES"]:
                raise Refused("large")
            with archive.open(part) as file:
                text, more = _words(_Counted(file, caps["UNPACKED_BYTES"]), caps["CHARACTERS"])
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, RuntimeError):
        # RuntimeError: NotImplementedError is one, of a way to pack that is not known.
        raise Refused("broken") from None
    return {"pages": [text], "more": more, "unread": 0}


class _Counted:
    """A part that ends the reading where it is longer than the archive says it is."""

    def __init__(self, file: Any, most: int) -> None:
        self._file, self._left = file, most

    def read(self, size: int = -1) -> bytes:
        data: bytes = self._file.read(65536 if size < 0 else min(size, 65536))
        self._left -= len(data)
        if self._left < 0:
            raise Refused("large")
        return data


class _Shown:
    """Whether what is read of a Word file now is what its reader sees, told of each event."""

    def __init__(self) -> None:
        self._passed_over = 0
        # Of each run that is open, a text box's within its own: whether it is hidden.
        self._runs: list[bool] = []

    def __call__(self, event: str, element: Any) -> bool:
        begins = event == "start"
        if element.tag in _PASSED_OVER:
            self._passed_over += 1 if begins else -1
        elif element.tag == f"{_WORD}r":
            if begins:
                self._runs.append(False)
            else:
                self._runs.pop()
        elif self._passed_over:
            pass
        elif begins and element.tag == f"{_WORD}vanish" and self._runs:
            self._runs[-1] = element.get(f"{_WORD}val") not in {"0", "false", "off"}
        return not self._passed_over and not any(self._runs)


def _words(file: Any, most: int) -> tuple[str, bool]:
    """What stands in the document: not what was struck out of it, moved away or hidden, nor its
    notes and margins.
    """
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    said: list[str] = []
    length = 0
    is_shown = _Shown()
    try:
        for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
            shown = is_shown(event, element)
            if event == "start":
                continue
            name = element.tag.removeprefix(_WORD)
            piece = _said(name, element) if shown else ""
            length += len(piece)
            if piece:
                said.append(piece)
            if length > most:
                return "".join(said)[:most], True
            # What was read is let go: a long document is never held as a tree.
            if name == "p":
                element.clear()
    except (DefusedXmlException, ParseError, ValueError, LookupError):
        raise Refused("broken") from None
    return "".join(said), False


def _said(name: str, element: Any) -> str:
    if name == "t":
        return element.text or ""
    if name in {"p", "br", "cr"}:
        return "\n"
    return "\t" if name in {"tab", "tc"} else ""


def _limit(caps: dict[str, int]) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (caps["MEMORY_BYTES"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (caps["WORK_SECONDS"], caps["WORK_SECONDS"] + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Read what the command line names."""
    source, caps = Path(sys.argv[1]), json.loads(sys.argv[2])
    _limit(caps)
    # A library warns of a bad file as often as it likes, and what it says is held by who asked.
    logging.disable()
    try:
        found = read(source, caps)
    except Refused as refusal:
        found = {"refused": str(refusal)}
    except (MemoryError, RecursionError):
        found = {"refused": "large"}
    # Lone surrogates of a broken font are no characters.
    sys.stdout.buffer.write(json.dumps(found).encode())


if __name__ == "__main__":
    main()
