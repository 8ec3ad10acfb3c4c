"""What of engagements and their outcomes can be found (``search.registry``).

Whether anybody may see an engagement, whose it is and when it is open stands once for all that
hangs on it: rooms' documents name its public id as their scope.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from core.texts import LANGUAGES, known_language, pick
from participation import faces, outcome_targets
from participation.facets import DISTRICTS, TOPICS
from participation.models import Engagement, EngagementState, Outcome, OutcomeItem
from participation.search_hanging import Hanging, Hit, hang, show_all
from participation.stages import published_outcome, stage
from search import registry
from search.filing import filed
from search.registry import Document, Scope, Shown

OUTCOME = "outcome"
OUTCOME_TITLE = _("Outcome")
#: The tag of one that is open, but not for everybody.
INVITED = _("For those invited")


class _Kinds(Mapping[str, "str | Promise"]):
    """The kinds of engagement, as rooms register their faces after this was made."""

    def __getitem__(self, kind: str) -> str | Promise:
        face = faces.of_kind(kind)
        return face.words.title or face.title

    def __iter__(self) -> Iterator[str]:
        return (face.kind for face in faces.everyone())

    def __len__(self) -> int:
        return len(faces.everyone())


KINDS = _Kinds()


def address(engagement: Engagement) -> str:
    """Its page in the reader's language, else a version that is there; '' for none."""
    paths: dict[str, str] = engagement.paths or {}
    wanted = known_language(get_language())
    for code in (wanted, engagement.source_language):
        if paths.get(code):
            return paths[code]
    return next(iter(paths.values()), "")


def shown(
    engagement: Engagement,
    now: dt.datetime,
    *,
    key: str = "",
    url: str = "",
    within: bool = True,
    open_label: str | Promise = "",
) -> Shown:
    """A hit that hangs on an engagement; the row comes with its owner and outcome."""
    return Shown(
        key=key or engagement.public_id,
        url=url or address(engagement),
        state=stage(engagement, now).value,
        owner=pick(engagement.owner.name).text,
        within=pick(engagement.title) if within else None,
        open_label=open_label or faces.words_of(engagement).open,
        closes_at=engagement.closes_at,
    )


def called(engagement: Engagement, language: str) -> str:
    """What one of its kind is called in a language, on its card and within sentences."""
    with override(language):
        words = faces.words_of(engagement)
        return f"{faces.title_of(engagement)}\n{words.noun}"


def _scopes(keys: Collection[int]) -> Iterator[Scope]:
    rows = list(Engagement.objects.filter(pk__in=keys).select_related("owner", "outcome"))
    some = faces.for_some(rows)
    for row in rows:
        outcome = published_outcome(row)
        yield Scope(
            key=row.public_id,
            visible=row.state == "published",
            bureau=row.owner.slug,
            # Nobody who looks for what they can take part in finds what they were not invited to.
            opens_at=None if row.pk in some else row.opens_at,
            closes_at=row.closes_at,
            answered_at=outcome.published_at if outcome else None,
            topics=filed(row.topics),
            districts=filed(row.districts),
        )


def _documents(keys: Collection[int]) -> Iterator[Document]:
    rows = Engagement.objects.public().filter(pk__in=keys, kind__in=list(KINDS))
    for row in rows:
        for language in LANGUAGES:
            if row.title.get(language):
                yield Document(
                    kind=row.kind,
                    object_id=row.pk,
                    language=language,
                    scope=row.public_id,
                    at=row.published_at or row.created_at,
                    title=row.title[language],
                    body="\n".join(filter(None, [row.summary.get(language), row.file_number])),
                    called=called(row, language),
                )


def _show(keys: Collection[int], now: dt.datetime) -> dict[int, Shown]:
    rows = Engagement.objects.public().filter(pk__in=keys).select_related("owner", "outcome")
    found = [row for row in rows if address(row)]
    some = faces.for_some(found)
    return {
        row.pk: shown(row, now, within=False, open_label=INVITED if row.pk in some else "")
        for row in found
    }


