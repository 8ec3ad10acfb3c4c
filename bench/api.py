"""(h) Lists of 100 of the API, against the bare query and its JSON in the same process."""

from __future__ import annotations

from bench import data
from bench.server import HEAD, Request, Server, compare, serving, table

ROUNDS = 5
NUMBER = 60


def _requests(path: str) -> list[Request]:
    return [{"method": "GET", "path": path, "headers": {}, "status": 200}] * NUMBER


def _check(server: Server, ours: str, bare: str) -> None:
    """Both must tell a hundred rows; else the ratio says nothing."""
    import json

    for path in (ours, bare):
        if len(json.loads(server.get(path))["items"]) != 100:
            raise SystemExit(f"{path} has no 100 rows.")


def run() -> None:
    """Make 150 consultations and 1,000 comments, load both doors in turn, print the table."""
    from tests.factories.engagements import make_engagement
    from tests.factories.participation import make_many_comments

    data.published(150)
    about = make_engagement(title="Many comments")
    make_many_comments(about, 1000)
    lists = {
        "consultations": ("/api/v1/consultations?limit=100", "/bare/consultations/"),
        "comments of one": (
            f"/api/v1/consultations/{about.public_id}/comments?limit=100",
            f"/bare/comments/{about.public_id}/",
        ),
    }
    rows = []
    with serving("wsgi") as server:
        for name, (ours, bare) in lists.items():
            _check(server, ours, bare)
            found = compare(
                server,
                lambda _round, path=ours: _requests(path),
                lambda _round, path=bare: _requests(path),
                rounds=ROUNDS,
            )
            rows.append(found.row(name, "0.5 of the rate"))
    print("Lists of 100 of the API, against the bare query and its JSON")
    table(HEAD, rows)
