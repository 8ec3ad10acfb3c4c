"""(b) A vote by form, signed in, against a bare view with the same queries."""

from __future__ import annotations

from urllib.parse import urlencode

from bench import data
from bench.server import HEAD, Request, compare, serving, table

ROUNDS = 5
VOTES = 200
CHOICES = ("agree", "disagree", "pass")
TOKEN = "k" * 32


def _votes(found: data.Voters, path: str, number: int) -> list[Request]:
    """Each person on each statement in turn; each round is another choice, so all write."""
    requests = []
    for index in range(VOTES):
        session = found.sessions[index % len(found.sessions)]
        statement = found.statements[index // len(found.sessions) % len(found.statements)]
        fields = {
            "csrfmiddlewaretoken": TOKEN,
            "engagement": found.engagement,
            "statement": statement,
            "choice": CHOICES[number % 3],
        }
        headers = {
            "Cookie": f"sessionid={session}; csrftoken={TOKEN}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        requests.append(
            {
                "method": "POST",
                "path": path,
                "headers": headers,
                "body": urlencode(fields),
                "status": 302,
            }
        )
    return requests


def queries(found: data.Voters, path: str) -> int:
    """How many queries a changed vote over HTTP takes (most votes of the rounds are changes)."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.cookies["sessionid"] = found.sessions[0]
    for number in range(2):
        request = _votes(found, path, number)[0]
        with CaptureQueriesContext(connection) as caught:
            answer = client.post(
                path, request["body"], content_type=request["headers"]["Content-Type"]
            )
        if answer.status_code != 302:
            raise SystemExit(f"A vote was answered {answer.status_code}.")
    found_sql = [each["sql"] for each in caught.captured_queries]
    return len([sql for sql in found_sql if not sql.startswith(("BEGIN", "COMMIT"))])


def run() -> None:
    """Make the voters, load the server, print the table."""
    from django.db import connections

    found = data.voters(people=40, statements=5)
    ours, bare = f"/en/e/{found.engagement}/statements/", "/bare/vote/"
    counts = queries(found, ours), queries(found, bare)
    connections.close_all()
    with serving("wsgi") as server:
        done = compare(
            server,
            lambda number: _votes(found, ours, number),
            lambda number: _votes(found, bare, number + 1),
            rounds=ROUNDS,
        )
    print(f"A vote by form, signed in: {counts[0]} queries, the bare view's {counts[1]}; SQLite")
    table(HEAD, [done.row("vote", "0.5 of the rate")])
