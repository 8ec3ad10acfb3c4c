"""(c) Queries a page, for one row and for many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bench import data
from bench.server import table

AIM = 20


def queries_of(client: Any, path: str) -> int:
    """Queries of a page that is not kept, once whatever a process reads once has been read."""
    from django.core.cache import cache
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _each in range(2):
        cache.clear()
        with CaptureQueriesContext(connection) as caught:
            status = client.get(path).status_code
        if status != 200:
            raise SystemExit(f"{path} was answered {status}.")
    return len(caught)


def run() -> None:
    """Make one row, count, make the rest, count again, print the table."""
    from django.test import Client

    from participation.models import Engagement
    from tests.factories.engagements import make_engagement
    from tests.factories.participation import (
        make_many_comments,
        make_moderator,
        make_public_comment,
        make_receipt,
    )
    from tests.factories.statements import make_statement, make_votes

    anonymous, moderator = Client(), Client()
    moderator.force_login(make_moderator(), backend=data.PASSWORDLESS_BACKEND)
    index = "/en/consultations/"
    first = data.paper(1).paths["en"]
    about = Engagement.objects.get()
    comments = f"/en/e/{about.public_id}/comments/?on=whole"
    results = f"/en/e/{about.public_id}/statements/results/"

    def statements(number: int) -> None:
        for _each in range(number):
            make_votes(make_statement(about), {1: 1, -1: 1})

    rows: list[list[str]] = []

    def measure(
        name: str, client: Client, path: str, more: Callable[[], Any], many: str = ""
    ) -> None:
        few = queries_of(client, path)
        more()
        then = queries_of(client, many or path)
        met = "met" if max(few, then) <= AIM and few == then else "missed"
        rows.append([name, str(few), str(then), met])

    make_public_comment(about)
    statements(1)
    measure("register: 1 and 50 consultations", anonymous, index, lambda: data.published(49))
    measure(
        "paper: 1 and 200 paragraphs", anonymous, first, lambda: None, data.paper(200).paths["en"]
    )
    measure("comments: 1 and 5,000", anonymous, comments, lambda: make_many_comments(about, 4999))
    measure("statement results: 1 and 200", anonymous, results, lambda: statements(199))
    waiting = make_engagement(title="Waiting")
    make_receipt(waiting)
    measure(
        "moderator's queue: 1 and 50",
        moderator,
        "/en/moderation/",
        lambda: [make_receipt(waiting) for _each in range(49)],
    )
    print(f"Queries a page, not kept (aim: at most {AIM}, and equal)")
    table(["", "for one", "for many", "aim"], rows)
