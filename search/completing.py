"""Titles that go on as somebody types: the public ones alone, the reader's language first.

Whole words before the last stand anywhere in a title; the last may be unfinished. Answered by the
database's own index whatever engine answers questions: it holds every title, and is asked often.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

from core.exceptions import Unavailable
from core.fold import fold
from search import registry
from search.analysis import Segment, segments
from search.live import Facts, LiveIndex, Narrowing, Statement
from search.models import SearchDoc
from search.spelling import stem
from search.tokens import MARK

#: Titles that are offered, documents that are looked through for them.
OFFERED, READ = 8, 200
#: What is typed is read up to here.
LONGEST = 100
_WORD = re.compile(r"[^\W_]+")
_LATIN = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Title:
    """One title as its author wrote it, with the language it is in."""

    text: str
    language: str


class _Titles(LiveIndex):
    def beginning(
        self, whole: Sequence[str], unfinished: str, now: dt.datetime, limit: int
    ) -> list[Facts]:
        """Documents whose title holds these tokens and a word that may go on as the last does."""
        statement = Statement()
        self._narrow(statement, Narrowing(), now)
        parts = [self._exactly(token) for token in whole]
        if unfinished:
            parts.append(self._going_on(unfinished))
        if self._postgresql:
            statement.add("d.vector @@ %s::tsquery", " & ".join(parts))
            return self._read("search_searchdoc d", "d.id + 0", statement, limit)
        statement.add("search_index MATCH %s", " AND ".join(parts))
        source = "search_index i JOIN search_searchdoc d ON d.id = i.rowid"
        return self._read(source, "i.rowid", statement, limit)

    def _exactly(self, token: str) -> str:
        # Tokens are letters and digits, and the mark: none can close a quote.
        return f"'{MARK}{token}'" if self._postgresql else f'"{MARK}{token}"'

    def _going_on(self, word: str) -> str:
        """A title's words are there by their stems: one is a beginning of what is typed, or what
        is typed is a beginning of one."""
        stems = {word[:at] for at in range(3, len(word) + 1)}
        stems |= {f"{word[:-1]}i", stem(word)} if len(word) > 2 else set()
        either = " | " if self._postgresql else " OR "
        begun = f"'{MARK}{word}':*" if self._postgresql else f'"{MARK}{word}" *'
        return f"({either.join([begun, *map(self._exactly, sorted(stems))])})"


def complete(text: str, *, language: str, now: dt.datetime) -> list[Title]:
    """Titles for what is typed so far, at most ``OFFERED``. Raises ``Unavailable``."""
    typed = fold(text[:LONGEST]).strip()
    found = segments(typed)
    if not found or (len(typed) == 1 and not found[0].han):
        return []
    last = found[-1]
    unfinished = not last.han and text[:LONGEST][-1:].isalnum()
    raw = _WORD.findall(typed)
    begun = raw[-1] if unfinished and raw and _LATIN.fullmatch(raw[-1]) else ""
    whole = _tokens(found[:-1] if begun else found)
    if len(begun) == 1 and not whole:
        # What follows an apostrophe, or a sign, is no word yet either.
        return []
    try:
        index = _Titles()
        with index.bounded():
            facts = index.beginning(whole, begun, now, READ)
        titles = dict(
            SearchDoc.objects.filter(pk__in=[each.number for each in facts]).values_list(
                "pk", "title"
            )
        )
    except DatabaseError as error:
        raise Unavailable(_("Search is not working at the moment")) from error
    fitting = [each for each in facts if _goes_on(titles.get(each.number, ""), found, begun)]
    chosen = _first_of_each(fitting, titles, language, typed)
    public = registry.shown([each.key for each in chosen], now)
    kept = [each for each in chosen if each.key in public][:OFFERED]
    return [Title(" ".join(titles[each.number].split()), each.language) for each in kept]


def _tokens(found: Iterable[Segment]) -> list[str]:
    tokens: dict[str, None] = {}
    for segment in found:
        if not segment.han or len(segment.text) == 1:
            tokens[segment.text] = None
        else:
            pairs = (segment.text[at : at + 2] for at in range(len(segment.text) - 1))
            tokens.update(dict.fromkeys(pairs))
    return list(tokens)


def _goes_on(title: str, found: Sequence[Segment], begun: str) -> bool:
    folded = fold(title)
    if begun and not any(word.startswith(begun) for word in _WORD.findall(folded)):
        return False
    return all(segment.text in folded for segment in found if segment.han)


def _first_of_each(
    facts: Sequence[Facts], titles: dict[int, str], language: str, typed: str
) -> list[Facts]:
    """One title of each object, and each text once: own language, then those that begin so."""

    def order(each: Facts) -> tuple[bool, bool, int, int]:
        title = titles[each.number]
        return (
            each.language != language,
            not fold(title).startswith(typed),
            len(title),
            -each.number,
        )

    objects: dict[tuple[str, int], Facts] = {}
    texts: set[str] = set()
    for each in sorted(facts, key=order):
        # An outcome has the title of what it is of, in every script.
        text = " ".join(fold(titles[each.number]).split())
        if each.key not in objects and text not in texts:
            objects[each.key] = each
            texts.add(text)
        if len(objects) == 2 * OFFERED:
            break
    return list(objects.values())
