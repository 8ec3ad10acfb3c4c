"""What a document's row holds for the databases' own indexes.

A live index keeps each token of a document once and no places: pairs of characters, words, and each
character alone, so that a query of one character needs no look-up by prefix. The tokens of a title
stand there a second time behind a mark no text can hold (it is of no alphabet, so the analysis
never leaves it in a token).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from operator import add

from search.analysis import VERSION, Segment, plain, segments
from search.registry import Document

#: Before tokens of the title, and before the two rows of ``SearchToken`` that are no tokens.
MARK = "\ue000"
#: The number of all documents, and of their characters and words together.
DOCUMENTS, LENGTHS = f"{MARK}documents", f"{MARK}lengths"
#: What stands after so many characters is not found: PostgreSQL's vector holds a megabyte.
LONGEST_TITLE, LONGEST_BODY = 500, 60_000


@dataclass(frozen=True, slots=True)
class Read:
    """A text as its row keeps it."""

    title_plain: str
    body_plain: str
    tokens: str
    length: int


def digest_of(document: Document) -> str:
    """The same for the same text read by the same analysis."""
    written = "\x1f".join(
        (
            str(VERSION),
            document.scope,
            document.at.isoformat(),
            document.called,
            document.title,
            document.body,
            # Only where there are some: what had none is not written again.
            *(document.districts or ()),
        )
    )
    return hashlib.blake2s(written.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def read(title: str, body: str, called: str = "") -> Read:
    """What of a text can be found; ``called`` is found as what stands in the body is."""
    of_title, of_body = segments(title[:LONGEST_TITLE]), segments(body[:LONGEST_BODY])
    of_body += segments(called)
    in_title, in_body = held(of_title), held(of_body)
    return Read(
        plain(of_title),
        plain(of_body),
        " ".join(sorted({*in_title, *in_body, *(MARK + token for token in in_title)})),
        sum(len(segment.text) if segment.han else 1 for segment in of_body),
    )


def held(found: list[Segment]) -> set[str]:
    """The tokens of segments, single characters among them."""
    tokens: set[str] = set()
    for segment in found:
        if segment.han:
            tokens.update(segment.text)
            tokens.update(map(add, segment.text, segment.text[1:]))
        else:
            tokens.add(segment.text)
    return tokens


def token_of(key: str) -> str:
    """The token of a term's part: a character's key (``analysis.prefix_of``) is the character."""
    return key.removesuffix("*")
