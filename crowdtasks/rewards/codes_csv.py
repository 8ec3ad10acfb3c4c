"""A file of voucher codes, read line by line; what is wrong is told by number, never by content.

The first column is the code; more columns are left unread. UTF-8 with or without a byte-order mark
and Big5 are read; anything else is refused whole. A first line whose first cell says "code" is a
heading. Rules of a code: 6 to 64 characters of ASCII letters, digits and - _ . : / +, beginning
with a letter or digit: what a spreadsheet would run as a formula (= + - @) is none.

Codes that could be guessed (``rewards.guessing``) are taken only where the supplier is said to
guard them by a list and a limit of its own (ADR 54).
"""

from __future__ import annotations

import csv
import enum
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from core.exceptions import Invalid
from crowdtasks.rewards.guessing import guessable
from crowdtasks.rewards.sealing import CODE_MAXIMUM, Code, digest

#: Bytes of a file, and lines in it: more come in a second file.
FILE_MAXIMUM = 2 * 1024 * 1024
LINES_MAXIMUM = 20_000
CODE_MINIMUM = 6
#: Lines that a report names; the rest are counted.
TOLD = 50
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-_.:/+]*")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_HEADINGS = {"code", "codes", "voucher", "voucher code", "換領碼", "换领码", "代碼", "代码"}
_EDGES = " \u00a0\u3000\ufeff"


class Fault(enum.Enum):
    """What is wrong with a line."""

    EMPTY = "empty"
    FORMULA = "formula"
    TOO_LONG = "too-long"
    TOO_SHORT = "too-short"
    GUESSABLE = "guessable"
    NOT_A_CODE = "not-a-code"
    REPEATED = "repeated"
    KNOWN = "known"

    @property
    def sentence(self) -> Promise:
        """The same for people."""
        return _SENTENCES[self]


_SENTENCES: dict[Fault, Promise] = {
    Fault.EMPTY: _("The line is empty."),
    Fault.FORMULA: _("It begins as a formula of a spreadsheet does."),
    Fault.TOO_LONG: _("The code is longer than 64 characters."),
    Fault.TOO_SHORT: _("The code is shorter than 6 characters: it could be guessed."),
    Fault.GUESSABLE: _("The code could be guessed: too little in it is random."),
    Fault.NOT_A_CODE: _("This is not a code: letters A to Z, digits and - _ . : / + only."),
    Fault.REPEATED: _("The code stands in an earlier line of this file too."),
    Fault.KNOWN: _("The code is in stock already, or was given before."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line that cannot be taken; ``number`` counts from 1, as an editor does."""

    number: int
    fault: Fault


@dataclass(slots=True)
class Found:
    """What a file holds: sound codes with their digests, and the lines at fault."""

    codes: list[tuple[Code, str]] = field(default_factory=list)
    faults: list[Line] = field(default_factory=list)

    def told(self) -> list[Line]:
        """The first of the faults, in the file's order."""
        return self.faults[:TOLD]


def _text(content: bytes) -> str:
    if len(content) > FILE_MAXIMUM:
        raise Invalid(_("The file is larger than 2 MB. Divide it."), field="file")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "big5hkscs"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    raise Invalid(
        _("This is not a text file that can be read. Save it as CSV in UTF-8."), field="file"
    )


def _cells(text: str) -> Iterator[tuple[int, str]]:
    """Number and first cell of each line.

    A quoted cell over several lines is no code, so lines are read one by one: the numbers stay
    those of an editor, and a quote that is never closed spoils its own line alone.
    """
    for number, line in enumerate(io.StringIO(text, newline=None), start=1):
        try:
            row = next(csv.reader([line.rstrip("\n")], delimiter=_delimiter(line)), [])
        except csv.Error:
            row = [line]
        yield number, row[0].strip(_EDGES) if row else ""


def _delimiter(line: str) -> str:
    return next((sign for sign in (",", ";", "\t") if sign in line), ",")


@sensitive_variables()
def read_codes(
    content: bytes, known: Callable[[list[str]], set[str]], *, guarded: bool = False
) -> Found:
    """Read a file. ``known`` says which of some digests are in stock already; ``guarded`` that the
    supplier guards its codes itself, so that those that could be guessed are taken too.

    Raises ``Invalid`` for a file that cannot be read at all, is too large or holds nothing.
    """
    found = Found()
    seen: set[str] = set()
    numbers: dict[str, int] = {}
    trailing: list[Line] = []
    for number, cell in _cells(_text(content)):
        if number > LINES_MAXIMUM:
            raise Invalid(_("The file has more than 20,000 lines. Divide it."), field="file")
        if number == 1 and cell.casefold() in _HEADINGS:
            continue
        fault = fault_of(cell)
        if fault is Fault.EMPTY:
            trailing.append(Line(number, fault))
            continue
        # Empty lines at the end of a file are no fault of anybody's.
        found.faults += trailing
        trailing = []
        if fault is not None:
            found.faults.append(Line(number, fault))
            continue
        code = Code(cell)
        mark = digest(code)
        if mark in seen:
            found.faults.append(Line(number, Fault.REPEATED))
            continue
        seen.add(mark)
        numbers[mark] = number
        found.codes.append((code, mark))
    if not guarded:
        _take(found, guessable(found.codes), numbers, Fault.GUESSABLE)
    if not found.codes and not found.faults:
        raise Invalid(_("The file holds no code."), field="file")
    _take(found, known([mark for _code, mark in found.codes]), numbers, Fault.KNOWN)
    return found


def _take(found: Found, marks: set[str], numbers: dict[str, int], fault: Fault) -> None:
    """Take the codes of these digests out of what is sound; their lines are at fault."""
    if not marks:
        return
    found.codes = [pair for pair in found.codes if pair[1] not in marks]
    found.faults += [Line(numbers[mark], fault) for mark in marks]
    found.faults.sort(key=lambda line: line.number)


@sensitive_variables()
def fault_of(cell: str) -> Fault | None:
    """What is wrong with a text as a code, or None."""
    if not cell:
        return Fault.EMPTY
    if cell.startswith(_FORMULA):
        return Fault.FORMULA
    if len(cell) > CODE_MAXIMUM:
        return Fault.TOO_LONG
    if not _CODE.fullmatch(cell):
        return Fault.NOT_A_CODE
    if len(cell) < CODE_MINIMUM:
        return Fault.TOO_SHORT
    return None
