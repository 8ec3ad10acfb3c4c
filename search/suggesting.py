"""'Did you mean': the question with one slip put right, where that finds what everybody may read.

Asked only where nothing holds everything. A Latin word is put right by the words of public
documents that are one slip away from it; a run of Chinese characters by what public documents say
with one character other, so that a wrong homophone is put right like any wrong character. What is
suggested is asked like any question before it is shown: it finds something, or nothing is said.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from core.fold import fold, fold_characters
from core.simplified import to_simplified
from search.analysis import QUERY_LENGTH, Term
from search.asking import Found, ask
from search.live import LiveIndex, Narrowing
from search.models import SearchDoc
from search.spelling import may_be_slip, read_slips, stem
from search.words import FUNCTION_WORDS

#: Documents that are read for a suggestion, and how much of each.
READ, LETTERS = 40, 20_000
#: Stems that are looked up at once: Elasticsearch takes no more than a thousand and some.
MOST = 900
#: Words or runs of one question that are looked at.
WORDS = 2
#: Runs of so many characters: of two, one other would be too much of a guess.
SHORTEST_RUN, LONGEST_RUN = 3, 12
_WORD = re.compile(r"[^\W_]+")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")


@dataclass(frozen=True, slots=True)
class _Text:
    """A public text as it was written, and folded to the same length."""

    written: str
    folded: str
    language: str


def suggest(
    text: str,
    found: Found,
    *,
    language: str,
    now: dt.datetime,
    index: LiveIndex,
    is_shown: Callable[[Found], bool],
) -> str:
    """Another question that finds what holds all of it, or ''. ``found``: what this one found.

    ``index``: the open one that found it. ``is_shown`` says whether any hit of a question may be
    seen, as the page asks.
    """
    if found.whole and found.hits:
        return ""
    other = _other(text, found, index, language, now)
    if not other or fold(other) == fold(text):
        return ""
    answer = ask(
        other,
        Narrowing(),
        sort="newest",
        language=language,
        now=now,
        thesaurus=found.thesaurus,
        index=index,
    )
    return other if answer.whole and answer.hits and is_shown(answer) else ""


def _other(text: str, found: Found, index: LiveIndex, language: str, now: dt.datetime) -> str:
    """The question put right, or as it was."""
    # What others wrote is no slip.
    words = [
        word
        for word in _WORD.findall(fold(text[:QUERY_LENGTH]))
        if may_be_slip(word) and word not in FUNCTION_WORDS and stem(word) not in found.frequencies
    ]
    runs = [
        term
        for term in found.query.terms
        if term.han and SHORTEST_RUN <= len(term.text) <= LONGEST_RUN
    ]
    other = text
    if words:
        other = _words_right(other, list(dict.fromkeys(words))[:WORDS], index, language, now)
    if runs:
        near = [hit.number for hit in found.hits[:READ]]
        texts = _texts(near, language) if near else []
        for term in runs[:WORDS]:
            other = _run_right(other, term, texts, language)
    return other


def _words_right(
    text: str, words: Sequence[str], index: LiveIndex, language: str, now: dt.datetime
) -> str:
    near = {word: read_slips(word) for word in words}
    stems = {word: _stems(others) for word, others in near.items()}
    # Few texts may hold a word that is right, too few to be counted.
    keys: dict[str, None] = dict.fromkeys(stem(word) for word in words)
    for word in words:
        keys.update(dict.fromkeys(list(stems[word])[: MOST // len(words)]))
    facts = index.holding_some(list(keys), Narrowing(), now, READ)
    texts = _texts([each.number for each in facts], language)
    written = {stem(each) for one in texts for each in _WORD.findall(one.folded)}
    for word in words:
        if stem(word) in written:
            continue
        best = _likeliest(near[word], stems[word], texts)
        if best:
            text = _put_in(text, word, best)
    return text


def _stems(others: Mapping[str, int]) -> dict[str, str]:
    """What an index holds of words, each with the likeliest of its words."""
    found: dict[str, str] = {}
    for other in others:
        found.setdefault(stem(other), other)
    found.pop("", None)
    return found


def _likeliest(others: Mapping[str, int], stems: Mapping[str, str], texts: Sequence[_Text]) -> str:
    """The word that is written most often, of the likeliest kind of slip.

    Where only other forms of a word are written (lifts for lift), the form that is a slip away.
    """
    counted: Counter[str] = Counter()
    forms: Counter[str] = Counter()
    for each in texts:
        for word in _WORD.findall(each.folded):
            if word in others:
                counted[word] += 1
            elif may_be_slip(word) and (form := stems.get(stem(word))):
                forms[form] += 1
    found = counted or forms
    if not found:
        return ""
    return min(found, key=lambda word: (-found[word], others[word], word))


def _put_in(text: str, word: str, other: str) -> str:
    """The text with a word in place of another, whatever its case and width."""
    for match in _WORD.finditer(text):
        if fold(match[0]) == word:
            put = other.capitalize() if match[0][:1].isupper() else other
            put = other.upper() if match[0].isupper() else put
            return text[: match.start()] + put + text[match.end() :]
    return text


def _run_right(text: str, term: Term, texts: Sequence[_Text], language: str) -> str:
    """The text with one character of a run as public texts have it."""
    run = term.text
    if any(run in each.folded for each in texts):
        return text
    counted: Counter[tuple[int, str]] = Counter()
    for at in range(len(run)):
        pattern = re.compile(f"{re.escape(run[:at])}(.){re.escape(run[at + 1 :])}")
        for place, each in enumerate(texts):
            for match in pattern.finditer(each.folded):
                other = each.written[match.start(1)]
                if _HAN.match(other):
                    # The best texts first, among equals.
                    counted[(at, other)] += 2 if place == 0 else 1
    if not counted:
        return text
    (at, other), _often = counted.most_common(1)[0]
    place = fold_characters(text).find(run)
    if place < 0 or len(fold_characters(text)) != len(text):
        return text
    put = to_simplified(other) if language == "zh-hans" else other
    return text[: place + at] + put + text[place + at + 1 :]


def _texts(numbers: Sequence[int], language: str) -> list[_Text]:
    """Public texts in the order of their numbers, those in the reader's language first."""
    rows = {
        pk: (own, title, body)
        for pk, own, title, body in SearchDoc.objects.filter(pk__in=numbers).values_list(
            "pk", "language", "title", "body"
        )
    }
    found = [_text(*rows[number]) for number in numbers if number in rows]
    return sorted(found, key=lambda each: each.language != language)


def _text(language: str, title: str, body: str) -> _Text:
    written = f"{title}\n{body[:LETTERS]}"
    folded = fold_characters(written).lower()
    # A few letters grow when their case is folded; then places would not be the same.
    return _Text(written, folded if len(folded) == len(written) else written, language)
