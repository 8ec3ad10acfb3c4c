"""(s) Texts that read alike: what was there against the service, on real ones; and its speed.

Asked about are the statements of six Polis conversations and the titles of decide-madrid, each
against the others of its own. Five measures (sets of words, letters in a row, three more) named the
pairs that may say the same; each of those was read and judged (``alike_judged.json``). What a
measure suggests is right if it is one of these; pairs that can be argued about count neither way.

Then each text is typed anew: half of it, its words in another order, two letters swapped; is it
among the four that are suggested?

What was there: ideas had the best of rapidfuzz's ``token_set_ratio`` from 55 on, else of ``ratio``;
statements of ``WRatio`` (short ones ``ratio``) from 75 on; findings the best of ``token_set_ratio``
and ``ratio`` from 65 on.
"""

from __future__ import annotations

import csv
import json
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from bench.server import ROOT, table

#: By folder: the pairs that say the same, and those that can be argued about.
JUDGED: dict[str, dict[str, list[list[str]]]] = json.loads(
    Path(__file__).with_name("alike_judged.json").read_text(encoding="utf-8")
)
IDEAS, ROUNDS, MOST_MS, SHOWN = 20_000, 7, 50, 4
Suggest = Callable[[str, Sequence[str], int | None], list[int]]


def run() -> None:
    """Print both tables."""
    data = _read()
    ways: dict[str, Suggest] = {
        "as ideas were compared": _as_ideas,
        "as statements were": _as_statements,
        "as findings were": _as_findings,
        "the service": _now,
    }
    pairs = 2 * sum(len(judged["same"]) for judged in JUDGED.values())
    table(
        [f"each text against the others of its own, {pairs} to find", "found", "wrong"],
        [[name, *map(str, _against_others(suggest, data))] for name, suggest in ways.items()],
    )
    typed = {name: _typed_anew(suggest, data) for name, suggest in ways.items()}
    table(
        ["typed anew and found", *typed["the service"], "suggestions each"],
        [[name, *_shares(by_way)] for name, by_way in typed.items()],
    )
    table(["ideas", "CPU ms, first of a process", "median", "worst", "aim", ""], [_speed()])


def _read() -> dict[str, list[tuple[str, str]]]:
    """Each text with its number in the source, by folder."""
    home = Path(os.environ.get("KAIFONG_DATA") or ROOT.parent / "shared" / "data")
    if not home.is_dir():
        raise SystemExit(f"{home} is not there (KAIFONG_DATA).")
    csv.field_size_limit(10**9)
    found = {}
    for name in JUDGED:
        of_polis = home / "polis" / name / "comments.csv"
        path = of_polis if of_polis.exists() else home / name / "proposals.csv"
        number, text = ("comment-id", "comment-body") if path == of_polis else ("id", "title")
        with path.open(encoding="utf-8", newline="") as file:
            rows = [(row[number], row[text].strip()) for row in csv.DictReader(file)]
        found[name] = [row for row in rows if row[1]]
    return found


def _pairs(name: str, judged: str) -> set[frozenset[str]]:
    return {frozenset(pair) for pair in JUDGED[name][judged]}


def _best(
    text: str, texts: Sequence[str], but: int | None, scorer: Any, least: float
) -> dict[int, float]:
    from core.fold import fold

    folded = {at: fold(one) for at, one in enumerate(texts) if at != but}
    found = process.extract(fold(text), folded, scorer=scorer, limit=SHOWN, score_cutoff=least)
    return {at: score for _text, score, at in found}


def _as_ideas(text: str, texts: Sequence[str], but: int | None) -> list[int]:
    return list(
        _best(text[:200], texts, but, fuzz.token_set_ratio, 55)
        or _best(text[:200], texts, but, fuzz.ratio, 55)
    )


def _as_statements(text: str, texts: Sequence[str], but: int | None) -> list[int]:
    return list(_best(text, texts, but, fuzz.WRatio if len(text) > 40 else fuzz.ratio, 75))


