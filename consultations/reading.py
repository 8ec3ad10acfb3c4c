"""A paper as it is read: chapters with numbers and anchors, from a page in one language.

The same for the public page, the preview and the approver's view, draft or published. Anchors come
from the block id, so a link holds whatever is written before it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.utils.html import strip_tags
from django.utils.safestring import mark_safe

from consultations.models import ConsultationPage
from consultations.sanitise import clean_public, is_empty


@dataclass(frozen=True)
class Item:
    """One thing in a chapter. ``kind``: paragraph, figure, table or document.

    A paragraph has a number, an anchor and ``html``; the others have ``value`` (the block's).
    """

    kind: str
    block_id: str
    anchor: str
    number: str = ""
    html: str = ""
    value: Any = None


@dataclass(frozen=True)
class ChapterView:
    block_id: str
    anchor: str
    number: str
    title: str
    items: list[Item] = field(default_factory=list)

    @property
    def paragraphs(self) -> list[Item]:
        return [item for item in self.items if item.kind == "paragraph"]


def anchor_of(prefix: str, block_id: str) -> str:
    """``p-1a2b3c4d5e``: short, stable, letters and digits only, whatever the id looks like."""
    return f"{prefix}-{hashlib.blake2s(block_id.encode(), digest_size=5).hexdigest()}"


def chapters(page: ConsultationPage) -> list[ChapterView]:
    """The chapters of the page object given (a revision's or the live one's), in order."""
    return list(_chapters(page))


def _chapters(page: ConsultationPage) -> Iterator[ChapterView]:
    for place, chapter in enumerate(page.body, start=1):
        items: list[Item] = []
        count = 0
        for block in chapter.value["content"]:
            if block.block_type != "paragraph":
                anchor = anchor_of(block.block_type[0], block.id)
                items.append(Item(block.block_type, block.id, anchor, value=block.value))
                continue
            html = clean_public(block.value.source)
            if is_empty(html):
                continue
            count += 1
            items.append(
                Item(
                    "paragraph",
                    block.id,
                    anchor_of("p", block.id),
                    f"{place}.{count}",
                    mark_safe(html),
                )
            )
        heading = chapter.value["heading"]
        yield ChapterView(chapter.id, anchor_of("c", chapter.id), str(place), heading, items)


def seeds(page: ConsultationPage) -> dict[str, str]:
    """Seed statements by block id, in order."""
    return {block.id: text for block in page.statements if (text := str(block.value).strip())}


#: Ideographs of the basic block and extension A, and of the planes beyond (𨋢, 𠝹).
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")


def minutes_to_read(read: Iterable[ChapterView]) -> int:
    """Whole minutes, at 200 English words or 300 Chinese characters a minute; at least one."""
    words = characters = 0
    for chapter in read:
        for item in chapter.paragraphs:
            some_words, some_characters = _counted(item.html)
            words += some_words
            characters += some_characters
    return max(1, round(words / 200 + characters / 300))


@lru_cache(maxsize=2_000)
def _counted(html: str) -> tuple[int, int]:
    """Words and Chinese characters of a paragraph: the same at each reading, so counted once."""
    text, characters = _HAN.subn(" ", strip_tags(html))
    return len(text.split()), characters
