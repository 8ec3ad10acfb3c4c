"""What of papers' files can be found: their text, in parts of whole pages (``search.registry``)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from pathlib import PurePath

from django.db.models import BigIntegerField, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext_lazy

from consultations.models import FilePart, PaperFile
from core.texts import LANGUAGES, pick
from participation import search_index
from participation.models import Engagement
from participation.search_hanging import Hanging, Hit, hang, show_all
from search import registry
from search.registry import Document, Shown

KIND = "file"


def _offered() -> Q:
    """Of a document that its block offers in some language of the paper."""
    offered = Q(pk=None)
    for language in LANGUAGES:
        document = Cast(KeyTextTransform(language, "file__documents"), BigIntegerField())
        offered |= Q(document_id=document)
    return offered


def _public(keys: Collection[int]) -> QuerySet[FilePart]:
    return FilePart.objects.filter(_offered(), pk__in=keys, file__retired_at=None)


def _documents(keys: Collection[int]) -> Iterator[Document]:
    for row in _public(keys).select_related("file__engagement"):
        about = row.file.engagement
        if about.state == "published":
            yield Document(
                kind=KIND,
                object_id=row.pk,
                language=row.language,
                scope=about.public_id,
                at=about.published_at or about.created_at,
                title=_title(row),
                body=row.text,
            )


def _title(row: FilePart) -> str:
    title = row.file.title.get(row.language) or pick(row.file.title, row.language).text
    if row.order == 1:
        return title
    with override(row.language):
        return _("%(title)s, from page %(page)d") % {"title": title, "page": row.page}


def _show(hit: Hit, now: dt.datetime) -> Shown:
    document, name, page = hit.words
    path = reverse("wagtaildocs_serve", args=[document, PurePath(name).name])
    # Readers of PDF open it at the page; for a Word file it says nothing.
    anchor = f"#page={page}" if name.lower().endswith(".pdf") and page != "1" else ""
    key = f"{hit.engagement.public_id}:{document}:{page}"
    return search_index.shown(hit.engagement, now, key=key, url=f"{path}{anchor}")


def register() -> None:
    """Called from ``ready()``."""
    registry.register(
        registry.Source(
            name="files",
            model=FilePart,
            kinds={KIND: pgettext_lazy("search", "Document")},
            follows={PaperFile: "file", Engagement: "file__engagement"},
            concerns={Engagement: search_index.ever_public},
            documents=_documents,
            show=hang(
                "files",
                Hanging(
                    public=_public,
                    words=("document", "document__file", "page"),
                    engagement="file__engagement",
                    show=_show,
                ),
            ),
            show_all=show_all,
        )
    )
