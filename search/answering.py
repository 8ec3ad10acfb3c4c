"""The paragraph that answers a question best, quoted with its number and address.

Only for a question typed as a sentence, and only of what the page shows already. The words are the
author's; nothing is written here. Ranked as documents are, and left out where it holds too little
of what was asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search import registry
from search.analysis import plain, segments
from search.asking import Found
from search.highlight import Piece, snippet, wanted
from search.ranking import Ledger, Row, features, scored
from search.registry import Passage
from search.showing import Card

#: Hits whose paragraphs are read, and how long a quotation is.
READ, LENGTH = 5, 400
#: The share of what was asked that a paragraph has to hold.
LEAST = 0.4


@dataclass(frozen=True)
class Quotation:
    """One paragraph of a hit."""

    card: Card
    number: str
    url: str
    pieces: list[Piece]


def answering(found: Found, cards: Sequence[Card]) -> Quotation | None:
    """The best paragraph of the first hits; None where none answers. One query a source."""
    if not found.query.sentence:
        return None
    first = {card.of: card for card in cards[:READ]}
    choices: list[tuple[Card, Passage]] = []
    for source in registry.sources():
        mine = {key[1]: card for key, card in first.items() if key[0] in source.kinds}
        if source.passages is not None and mine:
            choices += [
                (mine[each.object_id], each)
                for each in source.passages(list(mine))
                if each.texts.get(mine[each.object_id].language)
            ]
    rows = [_row(at, each.texts[card.language]) for at, (card, each) in enumerate(choices)]
    ledger = Ledger()
    scores = scored(rows, features(found.query), found.frequencies, found.corpus, ledger=ledger)
    enough = [at for at in scores if ledger.accounts[at].share >= LEAST]
    if not enough:
        return None
    card, best = choices[max(enough, key=lambda at: (scores[at], -at))]
    looked_for = wanted(found.query, whole=found.whole)
    return Quotation(
        card,
        best.number,
        f"{card.shown.url}#{best.anchor}",
        snippet(best.texts[card.language], looked_for, length=LENGTH),
    )


def _row(number: int, text: str) -> Row:
    read = segments(text)
    length = sum(len(segment.text) if segment.han else 1 for segment in read)
    return Row(number, "", plain(read), length)
