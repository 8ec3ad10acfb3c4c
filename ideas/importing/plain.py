"""Texts with HTML as plain text, which is how ideas and comments stand in the register."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

_MARKED = re.compile(r"<[a-zA-Z/!]|&[a-zA-Z#]")
_MANY = re.compile(r"\n{3,}")
#: Elements that stand on lines of their own.
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        """
        address article aside blockquote dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6
        header hr li main nav ol p pre section table tbody td tfoot th thead tr ul
        """,
    )
)
_INLINE = frozenset(
    re.findall(
        r"\w+",
        """
        a abbr acronym b bdi bdo big body br button center cite code del dfn em font form html i
        iframe img input ins kbd label mark object picture q s samp small source span strike strong
        sub sup svg time tt u var video audio wbr
        """,
    )
)
#: Nobody was meant to read what is in these.
_SILENT = frozenset(re.findall(r"\w+", "head noscript script select style template textarea title"))
_KNOWN = _BLOCKS | _INLINE | _SILENT


class _Text(HTMLParser):
    """Collects what a reader of the HTML would have read."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0
        self.link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _KNOWN or (attrs and all(value is None for _name, value in attrs)):
            # Not HTML but somebody's words: "cars <less than before> and trams".
            self.handle_data(self.get_starttag_text() or "")
        elif tag in _SILENT:
            self.silent += 1
        elif tag == "li":
            self.parts.append("\n• ")
        elif tag == "br":
            self.parts.append("\n")
        elif tag in _BLOCKS:
            self.parts.append("\n\n")
        elif tag == "a":
            self.link = dict(attrs).get("href") or ""
            self.parts.append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _SILENT:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag not in _KNOWN:
            self.handle_data(f"</{tag}>")
        elif tag in _BLOCKS and tag != "li":
            self.parts.append("\n\n")
        elif tag == "a" and self.link:
            said = "".join(self.parts[-1:]).strip()
            if self.link.startswith(("http://", "https://")) and self.link != said:
                self.parts.append(f" ({self.link})")
            self.link = ""

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data)


def plain_text(text: str) -> str:
    """The text without markup: paragraphs and list items on lines of their own, links in brackets.

    What only looks like a tag stays as it was written. A text without markup is returned as it is.
    """
    if not _MARKED.search(text):
        return text
    if "<" not in text:
        return html.unescape(text)
    parser = _Text()
    parser.feed(text)
    parser.close()
    lines = "".join(parser.parts).replace("\xa0", " ").split("\n")
    return _MANY.sub("\n\n", "\n".join(line.strip() for line in lines)).strip()
