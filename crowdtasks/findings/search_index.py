"""What of findings can be found: what their public page shows, never who reported them.

That is what the bureau has decided on and everybody may read; of duplicates the one that leads
(``FindingQuerySet.told``). A finding has no title of its author's: its first line stands for one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crowdtasks.findings.models import Finding
from participation import search_index
from participation.models import Contribution
from participation.search_hanging import Hanging, Hit, hang, show_all
from search import registry
from search.registry import Document, Shown

KIND = "finding"
#: As its page cuts the first line.
TITLE = 120


def _public(keys: Collection[int]) -> QuerySet[Finding]:
    found: QuerySet[Finding] = Finding.objects.told().filter(pk__in=keys)
    return found


def _documents(keys: Collection[int]) -> Iterator[Document]:
    """Of a round that is withdrawn they stay, found by nobody: its scope is not visible."""
    for row in _public(keys).select_related("contribution", "engagement"):
        entry = row.contribution
        said = [row.happened, row.expected]
        apart = row.reason and row.reason_language != entry.language
        if row.reason and not apart:
            said.append(row.reason)
        # The day the bureau decided, or a moderator let it be read after that.
        at = max(row.changed_at, entry.published_at or entry.received_at)
        title = row.title
        if len(title) <= TITLE:
            said[0] = row.happened[len(title) :].strip()
        yield Document(
            kind=KIND,
            object_id=row.pk,
            language=entry.language,
            scope=row.engagement.public_id,
            at=at,
            title=title[:TITLE],
            body="\n".join(filter(None, said)),
        )
        if apart:
            # What the bureau answers in another language than it was reported in.
            yield Document(
                kind=KIND,
                object_id=row.pk,
                language=row.reason_language,
                scope=row.engagement.public_id,
                at=at,
                title="",
                body=row.reason,
            )


def _show(hit: Hit, now: dt.datetime) -> Shown:
    key = hit.words[0]
    path = reverse("findings:findings", args=[hit.engagement.public_id])
    return search_index.shown(hit.engagement, now, key=key, url=f"{path}?finding={key}#f-{key}")


def register() -> None:
    """Called from ``ready()``."""
    registry.register(
        registry.Source(
            name="findings",
            model=Finding,
            kinds={KIND: _("Finding")},
            follows={Finding: "pk", Contribution: "contribution"},
            concerns={Contribution: lambda row: row.kind == KIND},
            documents=_documents,
            show=hang(
                "findings", Hanging(public=_public, words=("contribution__public_id",), show=_show)
            ),
            show_all=show_all,
        )
    )
