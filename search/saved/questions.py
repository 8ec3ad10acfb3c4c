"""What is kept of a search, and by which tokens a new text is led to it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from core.exceptions import Invalid
from search.analysis import VERSION, Term, plain, read_query, segments
from search.asking import FACETS
from search.filters import Filters, read_filters
from search.live import LiveIndex, Narrowing
from search.models import SavedQuestion, SavedToken, SynonymGroup
from search.synonyms import Thesaurus
from search.tokens import token_of

#: Characters of a search that is kept, and filters it may have.
WORDS_MAXIMUM = 200
FILTERS_MAXIMUM = 40
#: Rows asked for or written by one statement.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """A search as it is kept: ``key`` is the same for all ways to write the same."""

    key: str
    words: str
    facets: dict[str, list[str]]
    sort: str


def kept(filters: Filters) -> Kept:
    """What is kept of these filters. Raises ``Invalid`` with what to do for what cannot be."""
    if not filters.text:
        raise Invalid(_("Enter what you are looking for first."), code="nothing_asked")
    if len(filters.text) > WORDS_MAXIMUM:
        raise Invalid(
            _("A search that is saved has at most 200 characters. Search by fewer words."),
            code="too_long",
        )
    asked = plain(segments(filters.text))
    if not asked:
        raise Invalid(
            _("This search has no letter, character or digit, so nothing can be found for it."),
            code="no_words",
        )
    facets = {name: sorted(getattr(filters, name)) for name in FACETS if getattr(filters, name)}
    if sum(map(len, facets.values())) > FILTERS_MAXIMUM:
        raise Invalid(
            _("A search that is saved has at most 40 filters. Take some away."),
            code="too_many_filters",
        )
    named = json.dumps([asked, facets], ensure_ascii=False, sort_keys=True)
    key = hashlib.sha256(named.encode()).hexdigest()
    return Kept(key, filters.text, facets, filters.sort)


def filters_of(words: str, facets: Mapping[str, Sequence[str]], sort: str) -> Filters:
    """The filters of a search that was kept, for the page. What is no filter any more is none."""
    asked = QueryDict(mutable=True)
    asked["q"], asked["sort"] = words, sort
    for name, values in facets.items():
        asked.setlist(name, list(values))
    return read_filters(asked)


def narrowing_of(facets: Mapping[str, Sequence[str]]) -> Narrowing:
    """The same for looking up: a value that is no filter any more still leaves out the others."""
    chosen: dict[str, Any] = {name: tuple(values) for name, values in facets.items()}
    return Filters(**chosen).narrowing


# --- tokens -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reading:
    """How questions are read now. ``name`` tells it from every other analysis and table."""

    name: str
    thesaurus: Thesaurus


def reading() -> Reading:
    """By the table as it stands in the database, in one query: what is kept must not be of an
    earlier one, as a page may be for a moment."""
    rows = list(SynonymGroup.objects.order_by("pk"))
    named = json.dumps([VERSION, [(row.pk, row.version, row.words) for row in rows]])
    name = hashlib.blake2s(named.encode(), digest_size=16).hexdigest()
    return Reading(name, Thesaurus(row.phrases for row in rows))


def lead_to(questions: Collection[SavedQuestion], read: Reading) -> None:
    """Choose the tokens of these questions anew and write them, in the open transaction."""
    groups = {question.pk: _groups(question.text, read.thesaurus) for question in questions}
    wanted = {token for each in groups.values() for group in each for way in group for token in way}
    known = _frequencies(sorted(wanted))
    SavedToken.objects.filter(question__in=groups).delete()
    SavedToken.objects.bulk_create(
        [
            SavedToken(question_id=pk, token=token)
            for pk, each in groups.items()
            for token in _rarest(each, known)
        ],
        batch_size=_AT_ONCE,
    )
    SavedQuestion.objects.filter(pk__in=groups).update(read_as=read.name)


#: Ways to say one part of a question, each with its tokens: a text holds one way, all of it.
_Group = list[list[str]]


def _groups(text: str, thesaurus: Thesaurus) -> list[_Group]:
    needed = read_query(text, thesaurus.expand).needed
    groups = [[_tokens([term])] for term in needed.alone]
    groups += [[_tokens(way) for way in choice] for choice in needed.choices]
    return groups


def _tokens(terms: Iterable[Term]) -> list[str]:
    return [token_of(part) for term in terms for part in term.parts()]


def _frequencies(tokens: Sequence[str]) -> dict[str, int]:
    index, found = LiveIndex(), {}
    for at in range(0, len(tokens), _AT_ONCE):
        found.update(index.frequencies(tokens[at : at + _AT_ONCE])[0])
    return found


def _rarest(groups: Iterable[_Group], known: Mapping[str, int]) -> set[str]:
    """Of the part that the fewest texts hold, the rarest token of each way to say it."""

    def count(token: str) -> tuple[int, str]:
        return known.get(token, 1), token

    chosen = [[min(way, key=count) for way in group] for group in groups]
    return set(min(chosen, key=lambda tokens: sum(known.get(token, 1) for token in tokens)))
