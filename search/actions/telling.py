"""Telling people what is new for the searches they keep: each thing once.

A notice and the note of what it told of are one transaction, and a notice is unique by its event
and reader besides; a worker that is killed has told or has not. Whoever tells holds the turn
(``search.saved.turn``), so that nothing is found between the two.

What a notice names is asked about where it lives at that moment, as a page of hits does. Words of
citizens are not repeated in it: a mail cannot be called back when a moderator withholds them. They
are named by what they stand in.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Max, Window
from django.db.models.functions import RowNumber
from django.utils.translation import override

from accounts.models import Account
from core import clock, faults
from core.texts import LANGUAGES, Text, known_language, pick
from notifications.actions import Reader, notify
from search import registry
from search.models import Every, SavedHit, SavedSearch, SearchDoc
from search.registry import Shown
from search.saved.notices import events_of
from search.saved.questions import filters_of
from search.saved.turn import wait_for_turn

#: Saved searches that one transaction tells of.
AT_ONCE = 100
#: New things that one notice counts, and of which it names so many.
MOST, NAMED = 50, 3
#: A notice's link has 300 characters, its language among them.
LONGEST_PATH = 280
_Object = tuple[str, int]
_NAMES = ("first", "second", "third")


@dataclass(frozen=True, slots=True)
class _Named:
    """What a line of a notice says: what it is, and the title of it or of what it stands in."""

    kind: str
    text: str
    language: str


def tell() -> int:
    """Tell everybody whose time has come; how many notices. Safe to run twice or late."""
    told = 0
    while (found := _tell_some()) is not None:
        told += found
    return told


@transaction.atomic
def _tell_some() -> int | None:
    """The next of them; None where nobody waits."""
    wait_for_turn()
    now = clock.now()
    rows = _due(now)
    if not rows:
        return None
    newest = SavedHit.objects.aggregate(last=Max("pk"))["last"] or 0
    hits = _new_for(rows)
    public = _Public({hit.key for each in hits.values() for hit in each}, rows, now)
    groups: dict[tuple[Any, ...], list[SavedSearch]] = defaultdict(list)
    for row in rows:
        language = known_language(row.account.language)
        own = [hit for hit in hits[row.pk] if hit.key in public.shown[language]]
        if own:
            # People who keep the same and are told the same are told together.
            keys = tuple(hit.key for hit in own)
            last = max(hit.number for hit in own)
            groups[row.question_id, last, keys, language, row.words, row.every].append(row)
    told = 0
    named = [row.pk for readers in groups.values() for row in readers]
    for (question, last, keys, language, words, every), readers in groups.items():
        lines = public.lines(keys, language)
        told += _notify(readers, f"{events_of(question)}{last}", words, every, lines)
    faults.point("saved.told")
    SavedSearch.objects.filter(pk__in=[row.pk for row in rows]).update(due_at=None, told_hit=newest)
    SavedSearch.objects.filter(pk__in=named).update(told_at=now)
    faults.point("saved.noted")
    return told


def _due(now: dt.datetime) -> list[SavedSearch]:
    """Those whose time has come, held with their accounts, which notices point to.

    Nobody is waited for: who closes an account holds it and waits for the turn (ADR 57). What is
    passed over is told the next time.
    """
    rows = SavedSearch.objects.filter(due_at__lte=now).exclude(every=Every.OFF)
    rows = rows.order_by("due_at", "pk")
    if connection.features.has_select_for_update_skip_locked:
        wanted = set(rows.values_list("account", flat=True)[:AT_ONCE])
        accounts = Account.objects.select_for_update(no_key=True, skip_locked=True)
        held = accounts.filter(pk__in=wanted).order_by("pk").values_list("pk", flat=True)
        rows = rows.filter(account__in=list(held))
        rows = rows.select_for_update(of=("self",), skip_locked=True)
    return list(rows.select_related("account", "question")[:AT_ONCE])


@dataclass(frozen=True, slots=True)
class _Hit:
    number: int
    key: _Object


def _new_for(rows: Sequence[SavedSearch]) -> dict[int, list[_Hit]]:
    """Of each, the newest hits that were not told of and were not there when it was saved.

    One query, and at most one more than ``MOST`` hits of a question.
    """
    numbered = SavedHit.objects.filter(
        question__in={row.question_id for row in rows},
        pk__gt=min(row.told_hit for row in rows),
    ).annotate(place=Window(RowNumber(), partition_by=F("question"), order_by=F("pk").desc()))
    by_question: dict[int, list[SavedHit]] = defaultdict(list)
    for hit in numbered.filter(place__lte=MOST + 1).order_by("-pk"):
        by_question[hit.question_id].append(hit)
    return {
        row.pk: [
            _Hit(hit.pk, (hit.kind, hit.object_id))
            for hit in by_question[row.question_id]
            if hit.pk > row.told_hit and _came_after(hit, row)
        ]
        for row in rows
    }


def _came_after(hit: SavedHit, row: SavedSearch) -> bool:
    """Whether it was not public yet when the search was saved."""
    if hit.document > row.from_document:
        return True
    return hit.since is not None and hit.since >= row.created_at


class _Public:
    """What of these may be seen by everybody now, by the language of who is told."""

    def __init__(
        self, objects: Collection[_Object], rows: Iterable[SavedSearch], now: dt.datetime
    ) -> None:
        self.shown: dict[str, Mapping[_Object, Shown]] = {}
        for language in sorted({known_language(row.account.language) for row in rows}):
            with override(language):
                self.shown[language] = registry.shown(sorted(objects), now)
        self._titles: dict[_Object, dict[str, str]] = defaultdict(dict)
        self._scopes: dict[_Object, str] = {}
        documents = SearchDoc.objects.filter(
            kind__in={kind for kind, _pk in objects}, object_id__in={pk for _kind, pk in objects}
        )
        for kind, pk, language, title, scope in documents.values_list(
            "kind", "object_id", "language", "title", "scope"
        ):
            self._titles[kind, pk][language] = title
            self._scopes[kind, pk] = scope

    def lines(self, keys: Sequence[_Object], language: str) -> Counter[_Named]:
        """What is to be named, the newest first, with how many of each there are."""
        return Counter(self._named(key, language) for key in keys)

    def _named(self, key: _Object, language: str) -> _Named:
        shown, scope = self.shown[language][key], self._scopes.get(key, "")
        text = shown.within
        # What stands by itself is official and named by its title: its key is its scope's.
        if text is None and scope in shown.key.split(":"):
            text = _title(self._titles[key], language)
        text = text or Text("", language)
        return _Named(key[0], text.text, text.language)


def _title(titles: Mapping[str, str], language: str) -> Text | None:
    known = {code: title for code, title in titles.items() if code in LANGUAGES and title}
    return pick(known, language) if known else None


def _notify(
    readers: Sequence[SavedSearch],
    event: str,
    words: str,
    every: str,
    lines: Counter[_Named],
) -> int:
    count = sum(lines.values())
    params: dict[str, Any] = {
        "count": min(count, MOST),
        "more": "yes" if count > MOST else "",
        "asked": words,
        "every": every,
        "filtered": "yes" if readers[0].question.facets else "",
    }
    named = [line for line in lines if line.text][:NAMED]
    for name, line in zip(_NAMES, named, strict=False):
        params[f"{name}_kind"] = _kind(line.kind)
        params[name] = {line.language: line.text}
        params[f"{name}_count"] = lines[line]
    rest = min(count, MOST) - sum(lines[line] for line in named)
    if named and rest > 0:
        params["rest"] = rest
    return len(
        notify(
            kind="saved-search",
            event_key=event,
            to=[Reader(row.account, f"/search/saved/stop/{row.token}/") for row in readers],
            params=params,
            path=_path(words, readers[0].question.facets),
        )
    )


def _path(words: str, facets: Mapping[str, Sequence[str]]) -> str:
    """The newest of it on the page of results; of one too long for a link, the list of searches."""
    path = f"/search/{filters_of(words, facets, 'newest').query()}"
    return path if len(path) <= LONGEST_PATH else "/search/saved/"


def _kind(kind: str) -> dict[str, str]:
    found = {}
    for language in LANGUAGES:
        with override(language):
            found[language] = str(registry.kinds()[kind])
    return found
