"""(r) The live index with 200,000 documents: what the box's queries take, on SQLite.

Documents are put together at random from the sentences of drcd-dev; ``FIND_DOCUMENTS`` makes fewer.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import re
import statistics
import time
from pathlib import Path
from typing import Any

from bench.server import ROOT, table

#: Chinese characters alone: a sign would cut the query in two.
_HAN = re.compile("[\u4e00-\u9fff]+")
SCOPES, BATCH, ASKED = 500, 2000, 200


def run() -> None:
    """Fill the index, ask, print the table."""
    folder = Path(os.environ.get("KAIFONG_DATA") or ROOT.parent / "shared" / "data") / "drcd-dev"
    if not folder.is_dir():
        raise SystemExit(f"{folder} is not there (KAIFONG_DATA).")
    with (folder / "corpus.jsonl").open(encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in file]
    sentences = [one for text in texts for one in re.split("[。！？]", text) if len(one) > 8]
    drawn = random.Random(5)
    number = int(os.environ.get("FIND_DOCUMENTS") or 200_000)
    rows = _fill(sentences, drawn, number)
    for name, queries in _queries(sentences, drawn).items():
        taken = _ask(queries)
        rows.append([name, f"{statistics.median(taken):.1f} ms", f"{taken[-2]:.1f} ms"])
    table([f"{number:,} documents, SQLite", "median, or in all", "99 of 100"], rows)


def _fill(sentences: list[str], drawn: random.Random, number: int) -> list[list[str]]:
    from core import clock
    from search.counting import count_tokens
    from search.models import SearchDoc, SearchScope
    from search.tokens import read

    now, start = clock.now(), time.process_time()
    SearchScope.objects.bulk_create(
        SearchScope(
            key=f"s{at}",
            visible=True,
            bureau=f"b{at % 80}",
            opens_at=now - dt.timedelta(days=50),
            closes_at=now + dt.timedelta(days=at % 90 - 45),
        )
        for at in range(SCOPES)
    )
    for first in range(0, number, BATCH):
        made = []
        for at in range(first, min(number, first + BATCH)):
            title, body = drawn.choice(sentences)[:24], "。".join(drawn.choices(sentences, k=3))
            found = read(title, body)
            made.append(
                SearchDoc(
                    kind="idea" if at % 3 else "chapter",
                    object_id=at,
                    language="zh-hant",
                    scope=f"s{at % SCOPES}",
                    at=now - dt.timedelta(minutes=number - at),
                    length=found.length,
                    digest="-",
                    title=title,
                    body=body,
                    title_plain=found.title_plain,
                    body_plain=found.body_plain,
                    tokens=found.tokens,
                )
            )
        SearchDoc.objects.bulk_create(made)
    written = time.process_time() - start
    start = time.process_time()
    counted = count_tokens()
    return [
        [f"{number:,} documents written", f"{written:.0f} s of CPU", ""],
        [f"{counted:,} tokens counted", f"{time.process_time() - start:.1f} s of CPU", ""],
    ]


def _queries(sentences: list[str], drawn: random.Random) -> dict[str, list[str]]:
    def piece(length: int) -> str:
        while True:
            sentence = drawn.choice(sentences)
            at = drawn.randrange(max(1, len(sentence) - length))
            found = sentence[at : at + length]
            if len(found) == length and _HAN.fullmatch(found):
                return found

    asked = {f"{length} characters": [piece(length) for _ in range(ASKED)] for length in (1, 2, 3)}
    asked["4 characters"] = [piece(4) for _ in range(ASKED)]
    asked["six terms of two"] = [" ".join(piece(2) for _ in range(6)) for _ in range(ASKED)]
    asked["a question"] = [f"{drawn.choice(sentences)[:40]}嗎？" for _ in range(ASKED)]
    return asked


def _ask(queries: list[str]) -> list[float]:
    """CPU milliseconds of each query, ascending: another load on the machine is not in them."""
    from core import clock
    from search.asking import ask
    from search.live import Narrowing

    now = clock.now()
    taken: list[Any] = []
    for query in [*queries[:10], *queries]:
        start = time.process_time()
        ask(query, Narrowing(), sort="relevance", language="zh-hant", now=now)
        taken.append((time.process_time() - start) * 1000)
    return sorted(taken[10:])
