"""What of papers can be found: their chapters, each a document of its own (``search.registry``)."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Collection, Iterable, Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from consultations import search_files, search_statements
from consultations.models import Chapter, PaperVersion, Paragraph, Statement
from core.texts import LANGUAGES
from participation import search_index
from participation.models import Engagement
from participation.search_hanging import Hanging, Hit, hang, show_all
from search import registry
from search.registry import Document, Passage, Shown

KIND = "chapter"
#: What ends a line in a paragraph; other tags stand within one, even within a word.
_ENDS = re.compile(r"</(?:p|li|h[1-6]|td|th|blockquote)>|<br\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")


def words_of(paragraph: str) -> str:
    """The text of a paragraph, which is clean HTML (``consultations.sanitise``)."""
    return html.unescape(_TAG.sub("", _ENDS.sub("\n", paragraph))).strip()


def _documents(keys: Collection[int]) -> Iterator[Document]:
    rows = list(
        Chapter.objects.filter(
            pk__in=keys, retired_at=None, engagement__state="published"
        ).select_related("engagement")
    )
    texts: dict[int, list[dict[str, str]]] = {}
    versions: dict[int, int] = {}
    if rows:
        paragraphs = Paragraph.objects.filter(
            chapter__in=[row.pk for row in rows], retired_at=None
        ).order_by("order")
        for chapter, version, text in paragraphs.values_list("chapter", "version", "text"):
            texts.setdefault(chapter, []).append(text)
            versions[chapter] = max(version, versions.get(chapter, 1))
    changed = _changed(row.engagement_id for row in rows)
    for row in rows:
        published = row.engagement.published_at or row.engagement.created_at
        at = changed.get((row.engagement_id, versions.get(row.pk, 1)), published)
        for language in LANGUAGES:
            if row.title.get(language):
                body = [text.get(language, "") for text in texts.get(row.pk, [])]
                yield Document(
                    kind=KIND,
                    object_id=row.pk,
                    language=language,
                    scope=row.engagement.public_id,
                    at=max(at, published),
                    title=row.title[language],
                    body="\n".join(words_of(text) for text in body if text),
                )


def _changed(engagements: Iterable[int]) -> dict[tuple[int, int], dt.datetime]:
    """When each public version of these papers came, by the paper and its number."""
    found = PaperVersion.objects.filter(engagement__in=set(engagements)).order_by()
    rows = found.values_list("engagement", "number", "at")
    return {(engagement, number): at for engagement, number, at in rows}


def _public(keys: Collection[int]) -> QuerySet[Chapter]:
    return Chapter.objects.filter(pk__in=keys, retired_at=None)


def _show(hit: Hit, now: dt.datetime) -> Shown | None:
    page, anchor = search_index.address(hit.engagement), hit.words[0]
    if not page:
        return None
    return search_index.shown(
        hit.engagement,
        now,
        key=f"{hit.engagement.public_id}:{anchor}",
        url=f"{page}?chapter={anchor}",
    )


def _passages(keys: Collection[int]) -> Iterator[Passage]:
    rows = Paragraph.objects.filter(
        chapter__in=keys,
        retired_at=None,
        chapter__retired_at=None,
        engagement__state="published",
    )
    for chapter, number, anchor, text in rows.order_by("order").values_list(
        "chapter", "number", "anchor", "text"
    ):
        yield Passage(
            object_id=chapter,
            number=number,
            anchor=anchor,
            texts={language: words_of(each) for language, each in text.items() if each},
        )


def register() -> None:
    """Called from ``ready()``."""
    registry.register(
        registry.Source(
            name="chapters",
            model=Chapter,
            kinds={KIND: _("Chapter of a paper")},
            follows={Chapter: "pk", Paragraph: "paragraphs", Engagement: "engagement"},
            concerns={Engagement: search_index.ever_public},
            documents=_documents,
            show=hang("chapters", Hanging(public=_public, words=("anchor",), show=_show)),
            show_all=show_all,
            passages=_passages,
        )
    )
    search_statements.register()
    search_files.register()
    # An outcome repeats the words of a statement that it answers to.
    registry.source_follows("outcomes", Statement, "engagement__statements")
