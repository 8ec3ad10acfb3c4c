"""A whole text pasted at once, read as chapters and paragraphs.

Headings are lines that say so (``#``, "Chapter 2", "第二章", "二、", "2. Background") or look so: a
short line without a full stop, before a text. Between them a paragraph ends at a blank line and, in
a text copied from a word processor, at the end of its line. Numbers that only repeat what the paper
will number anyway are left out. Nothing else is: what is no heading is a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.utils.html import escape
from django.utils.translation import gettext as _

from consultations.translation import Sentence
from core.exceptions import Invalid

#: As much as a form may send when each Chinese character travels as nine bytes.
PASTE_LIMIT = 100_000
MOST_PARAGRAPHS = 400
HEADING_LIMIT = 200
#: A line that only looks like a heading is no longer than this: in Latin letters, in Chinese.
_SHORT, _SHORT_HAN = 60, 25
#: Lines of a mail or PDF, broken by width, are no longer than this.
_WRAPPED, _WRAPPED_HAN = 110, 50
_HAN = re.compile(r"[\u3400-\u9fff]")
#: Between these and others a line break is no space.
_WIDE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_ENDS = re.compile(r"[.。!！?？:：;；…)）\]」』”’\"']$")
_STOPS = re.compile(r"[.。!！?？:：;；,，、…]$")
_BULLET = re.compile(r"^[•·▪◦●○‣*\-–]\s+(?=\S)")
_HASHES = re.compile(r"^#{1,6}\s*(?=\S)")
_CHAPTER = re.compile(
    r"^(?:(?:chapter|part)\s+(?:\d{1,2}|[ivx]{1,5})\b|第[一二三四五六七八九十\d]{1,3}[章部])"
    r"[\s.:：、–—-]*",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"^(?:\d{1,2}[.．、)]|[一二三四五六七八九十]{1,3}[、．.])\s*(?=[^\d\s])")
_NUMBER = re.compile(r"^\(?(?P<number>\d{1,3}(?:\.\d{1,3})?)(?P<mark>[.．、)]?)[\s\u3000]+(?=\S)")


_NUMBERED = re.compile(r"^\(?\d{1,3}\.\d{1,3}[\s\u3000]")


@dataclass
class PastedChapter:
    """A heading ('' for what stands before the first) and its paragraphs as plain pieces.

    A paragraph is a list of pieces: its text first, then the points listed under it.
    """

    heading: str
    paragraphs: list[list[str]] = field(default_factory=list)


def read_paste(text: str) -> list[PastedChapter]:
    """The chapters of a pasted text in order; a chapter may be without paragraphs."""
    chapters: list[PastedChapter] = []
    count = 0
    for kind, words in _parts(text):
        if kind == "heading":
            if (
                chapters
                and not chapters[-1].paragraphs
                and _CHAPTER.fullmatch(chapters[-1].heading)
            ):
                # "Chapter 1" on a line of its own, its heading on the next.
                chapters.pop()
            chapters.append(PastedChapter(words))
            continue
        if not chapters:
            chapters.append(PastedChapter(""))
        chapter = chapters[-1]
        if kind == "point" and chapter.paragraphs:
            chapter.paragraphs[-1].append(words)
            continue
        count += 1
        own = {f"{len(chapters)}.{len(chapter.paragraphs) + 1}", str(count)}
        own.add(str(len(chapter.paragraphs) + 1))
        chapter.paragraphs.append([_without_number(words, own)])
    return chapters


def read_pieces(text: str) -> list[str]:
    """The same in one row: headings, paragraphs and points, as a translation has them."""
    found: list[str] = []
    for chapter in read_paste(text):
        if chapter.heading:
            found.append(chapter.heading)
        for pieces in chapter.paragraphs:
            found.extend(pieces)
    return found


def placed(rows: Iterable[Sentence], text: str) -> dict[str, str]:
    """A pasted translation beside its originals: each sentence's key with its words, unsaved.

    The paper's headings and paragraphs are taken in order; the title may stand before them. Nothing
    is guessed: raises ``Invalid`` (field whole) when there are more or fewer than in the original.
    """
    if len(text) > PASTE_LIMIT:
        raise Invalid(_("The text is too long to be pasted at once."), field="whole")
    pieces = read_pieces(text.replace("\r\n", "\n"))
    if not pieces:
        raise Invalid(_("Paste the translation first."), field="whole")
    rows = list(rows)
    wanted = [row.key for row in rows if row.field_name == "body"]
    titles = [row.key for row in rows if row.field_name == "title"]
    if len(pieces) == len(titles) + len(wanted):
        wanted = [*titles, *wanted]
    if len(pieces) != len(wanted):
        raise Invalid(
            _(
                "The text has %(found)s headings and paragraphs, the paper has %(wanted)s. Join or "
                "part them as in the original: an empty line ends a paragraph."
            )
            % {"found": len(pieces), "wanted": len(wanted)},
            field="whole",
        )
    return dict(zip(wanted, pieces, strict=True))


def _without_number(words: str, own: set[str]) -> str:
    """The words without a number that is the paragraph's own; "3.5 million" stays."""
    found = _NUMBER.match(words)
    if found and found["number"] in own and (found["mark"] or "." in found["number"]):
        return words[found.end() :]
    return words


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """(kind, words) of each part: heading, paragraph or point."""
    lines = [" ".join(line.split()) for line in text.split("\n")]
    run: list[str] = []
    for place, line in enumerate(lines):
        heading = _heading(lines, place) if line else None
        bullet = _BULLET.match(line)
        if not line or heading is not None or bullet:
            yield from (("paragraph", words) for words in _paragraphs(run))
            run = []
            if heading is not None:
                yield "heading", heading
            elif bullet:
                yield "point", line[bullet.end() :]
        else:
            run.append(line)
    yield from (("paragraph", words) for words in _paragraphs(run))


