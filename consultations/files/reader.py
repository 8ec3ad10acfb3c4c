"""Reads the text of one PDF or Word file, in a process of its own that holds nothing else.

Run as a script by ``consultations.files.reading``: ``reader.py SOURCE CAPS``. It imports nothing of
the platform, limits its own memory and time before a library is loaded, has no environment, and
says what it found as one line of JSON: ``{"pages": [text, ...], "more": bool}``, or the code of a
refusal. ``more``: there is more than the caps allow. What a file is is told by its first bytes.
"""

from __future__ import annotations

import json
import resource
import sys
import zipfile
from pathlib import Path
from typing import Any

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MAIN = "word/document.xml"


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
    raise Refused("broken")


def _pdf(source: Path, caps: dict[str, int]) -> dict[str, Any]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    broken = (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError)
    try:
        reader = PdfReader(source)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused("locked")
        number = len(reader.pages)
    except Refused:
        raise
    except (*broken, NotImplementedError, ZeroDivisionError, ImportError):
        raise Refused("broken") from None
    pages: list[str] = []
    room = caps["CHARACTERS"]
    for at in range(min(number, caps["PAGES"])):
        try:
            text = reader.pages[at].extract_text()
        except (*broken, NotImplementedError, ZeroDivisionError):
            # One page that cannot be read does not hide the others.
            text = ""
        pages.append(text[:room])
        room -= len(pages[-1])
        if not room:
            break
    return {"pages": pages, "more": len(pages) < number or not room}


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
    except (zipfile.BadZipFile, KeyError, NotImplementedError, EOFError, OSError, RuntimeError):
        raise Refused("broken") from None
    return {"pages": [text], "more": more}


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


def _words(file: Any, most: int) -> tuple[str, bool]:
    """What stands in the document: not what was struck out of it, nor its notes and margins."""
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    said: list[str] = []
    length = 0
    try:
        for _event, element in iterparse(file, events=("end",), forbid_dtd=True):
            name = element.tag.removeprefix(_WORD)
            if name == "t":
                said.append(element.text or "")
            elif name in {"p", "br", "cr"}:
                said.append("\n")
            elif name in {"tab", "tc"}:
                said.append("\t")
            else:
                continue
            length += len(said[-1])
            if length > most:
                return "".join(said)[:most], True
            # What was read is let go: a long document is never held as a tree.
            if name == "p":
                element.clear()
    except (DefusedXmlException, ParseError, ValueError, LookupError):
        raise Refused("broken") from None
    return "".join(said), False


def _limit(caps: dict[str, int]) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (caps["MEMORY_BYTES"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (caps["WORK_SECONDS"], caps["WORK_SECONDS"] + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Read what the command line names."""
    source, caps = Path(sys.argv[1]), json.loads(sys.argv[2])
    _limit(caps)
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
