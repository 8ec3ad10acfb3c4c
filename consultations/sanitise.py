"""Rich text made safe on the server, whatever the editor or an importer sent.

Headings stay below the chapter's (h2), attributes are few, links go to known schemes only.
"""

import re
from functools import lru_cache

import nh3
from wagtail.rich_text import expand_db_html

#: Inside a paragraph there are no headings of the first levels: the page and chapter have them.
_HEADINGS = {"h1": "h4", "h2": "h4", "h3": "h4", "h5": "h4", "h6": "h4"}
_HEADING_TAG = re.compile(r"<(/?)(h[12356])(?=[\s>/])", re.IGNORECASE)
_TAGS = {
    "p",
    "br",
    "b",
    "strong",
    "i",
    "em",
    "sup",
    "sub",
    "ul",
    "ol",
    "li",
    "a",
    "h4",
    "blockquote",
}
_ATTRIBUTES = {"a": {"href", "linktype", "id", "parent-id"}}
_PUBLIC_ATTRIBUTES = {"a": {"href"}}
_SCHEMES = {"http", "https", "mailto", "tel"}


def _below_chapter(html: str) -> str:
    return _HEADING_TAG.sub(lambda m: f"<{m[1]}{_HEADINGS[m[2].lower()]}", html)


def clean_source(html: str) -> str:
    """The editor's form of a rich text (with Wagtail's own link attributes), made safe."""
    return nh3.clean(
        _below_chapter(html),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel=None,
        strip_comments=True,
    )


def clean_public(html: str) -> str:
    """The public form: Wagtail's links expanded to addresses, then made safe."""
    return _public(expand_db_html(_below_chapter(html)))


@lru_cache(maxsize=2_000)
def _public(expanded: str) -> str:
    # Each reading of a paper meets the same paragraphs; only their links can have moved.
    return nh3.clean(
        expanded,
        tags=_TAGS,
        attributes=_PUBLIC_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener",
        strip_comments=True,
    )


@lru_cache(maxsize=2_000)
def is_empty(html: str) -> bool:
    """Whether nothing of the rich text would be read."""
    return not nh3.clean(html, tags=set()).replace("&nbsp;", " ").strip()
