"""The platforms the benchmarks run on, made by the product's own actions."""

from __future__ import annotations

import io
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PASSWORDLESS_BACKEND = "accounts.backends.AccountBackend"
TEXT = (
    "Each household would pay for the bags it uses, and the income would go to collection "
    "points near the estate, so that what can be used again is easy to hand in. "
)


def migrate(folder: Path) -> None:
    """An empty platform in this process's database, and a copy of it beside."""
    import django
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("setup", "--defaults", verbosity=0, stdout=io.StringIO())
    connections.close_all()
    shutil.copy(folder / "bench.sqlite3", folder / "empty.sqlite3")


def paper(paragraphs: int, **fields: Any) -> Any:
    """An open paper with that many paragraphs, twenty to a chapter; its engagement."""
    from tests.factories.consultations import chapter, make_paper, paragraph

    numbers = range(paragraphs)
    body = [
        chapter(
            f"c{at}", f"Chapter {at}", *(paragraph(f"p{n}", TEXT) for n in numbers[at : at + 20])
        )
        for at in range(0, paragraphs, 20)
    ]
    _page, engagement = make_paper(body=body, **fields)
    return engagement


def published(number: int) -> None:
    """That many open engagements more, for lists."""
    from tests.factories.engagements import make_engagement

    for index in range(number):
        make_engagement(title=f"Matter {index}")


@dataclass
class Voters:
    """Signed-in citizens and the statements they answer."""

    engagement: str
    statements: list[str]
    #: Session keys.
    sessions: list[str]


def voters(people: int, statements: int) -> Voters:
    """An open engagement with statements, and people with a session each."""
    from django.test import Client

    from tests.factories.engagements import make_account, make_engagement
    from tests.factories.statements import make_statement

    engagement = make_engagement(title="Votes")
    made = [make_statement(engagement).public_id for _each in range(statements)]
    sessions = []
    for _each in range(people):
        client = Client()
        client.force_login(make_account(), backend=PASSWORDLESS_BACKEND)
        sessions.append(client.cookies["sessionid"].value)
    return Voters(engagement.public_id, made, sessions)