def _as_findings(text: str, texts: Sequence[str], but: int | None) -> list[int]:
    scores = _best(text, texts, but, fuzz.token_set_ratio, 65)
    for at, score in _best(text, texts, but, fuzz.ratio, 65).items():
        scores[at] = max(score, scores.get(at, 0))
    return sorted(scores, key=lambda at: (-scores[at], at))[:SHOWN]


def _now(text: str, texts: Sequence[str], but: int | None) -> list[int]:
    """As ``search.similar.alike`` compares what the index gives: what shares a token with it."""
    from search.similar import LEAST, Reading

    wanted = Reading.of(text)
    scores = {}
    for at, one in enumerate(texts):
        if at != but:
            other = _reading(one)
            likeness = wanted.likeness(other) if wanted.tokens & other.tokens else 0.0
            if likeness >= LEAST:
                scores[at] = likeness
    return sorted(scores, key=lambda at: (-scores[at], -at))[:SHOWN]


_readings: dict[str, Any] = {}


def _reading(text: str) -> Any:
    from search.similar import Reading

    if text not in _readings:
        _readings[text] = Reading.of(text)
    return _readings[text]


def _against_others(suggest: Suggest, data: dict[str, list[tuple[str, str]]]) -> tuple[int, int]:
    right = wrong = 0
    for name, rows in data.items():
        same, arguable = _pairs(name, "same"), _pairs(name, "arguable")
        texts = [text for _number, text in rows]
        for at, (number, text) in enumerate(rows):
            for other in suggest(text, texts, at):
                pair = frozenset((number, rows[other][0]))
                right += pair in same
                wrong += pair not in same and pair not in arguable
    return right, wrong


def _anew(text: str, chance: random.Random) -> Iterator[tuple[str, str]]:
    yield "half of it", text[: max(6, len(text) // 2)]
    words = text.split()
    if len(words) > 1:
        chance.shuffle(words)
        yield "words in another order", " ".join(words)
    letters, at = list(text), chance.randrange(len(text) - 1)
    letters[at], letters[at + 1] = letters[at + 1], letters[at]
    yield "two letters swapped", "".join(letters)


def _typed_anew(suggest: Suggest, data: dict[str, list[tuple[str, str]]]) -> dict[str, list[int]]:
    """For each way of typing: how many were found, of how many, among how many suggestions."""
    chance = random.Random(4)
    told: dict[str, list[int]] = {}
    for rows in data.values():
        texts = [text for _number, text in rows if 12 <= len(text) <= 140]
        for at, text in enumerate(texts):
            for way, typed in _anew(text, chance):
                found = suggest(typed, texts, None)
                counts = told.setdefault(way, [0, 0, 0])
                counts[0] += at in found
                counts[1] += 1
                counts[2] += len(found)
    return told


def _shares(by_way: dict[str, list[int]]) -> list[str]:
    rows = list(by_way.values())
    suggested = sum(shown for _found, _number, shown in rows) / sum(row[1] for row in rows)
    return [*(f"{found / number:.3f}" for found, number, _shown in rows), f"{suggested:.1f}"]


def _speed() -> list[str]:
    """Asking what is like a title: in English, in Chinese, and like nothing."""
    from bench.contests import make
    from ideas.similar import similar_ideas
    from search.counting import count_tokens
    from search.writing import rebuild

    contest = make(IDEAS, comments=0, votes=0)
    rebuild()
    count_tokens()
    taken = []
    for _each in range(ROUNDS):
        for title in (
            "Shaded benches at the harbour",
            "屋邨加座椅",
            "An observatory for falling stars over Lantau",
        ):
            began = time.process_time()
            similar_ideas(contest, title)
            taken.append((time.process_time() - began) * 1000)
    worst = max(taken[1:])
    return [
        f"{IDEAS:,}",
        f"{taken[0]:.0f}",
        f"{statistics.median(taken):.1f}",
        f"{worst:.1f}",
        f"under {MOST_MS} ms",
        "met" if worst < MOST_MS else "missed",
    ]
