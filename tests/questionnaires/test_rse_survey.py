"""A real survey in the engine: 997 responses, equal to its expected figures column by column."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from questionnaires.actions.bulk import SourceResponse, import_responses
from questionnaires.actions.counting import count_responses, keep_figures
from questionnaires.definition import QUESTION_LIMIT
from questionnaires.models import Answer, Question, Tally
from tests.factories.engagements import make_engagement
from tests.factories.questionnaires import make_questionnaire
from tests.questionnaires.rse_mapping import Mapped, clean, read

DATA = Path(os.environ.get("KAIFONG_DATA") or settings.BASE_DIR.parent / "shared" / "data")
FOLDER = DATA / "rse-survey-2018"
pytestmark = [pytest.mark.data, pytest.mark.django_db]


@pytest.fixture
def source():
    if not FOLDER.is_dir():
        reason = f"{FOLDER} is not there (KAIFONG_DATA)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    expected = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
    return read(FOLDER), expected


def cells_of(one: Mapped, column: int, counts: dict[str, int]) -> Counter[str]:
    """What the engine counted for a column, in the words of the file."""
    answered = counts.get("answered", 0)
    kind = one.definition.kind
    if kind == "several":
        yes = counts.get(f"c{column}", 0)
        return +Counter({"Yes": yes, "No": answered - yes})
    if kind in {"one", "scale"}:
        return +Counter({text: counts.get(key, 0) for text, key in one.keys.items()})
    if kind == "number":
        return Counter({text: n for text, n in counts.items() if text != "answered"})
    question = Question.objects.get(block_id=one.definition.key)
    return Counter(Answer.objects.filter(question=question).values_list("text", flat=True))


def plain(text: str, kind: str) -> str:
    return f"{Decimal(text).normalize():f}" if kind == "number" else text


def test_every_column_reads_as_at_its_source(source):
    survey, expected = source
    assert len(survey.questions) <= QUESTION_LIMIT
    assert {one.definition.kind for one in survey.questions} == {
        "one",
        "several",
        "scale",
        "number",
        "long",
    }
    engagement = make_engagement(opens=-dt.timedelta(days=6000))
    questionnaire = make_questionnaire(engagement, survey.definition())
    done = import_responses(
        questionnaire=questionnaire,
        responses=(
            SourceResponse(source_id=number, received_at=begun, answers=answers)
            for number, begun, answers in survey.answers()
        ),
    )
    assert done.received == expected["respondents"] == 997
    assert keep_figures(questionnaire=questionnaire)
    counts: dict[str, dict[str, int]] = {}
    for key, bucket, count in Tally.objects.values_list("question__block_id", "bucket", "count"):
        counts.setdefault(key, {})[bucket] = count
    details = {one["column"]: one for one in expected["columns_detail"]}
    compared = 0
    for one in survey.questions:
        kind = one.definition.kind
        for column in one.columns:
            told = cells_of(one, column, counts.get(one.definition.key, {}))
            filed = Counter(plain(row[column], kind) for row in survey.rows if row[column])
            assert told == filed, details[column]
            assert sum(told.values()) == details[column]["answered"], details[column]
            if "counts" in details[column]:
                known: Counter[str] = Counter()
                for text, count in details[column]["counts"].items():
                    known[plain(clean(text), kind)] += count
                assert told == known, details[column]
            compared += 1
    # Every column but the date begun, which is when a response was received.
    assert compared == expected["columns"] - 1
    assert count_responses(questionnaire)[0] == 997
