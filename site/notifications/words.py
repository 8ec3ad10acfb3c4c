"""From a kind and its parameters to words: subject, paragraphs, the one link, what comes next.

The same ``Words`` are shown as plain mail, HTML mail and in the list on the page. A text that is
not in the reader's language is marked, so that HTML can say ``lang=``; the marks are characters of
the private use area, which no parameter may bring along.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.template import Context
from django.template.loader import get_template
from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from core import dates
from core.models import PlatformSettings
from core.texts import html_lang, pick
from notifications.kinds import Kind, Param

SUBJECT_MAXIMUM = 160
# open, between language and text, close
_OPEN, _PART, _CLOSE = "\ue000", "\ue001", "\ue002"
_MARKED = re.compile(f"{_OPEN}([^{_PART}]*){_PART}([^{_CLOSE}]*){_CLOSE}")
_PRIVATE = re.compile("[\ue000-\ue002]")
# Control characters, line separators and characters that turn the direction of what follows.
_UNSAFE_ON_A_LINE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_SPACES = re.compile(r"\s+")
# Sentences that a template puts one behind the other: Chinese has no space between them.
_SPACE_AFTER_FULL_WIDTH = re.compile("(?<=[。，、；：？！」》）]) +")


def one_line(text: str) -> str:
    """The text on one line, without what could break a header or turn the line round."""
    return _SPACES.sub(" ", _UNSAFE_ON_A_LINE.sub(" ", _PRIVATE.sub("", text))).strip()


def _quoted(text: str, language: str = "", page_language: str = "") -> str:
    """The text as a quotation: every line behind ``> ``, whatever lines it brings."""
    lines = re.split("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", text.strip())
    shown = [_marked(one_line(line), language, page_language) for line in lines]
    return "\n".join(f"> {line}".rstrip() for line in shown)


def _marked(text: str, language: str, page_language: str) -> str:
    if not text or language == page_language:
        return text
    return f"{_OPEN}{html_lang(language)}{_PART}{text}{_CLOSE}"


def _shown_texts(value: Any, language: str) -> str:
    found = pick(value, language)
    return _marked(one_line(found.text), found.language, language)


def _shown_quotes(value: Any, language: str) -> str:
    found = pick(value, language)
    return _quoted(found.text, found.language, language)


_SHOW: dict[Param, Callable[[Any, str], Any]] = {
    Param.TEXTS: _shown_texts,
    Param.QUOTES: _shown_quotes,
    Param.WORDS: lambda value, language: one_line(value),
    Param.QUOTE: lambda value, language: _quoted(value),
    Param.MOMENT: lambda value, language: dates.format_datetime(
        dt.datetime.fromisoformat(value), language
    ),
    Param.DEADLINE: lambda value, language: dates.format_deadline(
        dt.datetime.fromisoformat(value), language
    ),
    Param.DAY: lambda value, language: dates.format_date(dt.date.fromisoformat(value), language),
    Param.NUMBER: lambda value, language: value,
    Param.CODE: lambda value, language: value,
}


def plain(text: str) -> str:
    """The text without language marks."""
    return _MARKED.sub(lambda found: found.group(2), text)


def as_html(text: str) -> SafeString:
    """The text escaped, foreign runs in ``<span lang>``."""
    return mark_safe(
        _MARKED.sub(
            lambda found: f'<span lang="{found.group(1)}">{found.group(2)}</span>', escape(text)
        )
    )


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph: ``text``, ``quote`` or ``list``, its lines still marked."""

    form: str
    lines: tuple[str, ...]

    @property
    def plain_lines(self) -> list[str]:
        """The lines for plain text, with their sign in front."""
        sign = {"quote": "> ", "list": "- ", "text": ""}[self.form]
        return [f"{sign}{plain(line)}".rstrip() for line in self.lines]

    @property
    def html_lines(self) -> list[SafeString]:
        """The lines escaped, for HTML."""
        return [as_html(line) for line in self.lines]


@dataclass(frozen=True, slots=True)
class Words:
    """What a notice says, in one language."""

    language: str
    subject: str
    blocks: tuple[Block, ...]
    action: str
    next: tuple[Block, ...]
    platform: str
    contact_email: str
    contact_phone: str

    @property
    def subject_plain(self) -> str:
        """The subject without marks, where no element can stand (a title)."""
        return plain(self.subject)

    @property
    def subject_html(self) -> SafeString:
        """The subject escaped, for pages."""
        return as_html(self.subject)


def _blocks(text: str) -> tuple[Block, ...]:
    found = []
    for part in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in part.split("\n") if line.strip()]
        if not lines:
            continue
        if all(line.startswith(">") for line in lines):
            found.append(Block("quote", tuple(line[1:].strip() for line in lines)))
        elif all(line.startswith("- ") for line in lines):
            found.append(Block("list", tuple(line[2:].strip() for line in lines)))
        else:
            joined = _SPACE_AFTER_FULL_WIDTH.sub("", " ".join(lines))
            found.append(Block("text", (joined,)))
    return tuple(found)


def _render(name: str, context: Mapping[str, Any]) -> str:
    template: Any = get_template(name)
    # Plain words: escaping happens when they are put into HTML, once.
    text: str = template.template.render(Context(dict(context), autoescape=False))
    return text


def write(
    kind: Kind,
    params: Mapping[str, Any],
    language: str,
    platform: PlatformSettings | None = None,
) -> Words:
    """The words of a notice for a reader of ``language``; ``params`` as the row keeps them."""
    platform = platform or PlatformSettings.load()
    with translation.override(language):
        context: dict[str, Any] = {
            name: _SHOW[param](params[name], language) if name in params else ""
            for name, param in kind.all_params.items()
        }
        context["platform"] = one_line(pick(platform.name, language).text)
        context["contact_email"] = platform.contact_email
        context["contact_phone"] = platform.contact_phone
        subject = one_line_marked(_render(f"notices/{kind.name}.subject.txt", context))
        return Words(
            language=language,
            subject=subject,
            blocks=_blocks(_render(f"notices/{kind.name}.txt", context)),
            action=str(kind.action),
            next=_blocks(_render(f"notices/{kind.name}.next.txt", context)),
            platform=context["platform"],
            contact_email=platform.contact_email,
            contact_phone=platform.contact_phone,
        )


def one_line_marked(text: str) -> str:
    """A rendered subject on one line; language marks are kept."""
    return _SPACES.sub(" ", _UNSAFE_ON_A_LINE.sub(" ", text)).strip()


def header_subject(words: Words) -> str:
    """The subject as a mail header carries it: plain, one line, not endless."""
    subject = one_line(plain(words.subject))
    if len(subject) > SUBJECT_MAXIMUM:
        subject = f"{subject[: SUBJECT_MAXIMUM - 1].rstrip()}…"
    return subject
