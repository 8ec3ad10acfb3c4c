"""(a) An open paper and the register, anonymous, against a bare view in the same process."""

from __future__ import annotations

from bench import data
from bench.server import HEAD, Compared, Request, Server, compare, serving, table

ROUNDS = 5
#: A parameter that no page knows: such a request is answered by the view each time.
UNCACHED = "?bench=1"


def _requests(path: str, number: int) -> list[Request]:
    return [{"method": "GET", "path": path, "headers": {}, "status": 200}] * number


def _against_bare(server: Server, path: str, number: int, rounds: int = ROUNDS) -> Compared:
    size = len(server.get(path))
    bare = f"/bare/page/{size}/"
    return compare(
        server,
        lambda _round: _requests(path, number),
        lambda _round: _requests(bare, number),
        rounds=rounds,
    )


def run() -> None:
    """Make the data, load both servers, print the tables."""
    paths = {"paper": data.paper(60).paths["en"], "register": "/en/consultations/"}
    data.published(20)
    for kind, words in (("wsgi", "gunicorn, WSGI"), ("asgi", "uvicorn, ASGI, embedded")):
        rows = []
        with serving(kind) as server:
            for name, path in paths.items():
                size = len(server.get(path)) // 1000
                kept = _against_bare(server, path, 800 if kind == "wsgi" else 300)
                rows.append(kept.row(f"{name} ({size} kB), kept", "0.8 of the rate"))
                made = _against_bare(server, path + UNCACHED, 60, rounds=3)
                rows.append(made.row(f"{name}, not kept", "under 30 ms CPU"))
        print(f"Pages, {words}, one process, against a bare view of as many bytes")
        table(HEAD, rows)