def _heading(lines: list[str], place: int) -> str | None:
    """The heading a line is, without its mark or number; None for any other line."""
    line = lines[place]
    if marked := _HASHES.match(line):
        rest = line[marked.end() :]
        return rest if len(rest) <= HEADING_LIMIT else None
    if _STOPS.search(line) or _BULLET.match(line):
        return None
    if named := _CHAPTER.match(line):
        rest = line[named.end() :] or line
        return rest if len(rest) <= _SHORT * 2 else None
    # The title of the whole often stands right above the first heading.
    first = next(number for number, other in enumerate(lines) if other)
    after = next((other for other in lines[place + 1 :] if other), "")
    before = lines[place - 1] if place else ""
    ordinal = _ORDINAL.match(line)
    rest = line[ordinal.end() :] if ordinal else line
    limit = _SHORT_HAN if _HAN.search(rest) else _SHORT
    looks = (
        len(rest) <= limit
        and any(letter.isalpha() for letter in rest)
        and not rest[0].islower()
        # It stands on its own, and a text follows that does not go on in the same sentence.
        and (not before or place == first + 1 or _ENDS.search(before) or _CHAPTER.match(before))
        and bool(after)
        and not after[0].islower()
        and _is_text(after)
    )
    return rest if looks else None


def _is_text(line: str) -> bool:
    """Whether a line is longer than a heading or ends like a sentence."""
    limit = _SHORT_HAN if _HAN.search(line) else _SHORT
    return len(line) > limit or any(mark.search(line) for mark in (_STOPS, _BULLET, _NUMBERED))


def _paragraphs(lines: list[str]) -> list[str]:
    """Lines that stand together: one paragraph when broken by width, else one for each line."""
    inner = lines[:-1]
    narrow = all(len(line) <= (_WRAPPED_HAN if _HAN.search(line) else _WRAPPED) for line in inner)
    if not inner or not narrow or all(_ENDS.search(line) for line in inner):
        return lines
    whole = lines[0]
    for line in lines[1:]:
        whole += line if _WIDE.match(whole[-1]) or _WIDE.match(line[0]) else f" {line}"
    return [whole]


def to_blocks(chapters: list[PastedChapter], *, untitled: str) -> list[dict[str, Any]]:
    """The chapters as the editor stores them, each block with a new id.

    ``untitled`` heads what stands before the first heading.
    """
    return [
        _block(
            "chapter",
            {
                "heading": chapter.heading or untitled,
                "content": [_block("paragraph", _html(pieces)) for pieces in chapter.paragraphs],
            },
        )
        for chapter in chapters
    ]


def _block(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "id": str(uuid4()), "value": value}


def _html(pieces: list[str]) -> str:
    points = "".join(f"<li>{escape(point)}</li>" for point in pieces[1:])
    return f"<p>{escape(pieces[0])}</p>" + (f"<ul>{points}</ul>" if points else "")
