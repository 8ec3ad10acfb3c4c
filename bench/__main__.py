"""``make bench``, or ``make bench ARGS="pages vote queries"`` for some of them."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

from bench.server import environment

ALL = {
    "pages": "pages",
    "vote": "vote",
    "queries": "queries",
    "import": "imports",
    "report": "report",
    "groups": "groups",
    "said": "said",
    "api": "api",
    "tally": "tally",
    "contests": "contests",
    "rewards": "rewards",
    "ledger": "ledger",
    "findings": "findings",
    "search": "search",
    "find": "find",
    "alike": "alike",
    "meant": "meant",
    "elastic": "elastic",
    "saved": "saved",
}


def main() -> None:
    """Each benchmark starts from an empty platform in a temporary folder."""
    chosen = sys.argv[1:] or list(ALL)
    unknown = sorted(set(chosen) - set(ALL))
    if unknown:
        raise SystemExit(f"No benchmark is called {unknown[0]}; there are: {', '.join(ALL)}.")
    with tempfile.TemporaryDirectory(prefix="kaifong-bench-") as name:
        folder = Path(name)
        environment(folder)
        from bench import data

        data.migrate(folder)
        busy = os.getloadavg()[0]
        print(f"{os.cpu_count()} cores, load {busy:.1f} before the start.\n", flush=True)
        for each in chosen:
            for left in folder.glob("bench.sqlite3*"):
                left.unlink()
            shutil.copy(folder / "empty.sqlite3", folder / "bench.sqlite3")
            importlib.import_module(f"bench.{ALL[each]}").run()
            from django.db import connections

            connections.close_all()


if __name__ == "__main__":
    main()
