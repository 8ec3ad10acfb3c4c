"""One analysis of text for every engine: what of a text can be found, and what a query asks for.

A text is folded (``core.fold``: width, case, accents, script) and cut into *segments*: runs of
Chinese characters, kana with them, and words of everything else. A run becomes its overlapping
bigrams and its last character alone, so that a query of one character is the prefix of a token and
a query of several an exact substring; a word loses its possessive and is stemmed as English.

A query may be anything a person can type or a machine can send. No sign in it is an operator,
nothing of it reaches an engine but letters, marks and digits, and reading it never raises.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from snowballstemmer.english_stemmer import EnglishStemmer

from core.fold import fold
from search.words import ASKING, FUNCTION_WORDS

#: Raised with every change of what ``tokens`` gives: what was indexed before has to be read again.
VERSION = 2
#: A query is read up to here: a long paragraph still finds itself by it.
QUERY_LENGTH = 1000
#: A query of this many tokens is a sentence: nobody expects each of its words in one document.
SENTENCE = 16
#: Longer words and numbers are cut, the same in texts and queries: an engine's token has a greatest
#: length, and a text with a longer one could not be written at all.
WORD_LENGTH = 64

_HAN = (
    "\u3005-\u3007\u3040-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_SEGMENT = re.compile(
    rf"(?P<han>[{_HAN}]+)|(?P<number>[0-9]{{1,3}}(?:,[0-9]{{3}})+(?![0-9]))"
    rf"|(?P<word>(?:(?![{_HAN}])[^\W_])(?:(?![{_HAN}])[\w'’](?<!_))*)"
)
_RUN = re.compile(rf"[{_HAN}]")
_APOSTROPHES = re.compile(r"['’]")
_POSSESSIVE = re.compile(r"['’]s?$")
_ENGLISH = re.compile(r"[a-z]+")
_ASKING_MARK = re.compile(r"[?？]")


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of Chinese characters (``han``), or one stemmed word."""

    text: str
    han: bool

    def tokens(self) -> list[str]:
        """What an engine keeps of it, in order."""
        if not self.han:
            return [self.text]
        text = self.text
        return [text[at : at + 2] for at in range(len(text))]


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    # An object each: a stemmer keeps its word in itself, and two threads may stem at once.
    return str(EnglishStemmer().stemWord(word))


def _word(raw: str) -> str:
    word = _APOSTROPHES.sub("", _POSSESSIVE.sub("", raw))[:WORD_LENGTH]
    return _stem(word) if _ENGLISH.fullmatch(word) else word


def segments(text: str) -> list[Segment]:
    """The runs and words of a text, in order."""
    return _cut(fold(text))


def _cut(folded: str) -> list[Segment]:
    found = []
    for match in _SEGMENT.finditer(folded):
        if match["han"]:
            found.append(Segment(match["han"], han=True))
        elif match["number"]:
            number = match["number"].replace(",", "")[:WORD_LENGTH]
            found.append(Segment(number, han=False))
        elif word := _word(match["word"]):
            found.append(Segment(word, han=False))
    return found


def tokens(text: str) -> list[str]:
    """What an engine's index holds of a text."""
    return [token for segment in segments(text) for token in segment.tokens()]


def plain(found: Iterable[Segment]) -> str:
    """Segments as one string to look in: each between spaces of its own.

    A run is found in it as a substring, a word with a space on both sides, and nothing is found
    across two segments.
    """
    return "".join(f" {segment.text} " for segment in found)


@lru_cache(maxsize=20_000)
def is_han(character: str) -> bool:
    """Whether a character is one of a run."""
    return _RUN.fullmatch(character) is not None


def prefix_of(character: str) -> str:
    """The key of all tokens that begin with a character. No token has an asterisk in it."""
    return f"{character}*"


@dataclass(frozen=True, slots=True)
class Term:
    """What a document must hold: an exact run of Chinese characters (``han``), or a word.

    A synonym of several words is one term too: its words one after another, as ``plain`` has them.
    """

    text: str
    han: bool

    def parts(self) -> list[str]:
        """What a document that holds it has in an index, in order: tokens, or a prefix for one
        character, since each character of a run begins a token."""
        if not self.han:
            return self.text.split()
        if len(self.text) == 1:
            return [prefix_of(self.text)]
        return [self.text[at : at + 2] for at in range(len(self.text) - 1)]

    def held_by(self, text: str) -> bool:
        """Whether a ``plain`` text holds it."""
        return self.text in text if self.han else f" {self.text} " in text


#: Ways to say one thing, each of terms that all must be held; the first is what was asked.
Choice = tuple[tuple[Term, ...], ...]


@dataclass(frozen=True, slots=True)
class Read:
    """A text as it asks. ``choices`` are those of ``terms`` that can be said in other ways."""

    terms: tuple[Term, ...]
    choices: tuple[Choice, ...] = ()

    @property
    def alone(self) -> tuple[Term, ...]:
        """The terms that can be said in no other way."""
        chosen = {term for choice in self.choices for term in choice[0]}
        return tuple(term for term in self.terms if term not in chosen)

    def every(self) -> Iterator[Term]:
        """Its terms and those of all other ways."""
        yield from self.terms
        for choice in self.choices:
            for way in choice[1:]:
                yield from way

    def keys(self) -> set[str]:
        """What is looked up of it in an index."""
        return {key for term in self.every() for key in term.parts()}


#: Finds in segments what can be said in other ways (``search.synonyms``).
Expand = Callable[[Sequence[Segment]], tuple[Choice, ...]]


@dataclass(frozen=True, slots=True)
class Query:
    """``needed``: what a document must hold, all; ``ranked``: what ranks, without asking words."""

    needed: Read
    ranked: Read
    sentence: bool

    @property
    def terms(self) -> tuple[Term, ...]:
        return self.needed.terms

    @property
    def asked(self) -> tuple[Term, ...]:
        return self.ranked.terms

    def keys(self) -> set[str]:
        """All that is looked up of it in an index."""
        return self.needed.keys() | self.ranked.keys()


def _no_other(_found: Sequence[Segment]) -> tuple[Choice, ...]:
    return ()


def read_query(text: str, expand: Expand = _no_other) -> Query:
    """What is asked. Of nothing but signs, no terms come, and nothing is found."""
    folded = fold(text[:QUERY_LENGTH])
    cut = _cut(folded)
    every = _terms(cut)
    needed = _naming(every)
    cut_asked = _cut(ASKING.sub(" ", folded))
    asked = _naming(_terms(cut_asked))
    size = sum(len(term.parts()) for term in every)
    read = Read(needed or every, expand(cut))
    return Query(
        needed=read,
        ranked=Read(asked, expand(cut_asked)) if asked else read,
        sentence=size >= SENTENCE or bool(_ASKING_MARK.search(text) and size > 1),
    )


def _naming(found: Iterable[Term]) -> tuple[Term, ...]:
    return tuple(term for term in found if term.text not in FUNCTION_WORDS)


def _terms(found: Iterable[Segment]) -> tuple[Term, ...]:
    return tuple(dict.fromkeys(Term(segment.text, segment.han) for segment in found))
