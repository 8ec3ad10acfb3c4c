"""(q) Search on drcd-dev: the judged paragraph first, in both scripts, on every engine.

``make bench-search`` starts PostgreSQL and Elasticsearch beside it. What a full-text engine's own
BM25 over bigrams gives stands beside ours, and how long an answer takes against that.
"""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.server import ROOT, table

AIMS = {"Traditional": 91.0, "Simplified": 90.0}


def judged(folder: Path, change: Callable[[str], str]) -> Any:
    """The corpus and its questions, asked as ``change`` makes them."""
    from search.judged import judged_from

    def lines(name: str) -> list[dict[str, Any]]:
        with (folder / name).open(encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    return judged_from(
        {
            "documents": [
                {
                    "id": row["id"],
                    "title": row["title"],
                    "body": row["text"],
                    "language": "zh-hant",
                }
                for row in lines("corpus.jsonl")
            ],
            "queries": [
                {"q": change(row["query"]), "first": row["relevant"]}
                for row in lines("queries.jsonl")
            ],
        }
    )


def run() -> None:
    """Ask all questions in two scripts of each engine; print the table."""
    from core.simplified import to_simplified
    from search.engines import ENGINES, EngineUnavailable
    from search.evaluation import evaluate
    from search.ranking import BARE

    folder = Path(os.environ.get("KAIFONG_DATA") or ROOT.parent / "shared" / "data") / "drcd-dev"
    if not folder.is_dir():
        raise SystemExit(f"{folder} is not there (KAIFONG_DATA).")
    scripts = {
        "Traditional": judged(folder, str),
        "Simplified": judged(folder, to_simplified),
    }
    rows = []
    for engine, make in ENGINES.items():
        for script, cases in scripts.items():
            try:
                bare = evaluate(cases, make, weights=BARE)
                began = time.process_time()
                ours = evaluate(cases, make)
                spent = time.process_time() - began
            except EngineUnavailable as lacking:
                print(f"{engine} was not measured. {lacking}\n", flush=True)
                break
            share = 100 * ours.first / ours.firsts
            rows.append(
                [
                    f"{engine}, {script}",
                    f"{ours.firsts:,}",
                    f"{100 * bare.first / bare.firsts:.2f} %",
                    f"{share:.2f} %",
                    f"{ours.mrr:.4f}",
                    f"{1000 * spent / ours.queries:.1f}",
                    f"at least {AIMS[script]:.0f} %",
                    "met" if share >= AIMS[script] else "missed",
                ]
            )
    head = ["drcd-dev, 1,000 paragraphs", "questions", "first by bare bigrams", "first by ours"]
    table([*head, "mean reciprocal rank", "our CPU ms each", "aim", ""], rows)
    _waiting(scripts["Traditional"])


def _waiting(cases: Any) -> None:
    """How long one answer takes within the process, of 500 questions, on each engine."""
    from search.engines import ENGINES, EngineUnavailable
    from search.finding import find

    rows = []
    for name, make in ENGINES.items():
        try:
            with make() as engine:
                engine.add((at, one.title, one.body) for at, one in enumerate(cases.documents))
                taken = []
                for case in cases.cases[:500]:
                    began = time.perf_counter()
                    find(engine, case.q)
                    taken.append(1000 * (time.perf_counter() - began))
        except EngineUnavailable:
            continue
        taken.sort()
        rarely = taken[int(len(taken) * 0.99)]
        rows.append([name, f"{statistics.median(taken):.1f}", f"{rarely:.1f}"])
    table(["one question, 1,000 paragraphs", "ms at the median", "ms, 99 of 100"], rows)
