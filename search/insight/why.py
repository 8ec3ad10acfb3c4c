"""Why a hit ranks where it does: what the ranking itself took down, put into rows for a page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from search.analysis import plain, read_query, segments
from search.asking import BANDS, COUNTED, RANKED, Found, Watch, ask
from search.live import Facts, Narrowing
from search.ranking import Account
from search.showing import Card, cards

#: Hits that are explained, the best first.
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Token:
    """Something that is looked up, and in how many documents it is; None for fewer than two."""

    text: str
    documents: int | None


@dataclass(frozen=True, slots=True)
class Explained:
    """A hit with its account. ``position`` counts from one; without ``account`` it was found but
    not ranked: it stands behind the ranked ones by its date."""

    position: int
    card: Card
    band: int
    is_open: bool
    account: Account | None


@dataclass(frozen=True, slots=True)
class Why:
    """All that the page shows.

    ``left_out``: words of the query that nothing is looked up by; ``unshown``: found, but their own
    apps no longer show them.
    """

    folded: str
    needed: list[str]
    ranked: list[str]
    left_out: list[str]
    tokens: list[Token]
    worth: list[tuple[str, float]]
    documents: int
    average: float
    read: int
    found: int
    more: bool
    whole: bool
    sentence: bool
    hits: list[Explained]
    unshown: int
    bands: int = BANDS
    counted: int = COUNTED
    most: int = RANKED


def explain(text: str, *, language: str, now: dt.datetime) -> Why:
    """The best match order of a query for a reader of this language, with what made it.

    Raises ``Unavailable`` as ``ask`` does.
    """
    watch = Watch()
    answer = ask(text, Narrowing(), sort="relevance", language=language, now=now, watch=watch)
    query = read_query(text)
    terms = [term.text for term in query.terms]
    every = dict.fromkeys(segment.text for segment in segments(text))
    first = answer.hits[:SHOWN]
    return Why(
        folded=" ".join(plain(segments(text)).split()),
        needed=terms,
        ranked=[term.text for term in query.asked],
        left_out=[word for word in every if word not in terms],
        tokens=[Token(key, watch.frequencies.get(key)) for key in watch.keys],
        worth=watch.ledger.worth,
        documents=watch.corpus.documents,
        average=watch.corpus.average,
        read=watch.read,
        found=len(answer.hits),
        more=answer.more,
        whole=answer.whole,
        sentence=query.sentence,
        hits=(hits := _explained(first, answer, watch, now)),
        unshown=len(first) - len(hits),
    )


def _explained(
    first: list[Facts], answer: Found, watch: Watch, now: dt.datetime
) -> list[Explained]:
    positions = {row.key: (position, row) for position, row in enumerate(first, start=1)}
    found = []
    for card in cards(first, answer, now):
        position, row = positions[card.of]
        place = watch.places.get(row.number)
        found.append(
            Explained(
                position,
                card,
                band=place.band if place else 0,
                is_open=place.is_open if place else False,
                account=watch.ledger.accounts.get(row.number),
            )
        )
    return found
