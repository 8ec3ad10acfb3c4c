"""rse-survey-2018 reported in full: the frozen report's figures against its expected.json."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import unicodedata
from collections import Counter
from decimal import Decimal
from pathlib import Path
from statistics import mean, median
from typing import Any

import pytest
from django.conf import settings

from feedback.actions.snapshots import ask_report, make_report
from feedback.models import Making, Snapshot
from questionnaires.actions.bulk import SourceResponse, import_responses
from tests.factories.engagements import grant, make_account, make_engagement
from tests.factories.questionnaires import make_questionnaire
from tests.questionnaires.rse_mapping import Mapped, clean, read

DATA = Path(os.environ.get("KAIFONG_DATA") or settings.BASE_DIR.parent / "shared" / "data")
FOLDER = DATA / "rse-survey-2018"
pytestmark = [pytest.mark.data, pytest.mark.django_db, pytest.mark.usefixtures("tree")]


def told_of(one: Mapped, column: int, found: dict[str, Any], values: list[str]) -> Counter[str]:
    """What the report says of a column, in the words of the file."""
    kind = one.definition.kind
    if kind == "several":
        counts = {each["id"]: each["count"] for each in found["options"]}
        yes = counts[f"c{column}"]
        return +Counter({"Yes": yes, "No": found["n"] - yes})
    if kind == "one":
        counts = {each["id"]: each["count"] for each in found["options"]}
        return +Counter({text: counts[key] for text, key in one.keys.items()})
    if kind == "scale":
        steps = {str(each["step"]): each["count"] for each in found["steps"]}
        return +Counter({text: steps[key] for text, key in one.keys.items()})
    return Counter(values)


def plain(text: str, kind: str) -> str:
    return f"{Decimal(text).normalize():f}" if kind == "number" else text


def normalised(text: str) -> str:
    """A text without case, accents of Latin letters, spaces and signs, as this test sees it."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(one for one in apart if unicodedata.category(one) != "Mn")
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", bare).casefold()) or text


def long_rows(snapshot: Snapshot, key: str) -> list[list[Any]]:
    parts = snapshot.parts.filter(table=key).order_by("number")
    return [json.loads(line) for part in parts for line in part.lines()]


def text_of(cell: Any) -> str:
    """A text as somebody wrote it, whatever language it is told in."""
    if isinstance(cell, dict):
        found: str = cell["text"] if "text" in cell else next(iter(cell.values()))
        return found
    return str(cell)


def test_the_frozen_report_says_of_every_column_what_the_source_says():
    if not FOLDER.is_dir():
        reason = f"{FOLDER.name} is not there (KAIFONG_DATA)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    expected = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
    details = {one["column"]: one for one in expected["columns_detail"]}
    survey = read(FOLDER)
    engagement = make_engagement(opens=-dt.timedelta(days=6000))
    questionnaire = make_questionnaire(engagement, survey.definition())
    import_responses(
        questionnaire=questionnaire,
        responses=(
            SourceResponse(source_id=number, received_at=begun, answers=answers)
            for number, begun, answers in survey.answers()
        ),
    )
    officer = make_account()
    grant(officer, "officer", engagement.owner)
    ask_report(engagement=engagement, by=officer, language="en")
    snapshot = make_report(making=Making.objects.get(), with_files=False)
    section = next(one for one in snapshot.data["sections"] if one["key"] == "questions")
    figures = {one["id"]: one for one in section["figures"]["questions"]}
    tables = {one["key"]: one for one in section["tables"]}
    assert section["figures"]["responses"] == expected["respondents"] == 997
    assert len(figures) == len(survey.questions)

    compared, written = 0, 0
    for one in survey.questions:
        kind, key = one.definition.kind, one.definition.key
        found, table = figures[key], tables[f"question-{key}"]
        values: list[str] = []
        if kind == "number":
            rows = [] if "stretches" in found else table["rows"]
            values = [value for value, count, _share in rows for _each in range(count)]
        if kind == "long":
            values = [text_of(row[-1]) for row in long_rows(snapshot, f"question-{key}-texts")]
        for column in one.columns:
            filed = Counter(plain(row[column], kind) for row in survey.rows if row[column])
            detail = details[column]
            assert sum(filed.values()) == detail["answered"], detail
            if kind == "number":
                numbers = [Decimal(text) for text in filed.elements()]
                told = found["statistics"]
                assert told["n"] == len(numbers), detail
                assert told["least"] == pytest.approx(float(min(numbers)))
                assert told["most"] == pytest.approx(float(max(numbers)))
                assert told["mean"] == pytest.approx(float(mean(numbers)), rel=1e-6, abs=1e-4)
                assert told["median"] == pytest.approx(float(median(numbers)), abs=1e-4)
            if kind != "number" or "stretches" not in found:
                assert told_of(one, column, found, values) == filed, detail
            if kind != "several":
                assert found["n"] == detail["answered"], detail
            if "counts" in detail:
                known: Counter[str] = Counter()
                for text, count in detail["counts"].items():
                    known[plain(clean(text), kind)] += count
                assert filed == known, detail
            if kind == "long":
                written += 1
                texts = found["texts"]
                raw = {row[column] for row in survey.rows if row[column]}
                assert texts["received"] == detail["answered"], detail
                assert len(set(values)) == len(raw), detail
                assert texts["worded"] == len({normalised(text) for text in raw}), detail
                assert texts["distinct"] <= texts["worded"] <= detail["distinct"], detail
                groups = long_rows(snapshot, f"question-{key}-distinct")
                assert len(groups) == texts["distinct"], detail
                assert sum(row[1] for row in groups) == texts["received"], detail
                assert sum(row[2] for row in groups) == texts["worded"], detail
                assert max(row[1] for row in groups) == texts["largest"], detail
            compared += 1
    # Every column but the date begun, which is when a response was received.
    assert compared == expected["columns"] - 1
    assert written >= 5
