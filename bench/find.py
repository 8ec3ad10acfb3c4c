"""(r) The live index with 200,000 documents: what the box's queries take.

Documents are put together at random from the sentences of drcd-dev; ``FIND_DOCUMENTS`` makes fewer.
``python -m bench.find`` asks the database of ``DATABASE_URL``. "In the engine" is the look-up with
all it reads of the rows; "the whole answer" ranks them too and counts every facet.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import re
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.server import ROOT, table

#: Chinese characters alone: a sign would cut the query in two.
_HAN = re.compile("[\u4e00-\u9fff]+")
SCOPES, BATCH, ASKED = 500, 2000, 200


def run() -> None:
    """Fill the index, ask, print the table."""
    from django.db import connection

    sentences, drawn = sentences_of_drcd(), random.Random(5)
    number = int(os.environ.get("FIND_DOCUMENTS") or 200_000)
    rows = [[*row, "", "", ""] for row in _fill(sentences, drawn, number)]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE search_searchdoc, search_searchtoken")
    for name, queries in _queries(sentences, drawn).items():
        engine, whole = _ask(queries)
        shown = [f"{one:.1f} ms" for each in (engine, whole) for one in _middle_and_last(each)]
        rows.append([name, *shown])
    head = [f"{number:,} documents, {connection.vendor}", "in the engine: median", "99 of 100"]
    table([*head, "the whole answer: median", "99 of 100"], rows)


def sentences_of_drcd() -> list[str]:
    """Sentences of drcd-dev that are long enough to be a text's. Ends where it is not there."""
    folder = Path(os.environ.get("KAIFONG_DATA") or ROOT.parent / "shared" / "data") / "drcd-dev"
    if not folder.is_dir():
        raise SystemExit(f"{folder} is not there (KAIFONG_DATA).")
    with (folder / "corpus.jsonl").open(encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in file]
    return [one for text in texts for one in re.split("[。！？]", text) if len(one) > 8]


def _middle_and_last(taken: list[float]) -> tuple[float, float]:
    return statistics.median(taken), sorted(taken)[int(len(taken) * 0.99) - 1]


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
        [f"{number:,} documents written", f"{written:.0f} s of CPU"],
        [f"{counted:,} tokens counted", f"{time.process_time() - start:.1f} s of CPU"],
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


def _ask(queries: list[str]) -> tuple[list[float], list[float]]:
    """Milliseconds of each query's look-up and whole answer, the least of five of each.

    What else the machine did meanwhile is in few of five.
    """
    from core import clock
    from search.asking import ask, opened
    from search.live import Narrowing

    now = clock.now()

    def whole(query: str) -> None:
        ask(query, Narrowing(), sort="relevance", language="zh-hant", now=now)

    def engine(query: str) -> None:
        with opened() as index:
            _look_up(index, query, now)

    for query in queries[:10]:
        whole(query)
    return (
        [_least(lambda query=query: engine(query)) for query in queries],
        [_least(lambda query=query: whole(query)) for query in queries],
    )


def _look_up(index: Any, query: str, now: dt.datetime) -> None:
    """As ``search.asking`` asks first: everything, or the rarest of it where nothing has it all."""
    from search.analysis import read_query
    from search.asking import COUNTED, NEAR
    from search.live import Narrowing

    read = read_query(query)
    terms, limit = read.needed.alone, COUNTED + 1
    counted, _corpus = index.frequencies({key for term in terms for key in term.parts()})
    rarest = sorted(
        {key for term in terms for key in term.parts()}, key=lambda key: (counted.get(key, 1), key)
    )
    if index.holding_all(terms, rarest, Narrowing(), now, limit):
        return
    together, chosen = 0, []
    for key in rarest:
        together += counted.get(key, 1)
        if chosen and together > NEAR:
            break
        chosen.append(key)
    index.holding_some(chosen, Narrowing(), now, limit)


def _least(work: Callable[[], None]) -> float:
    taken = []
    for _ in range(5):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return min(taken)


def main() -> None:
    """The same where ``DATABASE_URL`` says, as the tests use it."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    sys.path[:0] = [str(ROOT / "site"), str(ROOT)]
    import django
    from django.test.utils import setup_databases, teardown_databases

    django.setup()
    made = setup_databases(verbosity=0, interactive=False)
    try:
        run()
    finally:
        teardown_databases(made, verbosity=0)


if __name__ == "__main__":
    main()
