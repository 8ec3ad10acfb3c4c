"""(g) What people said: counting 100,000 responses of 30 questions, and their public page."""

from __future__ import annotations

import time

from bench.report import RESPONSES, fill
from bench.server import table

PATHS = ("said/", "said/answers/", "said/figures.csv")


def run() -> None:
    """Count as the job does, then render each page that is not kept: queries and CPU."""
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from participation.models import Engagement
    from questionnaires.actions.counting import keep_figures
    from questionnaires.models import Answer, Questionnaire, Tally

    public_id = fill()
    Engagement.objects.filter(public_id=public_id).update(results_from="live")
    Answer.objects.filter(response__contribution__state="published").exclude(text="").update(
        state="published"
    )
    questionnaire = Questionnaire.objects.select_related("engagement").get()
    rows = []
    for name in ("first count", "count again"):
        began, used = time.perf_counter(), time.process_time()
        keep_figures(questionnaire=questionnaire)
        rows.append(
            [
                name,
                f"{time.perf_counter() - began:.1f}",
                f"{time.process_time() - used:.1f}",
                f"{Tally.objects.count():,}",
            ]
        )
    table([f"figures of {RESPONSES:,} responses", "seconds", "of CPU", "rows kept"], rows)
    client = Client()
    pages = []
    for rest in PATHS:
        path = f"/en/e/{public_id}/{rest}"
        for _each in range(2):
            cache.clear()
            began = time.process_time()
            with CaptureQueriesContext(connection) as queries:
                response = client.get(path)
            cpu = (time.process_time() - began) * 1000
        if response.status_code != 200:
            raise SystemExit(f"{path} was answered {response.status_code}.")
        pages.append(
            [
                rest,
                str(len(queries)),
                f"{cpu:.0f}",
                f"{len(response.content) // 1000}",
                "at most 20 queries",
            ]
        )
    table(["public page, not kept", "queries", "CPU ms", "kB", "aim"], pages)