def _public_outcomes(keys: Collection[int]) -> Iterator[Outcome]:
    """What was heard is public before what was decided is."""
    rows = Outcome.objects.filter(pk__in=keys, engagement__state="published")
    found = rows.select_related("engagement__owner")
    yield from (row for row in found if row.published_at or row.heard_at)


def _outcome_documents(keys: Collection[int]) -> Iterator[Document]:
    rows = list(_public_outcomes(keys))
    items: dict[int, list[OutcomeItem]] = {}
    withheld: set[int] = set()
    if rows:
        kept = OutcomeItem.objects.filter(outcome__in=[row.pk for row in rows], removed_at=None)
        for item in kept:
            items.setdefault(item.outcome_id, []).append(item)
        withheld = outcome_targets.withheld_items(each for of in items.values() for each in of)
    for row in rows:
        for language in LANGUAGES:
            body = "\n".join(_said(row, items.get(row.pk, []), withheld, language))
            title = row.engagement.title.get(language)
            if title and body:
                yield Document(
                    kind=OUTCOME,
                    object_id=row.pk,
                    language=language,
                    scope=row.engagement.public_id,
                    at=row.published_at or row.heard_at or row.updated_at,
                    title=title,
                    body=body,
                    called=_called_outcome(language),
                )


def _called_outcome(language: str) -> str:
    with override(language):
        return str(OUTCOME_TITLE)


def _said(
    outcome: Outcome, items: list[OutcomeItem], withheld: Collection[int], language: str
) -> Iterator[str]:
    """The public words of an outcome in a language, but for what it repeats of what is withheld."""
    if outcome.published_at and outcome.text.get(language):
        yield outcome.text[language]
    for item in items:
        if item.heard_at or outcome.published_at:
            asked = "" if item.pk in withheld else item.asked.get(language)
            yield from filter(None, [asked, item.said.get(language)])
        if outcome.published_at:
            decided = (item.decided, item.why, item.change)
            yield from filter(None, [texts.get(language) for texts in decided])


def _told_outcomes(keys: Collection[int]) -> QuerySet[Outcome]:
    told = Q(published_at__isnull=False) | Q(heard_at__isnull=False)
    return Outcome.objects.filter(told, pk__in=keys)


def _show_outcome(hit: Hit, now: dt.datetime) -> Shown | None:
    if not address(hit.engagement):
        return None
    return shown(
        hit.engagement,
        now,
        key=f"{hit.engagement.public_id}:outcome",
        # All of it stands there, the parts too.
        url=reverse("participation:outcome", args=[hit.engagement.public_id]),
        within=False,
    )


def ever_public(row: Engagement) -> bool:
    """Whether anything of it can be found, or could be: never of a draft nobody has opened."""
    return row.state != EngagementState.DRAFT or row.published_at is not None


def register() -> None:
    """Called from ``ready()``."""
    registry.register_labels("topic", dict(TOPICS))
    registry.compare_among("engagements", lambda: list(KINDS))
    registry.register_labels("district", dict(DISTRICTS))
    registry.register_scopes(
        "engagements",
        registry.Scopes(
            model=Engagement,
            key="public_id",
            follows={Engagement: "pk", Outcome: "outcome"},
            concerns={Engagement: ever_public},
            read=_scopes,
        ),
    )
    registry.register(
        registry.Source(
            name="engagements",
            model=Engagement,
            kinds=KINDS,
            follows={Engagement: "pk"},
            concerns={Engagement: ever_public},
            documents=_documents,
            show=_show,
        )
    )
    registry.register(
        registry.Source(
            name="outcomes",
            model=Outcome,
            kinds={OUTCOME: OUTCOME_TITLE},
            follows={Outcome: "pk", OutcomeItem: "items", Engagement: "engagement"},
            concerns={Engagement: ever_public},
            documents=_outcome_documents,
            show=hang("outcomes", Hanging(public=_told_outcomes, show=_show_outcome)),
            show_all=show_all,
        )
    )
