"""(e) The report of 100,000 responses of 30 questions: frozen, its files, and its live page."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import Any

from bench.server import ROOT, table

RESPONSES = int(os.environ.get("BENCH_RESPONSES", "100000"))
#: Thirty questions: twelve of one choice, six of several, six scales, three numbers, three texts.
KINDS = ["one"] * 12 + ["several"] * 6 + ["scale"] * 6 + ["number"] * 3 + ["long"] * 3
WORDS = (  # noqa: SIM905 - a sentence reads better than a list of its words
    "bags are too small for us the price is fair collection comes late on Sundays we have no "
    "lift in our block and carry all of it down please put bins at the corner of each street"
).split()


def fill() -> str:
    """An open engagement with that many answers, written by the database itself."""
    from django.db import connection

    from core import clock
    from tests.factories.engagements import make_bureau, make_engagement

    engagement = make_engagement(bureau=make_bureau("EPD"), title="A hundred thousand answers")
    questionnaire = _questions(engagement)
    now = clock.now().strftime("%Y-%m-%d %H:%M:%S")
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, [RESPONSES])
        cursor.execute(_CONTRIBUTIONS, [engagement.pk, now])
        cursor.execute(_RESPONSES, [questionnaire.pk, now])
        cursor.execute("CREATE TEMP TABLE bench_words (i INTEGER, w TEXT)")
        cursor.executemany(
            "INSERT INTO bench_words (i, w) VALUES (%s, %s)",
            list(enumerate(WORDS)),
        )
        for question in questionnaire.questions.order_by("order"):
            _answers(cursor, question)
        cursor.execute("ANALYZE")
    return str(engagement.public_id)


def _questions(engagement: Any) -> Any:
    from core import clock
    from questionnaires.models import Option, Question, Questionnaire, Section

    questionnaire = Questionnaire.objects.create(
        engagement=engagement, published_at=clock.now(), frozen_at=clock.now()
    )
    section = Section.objects.create(questionnaire=questionnaire, block_id="s", order=1)
    for place, kind in enumerate(KINDS, start=1):
        question = Question.objects.create(
            questionnaire=questionnaire,
            section=section,
            block_id=f"q{place}",
            anchor=f"q{place}",
            order=place,
            number=place,
            kind=kind,
            title={"en": f"Question {place}?", "zh-hant": f"問題{place}？"},
        )
        if kind in {"one", "several"}:
            Option.objects.bulk_create(
                Option(
                    question=question,
                    block_id=f"q{place}o{at}",
                    order=at,
                    label={"en": f"Option {at}", "zh-hant": f"選項{at}"},
                )
                for at in range(5)
            )
    return questionnaire


_NUMBERS = """
CREATE TEMP TABLE bench_n AS
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s) SELECT i FROM n
"""
_CONTRIBUTIONS = """
INSERT INTO participation_contribution (id, public_id, engagement_id, kind, channel, language,
  received_at, publish_choice, consent_version, state, author_name, name_withheld, text, version,
  idempotency_key)
SELECT i, printf('b%%011d', i), %s, 'response', CASE i %% 9 WHEN 0 THEN 'paper' ELSE 'web' END,
  CASE i %% 3 WHEN 0 THEN 'en' ELSE 'zh-hant' END, %s, 'confidential', '',
  CASE i %% 5 WHEN 0 THEN 'published' ELSE 'confidential' END, '', 0, '', 1, ''
FROM bench_n
"""
_RESPONSES = """
INSERT INTO questionnaires_response (contribution_id, questionnaire_id, capacity, organisation,
  route, signature_state, live, level, begun_at)
SELECT i, %s, CASE i %% 50 WHEN 0 THEN 'organisation' ELSE 'individual' END,
  CASE i %% 50 WHEN 0 THEN 'Society ' || i ELSE '' END, 'whole', 'none', 1, 1, %s
FROM bench_n
"""
_ANSWER = """
INSERT INTO questionnaires_answer (id, public_id, response_id, question_id, number, date, text,
  folded, state, version)
SELECT %s + i, printf('a%%03d%%08d', %s, i), i, %s, {number}, NULL, {text}, {text}, 'none', 1
FROM bench_n
"""
_CHOICE = """
INSERT OR IGNORE INTO questionnaires_answerchoice (answer_id, option_id)
SELECT %s + i, %s + (i * 7919 + %s) %% 5 FROM bench_n WHERE i %% %s = 0
"""
#: Nine words drawn by number, or one of ten form letters for every third.
_TEXT = """(CASE i % 3 WHEN 0 THEN 'We the undersigned ask for larger bags at no higher price, '
  || 'and for collection on Sundays, letter ' || (i % 10) ELSE (
  SELECT group_concat(w, ' ') FROM (SELECT w FROM bench_words
  WHERE (bench_words.i * 31 + bench_n.i * 17 + bench_n.i / 41) % 4 = 1)) || ' ' || i END)"""


def _answers(cursor: Any, question: Any) -> None:
    base = question.pk * 10_000_000
    number, text = "NULL", "''"
    if question.kind in {"scale", "number"}:
        number = "1 + (i * 31) % 5" if question.kind == "scale" else "(i * 7919) % 100000 / 100.0"
    if question.kind == "long":
        text = _TEXT
    statement = _ANSWER.format(number=number.replace("%", "%%"), text=text.replace("%", "%%"))
    cursor.execute(statement, [base, question.order, question.pk])
    if question.kind in {"one", "several"}:
        first = question.options.order_by("order").values_list("pk", flat=True)[0]
        cursor.execute(_CHOICE, [base, first, 0, 1])
        if question.kind == "several":
            cursor.execute(_CHOICE, [base, first, 1, 2])


def run() -> None:
    """Freeze it in a process of its own: seconds, CPU, the most memory."""
    began = time.perf_counter()
    public_id = fill()
    print(f"Report: {RESPONSES:,} responses written in {time.perf_counter() - began:.0f} s.")
    rows = []
    for name, words in (("frozen", ["--no-files"]), ("with its four files", [])):
        rows.append([name, *_timed(public_id, words)])
    table(["report", "seconds", "of CPU", "peak MB", "aim"], rows)
    _live(public_id)


def _timed(public_id: str, words: list[str]) -> list[str]:
    began = time.perf_counter()
    command = [sys.executable, "manage.py", "take_report", public_id, *words]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = process.stdout.read().strip()
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit("The report failed.")
    seconds = time.perf_counter() - began
    sizes = {name: round(size / 1e6, 1) for name, size in json.loads(said)["files"].items()}
    if sizes:
        print(f"Files in MB: {sizes}")
    return [
        f"{seconds:.1f}",
        f"{usage.ru_utime + usage.ru_stime:.1f}",
        f"{usage.ru_maxrss / 1024:.0f}",
        "under 120 s, under 400 MB",
    ]


def _live(public_id: str) -> None:
    """The officer's page while open: its queries and the time of a rendering."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from accounts.models import Bureau, Role
    from tests.factories.engagements import grant, make_account

    officer = make_account()
    grant(officer, Role.OFFICER, Bureau.objects.get(code="EPD"))
    client = Client()
    client.force_login(officer, backend="accounts.backends.AccountBackend")
    path = f"/en/reports/{public_id}/"
    client.get(path)
    began = time.process_time()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    cpu = (time.process_time() - began) * 1000
    table(
        ["live page", "queries", "CPU ms", "aim"],
        [["while open", str(len(queries)), f"{cpu:.0f}", "at most 20 queries"]],
    )
