"""Questions with a judged paragraph: every twenty-eighth of drcd-dev, in both scripts."""

import json
import os
from pathlib import Path

import pytest
from django.conf import settings

from core.simplified import to_simplified
from search.engines import ENGINES
from search.evaluation import evaluate
from search.judged import Case, Document, Judged

DATA = Path(os.environ.get("KAIFONG_DATA") or settings.BASE_DIR.parent / "shared" / "data")
#: All of them are asked by ``make bench-search``; these take a second or two.
EVERY = 28

pytestmark = [pytest.mark.data, pytest.mark.django_db]


@pytest.fixture(scope="module")
def judged() -> Judged:
    folder = DATA / "drcd-dev"
    if not folder.is_dir():
        reason = f"{folder} is not there (KAIFONG_DATA)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    texts = (folder / "corpus.jsonl").read_text(encoding="utf-8").splitlines()
    asked = (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    return Judged(
        [
            Document(row["id"], row["title"], row["text"], "zh-hant")
            for row in map(json.loads, texts)
        ],
        [Case(row["query"], None, row["relevant"]) for row in map(json.loads, asked[::EVERY])],
    )


def test_the_judged_paragraph_comes_first_in_either_script(judged, engine_name):
    simplified = [Case(to_simplified(case.q), None, case.first) for case in judged.cases]
    assert not {case.q for case in judged.cases} & {case.q for case in simplified}
    both = Judged(judged.documents, [*judged.cases, *simplified])
    figures = evaluate(both, ENGINES[engine_name])
    assert figures.firsts == 2 * len(judged.cases)
    failed = {failure.case.q for failure in figures.failures}
    for cases, aim in ((judged.cases, 0.91), (simplified, 0.90)):
        right = sum(case.q not in failed for case in cases)
        assert right >= aim * len(cases), failed
