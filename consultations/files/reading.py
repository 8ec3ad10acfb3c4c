"""From a file to the parts of its text that can be found (docs/adr/0066).

The file is opened in a process of its own, within bounds; what it says is put together line by
line, as it is read, and cut into parts of whole pages that the index can hold.
"""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)

#: What is read of one file, in how long and with how much memory.
FILE_BYTES = 50 * 1024 * 1024
CAPS = {
    "PAGES": 1000,
    "CHARACTERS": 1_000_000,
    "UNPACKED_BYTES": 100 * 1024 * 1024,
    "MEMORY_BYTES": 1024 * 1024 * 1024,
    "WORK_SECONDS": 60,
}
#: And by the clock, where the machine is busy.
WAIT_SECONDS = 180
#: Less than what a row of the index is found by (``search.tokens.LONGEST_BODY``).
PART = 40_000
READABLE = frozenset({"pdf", "docx"})

#: Why a file's text is not found, or not all of it, to the officer who put it there.
SENTENCES: dict[str, str | Promise] = {
    "locked": _("Search cannot find its text: the file is locked with a password."),
    "broken": _("Search cannot find its text: the file is damaged, or is not a PDF or Word file."),
    "large": _("Search cannot find its text: the file is too large or takes too long to read."),
    "empty": _("Search cannot find its text: it has none, as where pages are scanned pictures."),
    "gone": _("Search cannot find its text: the file is not there."),
    "partly": _("Search finds only its first part: the file is long."),
    "unread": _("Some pages could not be read, so search finds only the others."),
}
#: Characters of Chinese text and its signs: a line that ends between two goes on without a blank.
_CHINESE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_BROKEN_LINE = re.compile(f"(?<=[{_CHINESE}])[ \t]*\n[ \t]*(?=[{_CHINESE}])")
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class Part:
    """Whole pages of a file: the number of the first one, and what they say."""

    page: int
    text: str


@dataclass(frozen=True)
class Read:
    """What a file says. ``code``: why it says nothing, or not all of it; '' where all is there."""

    code: str = ""
    parts: list[Part] = field(default_factory=list)

    @property
    def is_chinese(self) -> bool:
        """Whether more than a fifth of its first part is Chinese."""
        text = self.parts[0].text if self.parts else ""
        return len(_HAN.findall(text)) * 5 > len(text)


def read_file(file: Any) -> Read:
    """The text of a stored file. Raises nothing for any file; takes seconds, so a job calls it."""
    try:
        if file.size > FILE_BYTES:
            return Read("large")
        with tempfile.NamedTemporaryFile(prefix="kaifong-read-") as kept:
            with file.open("rb") as opened:
                left = FILE_BYTES
                while left >= 0 and (piece := opened.read(1024 * 1024)):
                    kept.write(piece)
                    left -= len(piece)
            kept.flush()
            found = _ask(Path(kept.name)) if left >= 0 else {"refused": "large"}
    except FileNotFoundError:
        return Read("gone")
    if "refused" in found:
        return Read(found["refused"] if found["refused"] in SENTENCES else "broken")
    parts = list(_parts(map(_cleaned, found["pages"])))
    if not parts:
        return Read("broken" if found["unread"] else "empty")
    return Read("partly" if found["more"] else "unread" if found["unread"] else "", parts)


def _ask(source: Path) -> dict[str, Any]:
    """What the reader says; it works in a process that may die, without an environment."""
    script = Path(__file__).with_name("reader.py")
    command = [sys.executable, "-I", "-W", "ignore", str(script), str(source), json.dumps(CAPS)]
    try:
        done = subprocess.run(
            command,
            cwd=source.parent,
            env={"PATH": ""},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=WAIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"refused": "large"}
    if done.returncode < 0:
        # Killed by its limits: the file is at fault.
        return {"refused": "large"}
    if done.returncode:
        logger.error("A file's text: %s", done.stderr.decode(errors="replace")[-300:])
        return {"refused": "broken"}
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _cleaned(page: str) -> str:
    """A page as it is read: no signs that nobody sees, Chinese lines put together."""
    text = _UNSEEN.sub("", page.replace("\r\n", "\n").replace("\r", "\n"))
    return _BROKEN_LINE.sub("", text).strip()


def _parts(pages: Iterable[str]) -> Iterator[Part]:
    """Whole pages together up to ``PART``; a page that is longer is cut where a line ends."""
    first, held, length = 1, list[str](), 0
    for number, page in enumerate(pages, start=1):
        for piece in _pieces(page):
            if held and length + len(piece) > PART:
                yield Part(first, "\n\n".join(held))
                held, length = [], 0
            if not held:
                first = number
            held.append(piece)
            length += len(piece)
    if held:
        yield Part(first, "\n\n".join(held))


def _pieces(page: str) -> Iterator[str]:
    while len(page) > PART:
        at = max(page.rfind("\n", PART // 2, PART), page.rfind("。", PART // 2, PART), 0) + 1
        at = at if at > 1 else PART
        yield page[:at].strip()
        page = page[at:]
    if page.strip():
        yield page.strip()
