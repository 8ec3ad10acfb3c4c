"""What of bureaux can be found: those that have something public, by their names.

A bureau's page is its list in a room, of the first room (in the order of the registered faces) in
which it has something that everybody may see. A bureau without any has no page and is not found.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from django.db.models import Max, Min
from django.utils.translation import pgettext_lazy

from accounts.models import Bureau
from core.texts import LANGUAGES, pick
from participation import search_index
from participation.models import Engagement
from search import registry
from search.registry import Document, Scope, Shown

KIND = "bureau"


def _since(keys: Collection[int]) -> dict[int, dt.datetime]:
    """Since when each of these that has something public has had some."""
    rows = Engagement.objects.public().filter(owner__in=keys).order_by().values("owner")
    found = rows.annotate(first=Min("published_at"), made=Min("created_at"))
    return {row["owner"]: row["first"] or row["made"] for row in found}


def _scopes(keys: Collection[int]) -> Iterator[Scope]:
    public = _since(keys)
    for row in Bureau.objects.filter(pk__in=keys):
        yield Scope(key=row.slug, visible=row.pk in public, bureau=row.slug)


def _documents(keys: Collection[int]) -> Iterator[Document]:
    since = _since(keys)
    for row in Bureau.objects.filter(pk__in=list(since)):
        for language in LANGUAGES:
            if row.name.get(language):
                yield Document(
                    kind=KIND,
                    object_id=row.pk,
                    language=language,
                    scope=row.slug,
                    at=since[row.pk],
                    title=row.name[language],
                    # Found by it, as many write it; it is never shown.
                    called=row.code,
                )


def _show(keys: Collection[int], now: dt.datetime) -> dict[int, Shown]:
    newest = Engagement.objects.public().filter(owner__in=keys).order_by().values("owner", "kind")
    rows = Engagement.objects.filter(pk__in=newest.annotate(last=Max("pk")).values("last"))
    order = {kind: at for at, kind in enumerate(search_index.KINDS)}
    found: dict[int, Shown] = {}
    known = (row for row in rows.select_related("owner__parent") if row.kind in order)
    for row in sorted(known, key=lambda row: order[row.kind]):
        page = _list_of(row)
        if page:
            above = row.owner.parent
            shown = Shown(
                key=f"bureau:{row.owner.slug}",
                url=page,
                state="",
                owner=pick(above.name).text if above else "",
            )
            found.setdefault(row.owner.pk, shown)
    return found


def _list_of(engagement: Engagement) -> str:
    """The list that its page hangs in, its owner's; '' where it hangs elsewhere."""
    above = search_index.address(engagement).rstrip("/").rpartition("/")[0]
    return f"{above}/" if above.endswith(f"/{engagement.owner.slug}") else ""


def register() -> None:
    """Called from ``ready()``."""
    registry.register_scopes(
        "bureaux",
        registry.Scopes(
            model=Bureau,
            key="slug",
            follows={Bureau: "pk", Engagement: "engagements"},
            concerns={Engagement: search_index.ever_public},
            read=_scopes,
        ),
    )
    registry.register(
        registry.Source(
            name="bureaux",
            model=Bureau,
            kinds={KIND: pgettext_lazy("search", "Bureau or department")},
            follows={Bureau: "pk", Engagement: "engagements"},
            concerns={Engagement: search_index.ever_public},
            documents=_documents,
            show=_show,
        )
    )
